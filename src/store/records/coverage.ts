import type { Instant } from '../../kit/index.js';
import type { Db, Tx } from '../database/db.js';
import { type StreamName, findStream } from './streams.js';

/** From `from` (inclusive) to `to` (exclusive). */
export interface Interval {
  readonly from: Instant;
  readonly to: Instant;
}

/** Notes that everything that changed in the interval was read. Continues the latest interval where they touch. */
export async function extendCoverage(t: Tx, stream: number, { from, to }: Interval): Promise<void> {
  if (from >= to) return;
  const last = await t
    .selectFrom('coverage')
    .selectAll()
    .where('stream', '=', stream)
    .where('to', '>=', from)
    .where('from', '<=', from)
    .orderBy('to', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (last === undefined) await t.insertInto('coverage').values({ stream, from, to }).execute();
  else if (last.to < to) await t.updateTable('coverage').set({ to }).where('id', '=', last.id).execute();
}

/**
 * The times over which the stream was read completely, in order, without overlap: the runs' intervals less the stream's pauses.
 * What lies outside is a data gap, and no verdict may rest on it.
 */
export async function coverage(db: Db, name: StreamName): Promise<readonly Interval[]> {
  const stream = await findStream(db, name);
  if (stream === undefined) return [];
  const rows = await db.selectFrom('coverage').select(['from', 'to']).where('stream', '=', stream).orderBy('from').execute();
  const pauses = await db.selectFrom('stream_pause').select(['since', 'ended']).where('stream', '=', stream).orderBy('since').execute();
  return pauses.reduce((intervals, pause) => intervals.flatMap((interval) => without(interval, pause.since, pause.ended)), merge(rows));
}

function merge(rows: readonly Interval[]): readonly Interval[] {
  const merged: Interval[] = [];
  for (const row of rows) {
    const last = merged.at(-1);
    if (last === undefined || last.to < row.from) merged.push(row);
    else if (last.to < row.to) merged[merged.length - 1] = { from: last.from, to: row.to };
  }
  return merged;
}

function without({ from, to }: Interval, since: Instant, ended: Instant | null): readonly Interval[] {
  if (since >= to || (ended !== null && ended <= from)) return [{ from, to }];
  return [...(since > from ? [{ from, to: since }] : []), ...(ended !== null && ended < to ? [{ from: ended, to }] : [])];
}
