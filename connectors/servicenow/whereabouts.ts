import { type JsonObject, type Whereabouts, isFailure } from 'golden-thread/kit';
import { columnText } from './column-text.js';
import { among, condition, idBatches } from './query.js';
import type { TableApi } from './table.js';
import type { TableDefinition } from './tables.js';

/** Where to look for records that a census did not list. */
export interface Search {
  readonly table: Pick<TableDefinition, 'name' | 'base' | 'audited'>;
  readonly filter: string | undefined;
  readonly api: Pick<TableApi, 'list'>;
}

type Answers = Map<string, Whereabouts>;

/**
 * What became of records, as far as the instance tells:
 *
 * - a row comes: it is there; `here` when the stream's filter fits, else `out-of-scope`
 * - it stands in the table that this one extends: its class was changed, `out-of-scope`
 * - no row comes, and X-Total-Count, which counts before access rules, counts it: `not-visible`
 * - it is not counted, and sys_audit_delete names it or may not be read: `deleted`
 * - it is not counted, and sys_audit_delete, which records the deletions of this table, can be read and does not name it: `unknown`. A domain
 *   or a query rule may keep it from the account without a word.
 *
 * Without a count (a proxy removed it) nothing is proven about what does not come.
 */
export async function whereaboutsOf(
  search: Search,
  keys: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Whereabouts>> {
  const answers: Answers = new Map();
  for (const batch of idBatches(keys, search.filter)) await locate(search, batch, answers, signal);
  return answers;
}

async function locate(search: Search, batch: readonly string[], answers: Answers, signal: AbortSignal | undefined): Promise<void> {
  const { table, filter } = search;
  const everywhere = await look(search, table.name, batch, undefined, signal);
  const there = batch.filter((key) => everywhere.seen.has(key.toLowerCase()));
  const fitting = filter === undefined || there.length === 0 ? undefined : await look(search, table.name, there, filter, signal);
  for (const key of there) answers.set(key, fitting === undefined || fitting.seen.has(key.toLowerCase()) ? 'here' : 'out-of-scope');

  const missing = batch.filter((key) => !answers.has(key));
  if (missing.length === 0) return;
  const counted = await countedAmong(search, table.name, missing, missingOf(everywhere, there.length), signal);
  for (const key of missing) if (counted.has(key)) answers.set(key, 'not-visible');
  await lookInBase(search, missing, answers, signal);
  const gone = missing.filter((key) => !answers.has(key));
  if (gone.length === 0) return;
  const recorded = await deletionsOf(search, gone, signal);
  for (const key of gone) {
    if (recorded?.has(key.toLowerCase()) === true) answers.set(key, 'deleted');
    else if (everywhere.total === undefined || (recorded !== undefined && table.audited === true)) answers.set(key, 'unknown');
    else answers.set(key, 'deleted');
  }
}

/** A record whose class was changed stands in the table that this one extends, visible or not. */
async function lookInBase(search: Search, keys: readonly string[], answers: Answers, signal: AbortSignal | undefined): Promise<void> {
  const { base } = search.table;
  const left = keys.filter((key) => !answers.has(key));
  if (base === undefined || left.length === 0) return;
  try {
    const moved = await look(search, base, left, undefined, signal);
    const unseen = left.filter((key) => !moved.seen.has(key.toLowerCase()));
    for (const key of left) if (moved.seen.has(key.toLowerCase())) answers.set(key, 'out-of-scope');
    const counted = await countedAmong(search, base, unseen, missingOf(moved, left.length - unseen.length), signal);
    for (const key of counted) answers.set(key, 'not-visible');
  } catch (error) {
    // An account that may read incidents but not tasks: then nothing is known about other classes.
    if (!isFailure(error) || error.kind !== 'config') throw error;
  }
}

function missingOf({ total }: Seen, seen: number): number | undefined {
  return total === undefined ? undefined : total - seen;
}

interface Seen {
  /** In lower case, as the database compares them. */
  readonly seen: ReadonlySet<string>;
  /** How many of the ids the instance counts, before access rules. */
  readonly total: number | undefined;
}

async function look(
  { api }: Search,
  table: string,
  keys: readonly string[],
  filter: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Seen> {
  const query = [...(filter === undefined ? [] : [filter]), among('sys_id', keys), 'ORDERBYsys_id'].join('^');
  const page = await api.list(table, { query, fields: ['sys_id'], limit: keys.length, signal });
  const asked = new Set(keys.map((key) => key.toLowerCase()));
  const seen = new Set(page.rows.map((row) => columnText(row, 'sys_id').toLowerCase()).filter((key) => asked.has(key)));
  // More than was asked for: the instance dropped the condition, and its count says nothing about these ids.
  const total = page.total === undefined || page.total > keys.length ? undefined : page.total;
  return { seen, total };
}

/** Which of these keys, none of which comes, the instance counts all the same. `total` of them; split in halves until each half is all or nothing. */
async function countedAmong(
  search: Search,
  table: string,
  keys: readonly string[],
  total: number | undefined,
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string>> {
  if (total === undefined || total <= 0) return new Set();
  if (total >= keys.length) return new Set(keys);
  const half = Math.ceil(keys.length / 2);
  const [left, right] = [keys.slice(0, half), keys.slice(half)];
  const first = await look(search, table, left, undefined, signal);
  const inLeft = first.total === undefined ? undefined : Math.max(0, first.total - first.seen.size);
  const found = await countedAmong(search, table, left, inLeft, signal);
  const others = await countedAmong(search, table, right, inLeft === undefined ? undefined : total - inLeft, signal);
  return new Set([...found, ...others]);
}

/** Ids whose deletion the instance has recorded; undefined where the account may not read that (as a rule only administrators may). */
async function deletionsOf(
  search: Search,
  keys: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string> | undefined> {
  const { api, table } = search;
  try {
    const page = await api.list('sys_audit_delete', {
      query: `${condition('tablename', '=', table.name)}^${among('documentkey', keys)}^ORDERBYsys_id`,
      fields: ['sys_id', 'tablename', 'documentkey'],
      limit: 1_000,
      signal,
    });
    // The columns are named by no official page: where they are not known the condition is dropped, and the rows are strangers.
    if (page.total !== undefined && page.total > page.rows.length) return undefined;
    if (page.rows.some((row) => !('documentkey' in row))) return undefined;
    return new Set(page.rows.filter((row) => isOf(row, table.name)).map((row) => columnText(row, 'documentkey').toLowerCase()));
  } catch (error) {
    if (isFailure(error) && error.kind === 'config') return undefined;
    throw error;
  }
}

function isOf(row: JsonObject, table: string): boolean {
  return columnText(row, 'tablename') === table;
}
