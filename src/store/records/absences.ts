import { CompiledQuery } from 'kysely';
import type { Instant, RecordRef, Whereabouts } from '../../kit/index.js';
import { selectIn } from '../database/bulk.js';
import type { Db, Tx } from '../database/db.js';
import { findNodes, recordNode } from '../graph/nodes.js';
import { findStream, type StreamName } from './streams.js';

/** A record that its stream brings no more. What was kept of it stays: evidence is never deleted. */
export interface Absence {
  readonly ref: RecordRef;
  readonly number: string;
  readonly whereabouts: Whereabouts;
  /** Censuses in a row that missed it. */
  readonly misses: number;
  readonly noticedAt: Instant;
  readonly lastAt: Instant;
}

/** Keys of the stream's records, those that are known to be absent left out, `limit` at a time; an answer without `next` is the last. */
export async function presentKeys(
  db: Db,
  name: StreamName,
  ask: { readonly after?: number; readonly limit: number },
): Promise<{ readonly keys: readonly string[]; readonly next?: number }> {
  const stream = await findStream(db, name);
  if (stream === undefined) return { keys: [] };
  const { rows } = await db.executeQuery<{ id: number; key: string }>(
    CompiledQuery.raw(
      `select r.id, n.key from record r join node n on n.id = r.id left join absence a on a.record = r.id and a.ended_at is null
       where r.id > ? and n.kind = ? and a.id is null order by r.id limit ?`,
      [ask.after ?? 0, stream, ask.limit],
    ),
  );
  const last = rows.at(-1);
  return { keys: rows.map(({ key }) => key), ...(last && rows.length === ask.limit && { next: last.id }) };
}

/** Notes that records are absent; one that was already known to be has another miss, and perhaps other whereabouts. */
export async function noteAbsent(t: Tx, name: StreamName, found: ReadonlyMap<string, Whereabouts>, at: Instant): Promise<void> {
  for (const [key, record] of await nodesOf(t, name, [...found.keys()])) {
    const whereabouts = found.get(key) ?? 'unknown';
    await t.executeQuery(
      CompiledQuery.raw(
        `insert into absence (record, whereabouts, misses, noticed_at, last_at) values (?, ?, 1, ?, ?)
         on conflict (record) where ended_at is null
         do update set whereabouts = excluded.whereabouts, misses = misses + 1, last_at = excluded.last_at`,
        [record, whereabouts, at, at],
      ),
    );
  }
}

/** Notes that records are there again. */
export async function endAbsences(t: Tx, name: StreamName, keys: readonly string[], at: Instant): Promise<void> {
  for (const record of (await nodesOf(t, name, keys)).values())
    await t.updateTable('absence').set({ ended_at: at }).where('record', '=', record).where('ended_at', 'is', null).execute();
}

const openText = `select s.system, s.stream, n.key, r.number, a.whereabouts, a.misses, a.noticed_at, a.last_at
  from absence a join record r on r.id = a.record join node n on n.id = a.record join stream s on s.id = n.kind where a.ended_at is null`;

/** Records that are absent now: of one stream, or of all. */
export async function absences(db: Db, name?: StreamName): Promise<readonly Absence[]> {
  const { rows } =
    name === undefined
      ? await db.executeQuery<Row>(CompiledQuery.raw(`${openText} order by a.id`))
      : await db.executeQuery<Row>(
          CompiledQuery.raw(`${openText} and s.system = ? and s.stream = ? order by a.id`, [name.system, name.stream]),
        );
  return rows.map(toAbsence);
}

/** How many records of each stream are absent now; what the remote does not tell apart counts from the second miss on. */
export async function absenceCounts(db: Db): Promise<readonly (StreamName & { readonly count: number })[]> {
  const text = `select s.system, s.stream, count(*) as count from absence a join node n on n.id = a.record join stream s on s.id = n.kind
    where a.ended_at is null and (a.whereabouts <> 'unknown' or a.misses > 1) group by s.id`;
  return (await db.executeQuery<StreamName & { count: number }>(CompiledQuery.raw(text))).rows;
}

/** Those among these records that are absent now. */
export async function absencesAmong(db: Db, refs: readonly RecordRef[]): Promise<readonly Absence[]> {
  const nodes = (await findNodes(db, refs.map(recordNode))).filter((node) => node !== undefined);
  return (await selectIn<Row>(db, `${openText} and a.record in (select value from json_each(?))`, [], nodes)).map(toAbsence);
}

async function nodesOf(t: Tx, name: StreamName, keys: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const nodes = await findNodes(
    t,
    keys.map((key) => recordNode({ ...name, key })),
  );
  return new Map(keys.flatMap((key, index) => (nodes[index] === undefined ? [] : [[key, nodes[index]] as const])));
}

interface Row {
  readonly system: string;
  readonly stream: string;
  readonly key: string;
  readonly number: string;
  readonly whereabouts: string;
  readonly misses: number;
  readonly noticed_at: Instant;
  readonly last_at: Instant;
}

function toAbsence(row: Row): Absence {
  const { system, stream, key, number, misses } = row;
  return {
    ref: { system, stream, key },
    number,
    whereabouts: row.whereabouts as Whereabouts,
    misses,
    noticedAt: row.noticed_at,
    lastAt: row.last_at,
  };
}
