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

/** The first free integer keys of the tables whose rows are never removed. Whoever takes one counts it up. */
export interface FreeIds {
  node: number;
  recordVersion: number;
  inputVersion: number;
}

/** What is free now. Good for the rest of the transaction as long as all that adds such rows counts there: there is one writer. */
export async function freeIds(t: Tx): Promise<FreeIds> {
  const { rows } = await t.executeQuery<FreeIds>(CompiledQuery.raw(freeText));
  return rows[0] ?? { node: 1, recordVersion: 1, inputVersion: 1 };
}

const freeText = `select (select coalesce(max(id), 0) + 1 from node) as node, (select coalesce(max(id), 0) + 1 from record_version) as recordVersion,
  (select coalesce(max(id), 0) + 1 from input_version) as inputVersion`;
