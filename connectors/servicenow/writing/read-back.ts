import { asFailure, Failure, type JsonObject, type Receipt, withDetails } from 'golden-thread/kit';
import { type RowReader, recordOf } from '../rows.js';
import type { TableApi } from '../table.js';
import { tables } from '../tables.js';
import { differencesOf } from './fields-written.js';
import { ticketOf } from './identity.js';
import type { WrittenTable } from './written-tables.js';

/** Reads a record that was written, by the account that wrote it, and holds it against what was to be written. `before`: the row as it was, for an update. */
export async function readBack(
  from: { readonly api: TableApi; readonly reader: RowReader; readonly instance: string },
  table: WrittenTable,
  sysId: string,
  ask: { readonly wrote: JsonObject; readonly before?: JsonObject; readonly signal: AbortSignal | undefined },
): Promise<Receipt> {
  const { wrote, before, signal } = ask;
  const columns = [...new Set([...from.reader.columns, ...Object.keys(wrote)])];
  const row = await from.api.one(table.name, sysId, columns, signal).catch((error: unknown) => {
    throw withDetails(asFailure(error), { committed: 'maybe' });
  });
  const ticket = row === undefined ? undefined : ticketOf(tables[table.name], row, from.instance);
  if (row === undefined || ticket === undefined)
    throw new Failure('conflict', 'what was written cannot be read back', {
      committed: 'maybe',
      hint: `let the writing account read the records of ${table.name} that it creates`,
    });
  // Written columns that no mapping reads are part of the receipt as ServiceNow holds them.
  const data = { ...Object.fromEntries(Object.keys(wrote).map((name) => [name, row[name] ?? null])), ...from.reader.dataOf(row) };
  const at = recordOf(from.reader.read(row)).updatedAt;
  return { ticket, at, differences: differencesOf(table.name, wrote, { row, data, ...(before && { before }) }), data };
}
