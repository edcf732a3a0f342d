import { CompiledQuery } from 'kysely';
import type { Instant } from '../../kit/index.js';
import type { Tx } from './db.js';

/** When, by whom and why rows were written. */
export interface Cause {
  readonly at: Instant;
  /** A person id, or the task of ours: `pull`, `decide`, `push`. */
  readonly by: string;
  /** One sentence or a reference. */
  readonly because: string;
}

/** Stores the cause once for everything that is written with it. */
export async function addCause(t: Tx, cause: Cause): Promise<number> {
  const row = await t
    .insertInto('cause')
    .values({ at: cause.at, by: cause.by, because: cause.because })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

/** The first free integer key of a table whose rows are never removed. There is one writer, so nobody else takes it. */
export async function nextId(t: Tx, table: 'node' | 'record_version' | 'input_version'): Promise<number> {
  // Written out: it is asked for several times a chunk, and to build the statement each time costs more than to run it.
  const { rows } = await t.executeQuery<{ last: number | null }>(CompiledQuery.raw(`select max(id) as last from ${table}`));
  return (rows[0]?.last ?? 0) + 1;
}
