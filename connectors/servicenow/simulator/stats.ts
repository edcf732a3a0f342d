import type { Account } from './accounts.js';
import type { Instance } from './instance.js';
import type { ConditionContext } from './query/context.js';
import { findRows } from './query/run.js';
import { type HttpReply, failure, json } from './replies.js';
import { userIdOf } from './records.js';
import type { Store, Table } from './store.js';
import type { Switches } from './switches.js';

/** How conditions of this account are compared, as the switches say. */
export function comparing(
  { caseSensitive, dateEquals, rangeQueries }: Switches,
  { roles }: Account,
): Pick<ConditionContext, 'caseSensitive' | 'dateEquals' | 'ranges'> {
  return { caseSensitive, dateEquals, ranges: rangeQueries || roles.includes('admin') };
}

/**
 * `GET /api/now/stats/{table}?sysparm_query&sysparm_count=true[&sysparm_group_by]`: counts, before access rules. The shape without a group is
 * not documented; `{"result":{"stats":{"count":"72"}}}` is what clients expect. Averages and sums are not simulated.
 */
export function stats(
  instance: Instance,
  store: Store,
  table: Table,
  query: URLSearchParams,
  { account, zone }: { readonly account: Account; readonly zone: string },
): { readonly reply: HttpReply; readonly ignored: readonly string[] } {
  const { switches, clock } = instance;
  if (query.get('sysparm_count') !== 'true')
    return { reply: failure(400, 'Invalid query parameter', 'Only sysparm_count is simulated'), ignored: [] };
  const caller = { userId: userIdOf(instance, account.user_name), userName: account.user_name, zone, now: clock.now() };
  const found = findRows(
    table,
    query.get('sysparm_query') ?? '',
    { offset: 0, limit: table.rows.size },
    { store, table: table.definition, caller, ...comparing(switches, account) },
    { returnsNoRows: switches.returnsNoRows },
  );
  const field = query.get('sysparm_group_by');
  if (field === null || field === '')
    return { reply: json(200, { result: { stats: { count: String(found.total) } } }), ignored: found.ignored };
  const groups = [...Map.groupBy(found.rows, (row) => row[field] ?? '')].map(([value, rows]) => ({
    stats: { count: String(rows.length) },
    groupby_fields: [{ field, value }],
  }));
  return { reply: json(200, { result: groups }), ignored: found.ignored };
}
