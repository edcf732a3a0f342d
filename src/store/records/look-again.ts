import { CompiledQuery } from 'kysely';
import type { Instant } from '../../kit/index.js';
import type { Db, Tx } from '../database/db.js';
import { findNodes, recordNode } from '../graph/nodes.js';
import { findStream, type StreamName } from './streams.js';

/** Keys of the stream's records that were to be looked at again at or before `now`, longest due first. */
export async function dueAgain(db: Db, name: StreamName, now: Instant, limit: number): Promise<readonly string[]> {
  const stream = await findStream(db, name);
  if (stream === undefined) return [];
  const { rows } = await db.executeQuery<{ key: string }>(
    CompiledQuery.raw(
      `select n.key from record r join node n on n.id = r.id
       where r.look_again_at is not null and r.look_again_at <= ? and n.kind = ? order by r.look_again_at limit ?`,
      [now, stream, limit],
    ),
  );
  return rows.map(({ key }) => key);
}

/** Says anew when these records are to be looked at again; undefined: not by themselves. */
export async function lookAgain(t: Tx, name: StreamName, when: ReadonlyMap<string, Instant | undefined>): Promise<void> {
  const keys = [...when.keys()];
  const nodes = await findNodes(
    t,
    keys.map((key) => recordNode({ ...name, key })),
  );
  for (const [index, key] of keys.entries()) {
    const node = nodes[index];
    if (node === undefined) continue;
    await t
      .updateTable('record')
      .set({ look_again_at: when.get(key) ?? null })
      .where('id', '=', node)
      .execute();
  }
}
