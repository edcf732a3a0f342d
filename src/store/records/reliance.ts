import { CompiledQuery } from 'kysely';
import type { Instant } from '../../kit/index.js';
import type { Db } from '../database/db.js';
import { findStream, type StreamName } from './streams.js';

/** Names of all streams of which anything was ever stored. */
export async function storedStreams(db: Db): Promise<readonly StreamName[]> {
  return db.selectFrom('stream').select(['system', 'stream']).orderBy('system').orderBy('stream').execute();
}

/** Whether the stream is being read from its start (again) and has not yet reached its end. */
export async function isBeingReadAgain(db: Db, name: StreamName): Promise<boolean> {
  const row = await db
    .selectFrom('stream')
    .select(['complete_to'])
    .where('system', '=', name.system)
    .where('stream', '=', name.stream)
    .executeTakeFirst();
  return row?.complete_to === null;
}

/** How many records of the stream are set aside and may have happened at or after this instant: nobody has counted them. */
export async function setAsideSince(db: Db, name: StreamName, from: Instant): Promise<number> {
  const stream = await findStream(db, name);
  if (stream === undefined) return 0;
  const row = await db
    .selectFrom('quarantine')
    .select((e) => e.fn.count<number>('key').distinct().as('count'))
    .where('stream', '=', stream)
    .where('resolved_at', 'is', null)
    .where((e) => e.or([e('updated_at', 'is', null), e('updated_at', '>=', from)]))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** How many records of the stream occurred on each day of this time, by day in UTC; each record once. Days without one are absent. */
export async function recordsPerDay(db: Db, name: StreamName, from: Instant, to: Instant): Promise<ReadonlyMap<string, number>> {
  const stream = await findStream(db, name);
  if (stream === undefined) return new Map();
  const { rows } = await db.executeQuery<{ day: string; count: number }>(
    CompiledQuery.raw(
      `select substr(i.occurred_at, 1, 10) as day, count(distinct i.record) as count from input i join node n on n.id = i.record
       where i.occurred_at >= ? and i.occurred_at < ? and n.kind = ? group by day`,
      [from, to, stream],
    ),
  );
  return new Map(rows.map(({ day, count }) => [day, count]));
}
