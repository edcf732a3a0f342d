import type { Instant } from '../kit/index.js';
import type { Db, Tx } from './db.js';
import type { Schema } from './schema.js';

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
  const row = await (t as Db)
    .selectFrom(table as keyof Pick<Schema, 'node'>)
    .select((e) => e.fn.max('id').as('last'))
    .executeTakeFirstOrThrow();
  return Number(row.last ?? 0) + 1;
}
