import { Failure, type Json, type JsonObject } from 'golden-thread/kit';
import { columnText } from '../column-text.js';
import { kindOf } from '../dictionary.js';
import type { TableApi } from '../table.js';
import { cleanText, encodeValue } from '../value.js';
import { encodeFields, holds } from './fields-written.js';
import type { WrittenTable } from './written-tables.js';

/**
 * Sets the fields that do not hold their value yet; nothing is sent where all do. Answers the row as it was before.
 * The record is read before it is written: ServiceNow offers no precondition (no ETag is documented), so this is as near as a comparison gets.
 * Fails with `conflict` when one of `seen` has changed meanwhile, with `record` when the record is gone.
 */
export async function setFields(
  api: TableApi,
  table: WrittenTable,
  sysId: string,
  ask: { readonly fields: JsonObject; readonly seen: JsonObject | undefined; readonly signal: AbortSignal | undefined },
): Promise<JsonObject> {
  const body = encodeFields(table, ask.fields);
  const names = Object.keys(body);
  const before = await api.one(table.name, sysId, ['sys_id', 'sys_updated_by', ...names], ask.signal);
  if (before === undefined)
    throw new Failure('record', `the ${table.one} is gone, or the writing account may not see it`, {
      committed: 'no',
      hint: `let the writing account read the records of ${table.name} that it writes`,
    });
  const due = names.filter((name) => !holds(table.name, name, body[name] ?? '', before));
  const changed = due.filter((name) => ask.seen?.[name] !== undefined && !isStill(table.name, name, ask.seen[name] ?? null, before));
  if (changed.length > 0)
    throw new Failure(
      'conflict',
      `${cleanText(columnText(before, 'sys_updated_by')) || 'somebody'} has changed ${changed.join(', ')} meanwhile; nothing was written`,
      {
        committed: 'no',
        hint: 'read the record again and decide again: what a person wrote there stays',
      },
    );
  if (due.length > 0) {
    const differing = Object.fromEntries(due.map((name): [string, Json] => [name, body[name] ?? '']));
    await api.update(table.name, sysId, differing, { idempotent: true, ...(ask.signal && { signal: ask.signal }) });
  }
  return before;
}

/** Whether a column still holds what was seen in it, as data. */
function isStill(table: string, name: string, seen: Json, row: JsonObject): boolean {
  return row[name] === undefined || holds(table, name, encodeValue(kindOf(table, name), seen), row);
}
