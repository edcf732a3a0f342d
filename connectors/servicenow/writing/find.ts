import { Failure, type Found, type IdempotencyKey, type JsonObject, type TicketRef } from 'golden-thread/kit';
import { correlationIdOf, sysIdOf, ticketOf } from './identity.js';
import { condition } from '../query.js';
import type { TableApi } from '../table.js';
import type { TableDefinition } from '../tables.js';

/** Where to look for what was created. */
export interface Lookup {
  readonly table: TableDefinition;
  readonly instance: string;
  /** The account that writes: it sees what it created. */
  readonly api: TableApi;
}

const columns = ['sys_id', 'number', 'correlation_id'];

/**
 * Looks for the record that carries this key: by the sys_id that it was created with, then by `correlation_id`. Both reads go to the
 * table itself, not to an index, so that `absent` is proven when both succeed; when one fails, its failure is the answer.
 */
export async function findByKey(lookup: Lookup, key: IdempotencyKey, signal: AbortSignal | undefined): Promise<Found> {
  const { api, table } = lookup;
  const row = await api.one(table.name, sysIdOf(key), columns, signal);
  if (row !== undefined) return { is: 'found', ticket: ticketIn(lookup, row) };

  const correlationId = correlationIdOf(key);
  const page = await api.list(table.name, {
    query: `${condition('correlation_id', '=', correlationId)}^ORDERBYsys_created_on^ORDERBYsys_id`,
    fields: columns,
    limit: 2,
    signal,
  });
  // A condition that the instance does not understand is dropped, and every change request would carry this key.
  if (page.rows.some((found) => found['correlation_id'] !== correlationId))
    throw new Failure('contract', 'ServiceNow answered a search for correlation_id with other records', {
      key: correlationId,
      hint: 'the instance ignored the condition on correlation_id; let the writing account read and query that field',
    });
  if ((page.total ?? 0) > page.rows.length)
    throw new Failure('config', 'records carry this correlation_id that the writing account may not read', {
      key: correlationId,
      hint: 'let the writing account read the change requests that it creates',
    });
  const tickets = page.rows.map((found) => ticketIn(lookup, found));
  const [ticket] = tickets;
  if (ticket === undefined) return { is: 'absent' };
  return tickets.length === 1 ? { is: 'found', ticket } : { is: 'ambiguous', tickets };
}

function ticketIn(lookup: Lookup, row: JsonObject): TicketRef {
  const ticket = ticketOf(lookup.table, row, lookup.instance);
  if (ticket === undefined) throw new Failure('contract', 'ServiceNow answered with a record without sys_id');
  return ticket;
}
