import { CompiledQuery } from 'kysely';
import type { RecordRef } from '../../kit/index.js';
import type { Db } from '../database/db.js';

/** A page of the feed of record versions of every stream. */
export interface RecordChanges {
  /** Records that got a new version, each once, in the order of their latest one. */
  readonly refs: readonly RecordRef[];
  /** Hand this to the next call: it goes on exactly behind. */
  readonly seq: number;
  /** There may be more. */
  readonly more: boolean;
}

/** Which records of these streams got a version after `seq` (0: since ever). */
export async function recordsChangedSince(
  db: Db,
  streams: readonly { readonly system: string; readonly stream: string }[],
  seq: number,
  limit: number,
): Promise<RecordChanges> {
  const { rows } = await db.executeQuery<{ id: number; system: string; stream: string; key: string }>(
    CompiledQuery.raw(
      `select v.id, s.system, s.stream, n.key from record_version v join node n on n.id = v.record join stream s on s.id = n.kind
       where v.id > ? order by v.id limit ?`,
      [seq, limit],
    ),
  );
  const wanted = rows.filter(({ system, stream }) => streams.some((name) => name.system === system && name.stream === stream));
  const refs = new Map(wanted.map(({ system, stream, key }) => [`${system}/${stream}/${key}`, { system, stream, key }]));
  return { refs: [...refs.values()], seq: rows.at(-1)?.id ?? seq, more: rows.length === limit };
}
