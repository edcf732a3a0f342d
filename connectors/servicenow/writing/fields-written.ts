import { Failure, type Difference, type Json, type JsonObject } from 'golden-thread/kit';
import { kindOf } from '../dictionary.js';
import { fieldName } from '../query.js';
import { cutText, encodeValue } from '../value.js';
import type { WrittenTable } from './written-tables.js';

/** Longest text per column, as the dictionary declares it. What happens to a longer one is not documented, so it is cut here. */
export const lengths: ReadonlyMap<string, number> = new Map([
  ['short_description', 160],
  ['correlation_display', 100],
  ...[
    'description',
    'justification',
    'implementation_plan',
    'risk_impact_analysis',
    'backout_plan',
    'test_plan',
    'change_plan',
    'close_notes',
    'on_hold_reason',
    'benefit',
    'expected_outcomes',
  ].map((name): [string, number] => [name, 4000]),
]);

/** The fields as the body of a request. Fails with `policy` for what is not ours to write, with `config` for what is no column. */
export function encodeFields(table: WrittenTable, fields: JsonObject): JsonObject {
  const body: Record<string, Json> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (fieldName(name).includes('.'))
      throw new Failure('config', `${name} belongs to another record and cannot be written through this one`, {
        committed: 'no',
        hint: 'write the reference itself, by its sys_id',
      });
    const why = table.refused[name] ?? (name.startsWith('sys_') ? 'ServiceNow sets it itself' : undefined);
    if (why !== undefined)
      throw new Failure('policy', `${name} is not written to a ${table.name}: ${why}`, {
        committed: 'no',
        hint: `take ${name} out of the push mapping`,
      });
    body[name] = cutText(encodeValue(kindOf(table.name, name), value), lengths.get(name) ?? Number.POSITIVE_INFINITY);
  }
  return body;
}

/** Whether the column of a row, as read, holds what is to be written. A column that the row lacks does not. */
export function holds(table: string, field: string, value: Json, row: JsonObject): boolean {
  const found = row[field];
  return typeof found === 'string' && comparable(found) === comparable(encodeValue(kindOf(table, field), value));
}

/**
 * The fields that do not hold what was to be written, and why as far as that shows: shortened here, dropped by an access rule, rewritten by a business
 * rule. `row` is as read back; a column that it lacks was not taken over, or may not be read. `before`: the row as it was, for an update.
 */
export function differencesOf(
  table: string,
  wanted: JsonObject,
  rows: { readonly row: JsonObject; readonly data: JsonObject; readonly before?: JsonObject },
): readonly Difference[] {
  const { row, data, before } = rows;
  return Object.entries(wanted).flatMap(([field, wrote]) => {
    if (holds(table, field, wrote, row)) return [];
    return [
      {
        field,
        wrote,
        found: data[field] ?? null,
        because: reasonOf(field, encodeValue(kindOf(table, field), wrote), row[field], before?.[field]),
      },
    ];
  });
}

function reasonOf(field: string, sent: string, found: Json | undefined, before: Json | undefined): string {
  if (typeof found !== 'string') return 'the instance does not show this field: it has none of this name, or the account may not read it';
  const most = lengths.get(field);
  if (most !== undefined && comparable(found) === comparable(cutText(sent, most)) && sent.length > most) return `cut to ${most} characters`;
  if (found !== '' && sent.startsWith(found)) return `the instance cut it to ${found.length} characters`;
  if (found === before || (before === undefined && found === ''))
    return 'the instance did not take it over: an access rule, or a policy that makes the field read-only';
  return 'the instance made something else of it: a business rule, or a default';
}

/** ServiceNow stores line breaks as CRLF and drops blanks at the end. */
function comparable(text: string): string {
  return text.replaceAll('\r\n', '\n').trimEnd();
}
