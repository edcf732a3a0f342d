import { CompiledQuery } from 'kysely';
import type { Db, Tx } from './db.js';
import type { Schema } from '../schema.js';

export type Value = string | number | null;

/**
 * Rows per statement. Measured: SQLite gains up to 10 rows a statement and nothing more, but each statement costs some 25 µs on its way through Kysely.
 * Few sizes, so that the statements stay compiled; a chunk of 125 rows takes one.
 */
const sizes = [125, 64, 32, 16, 8, 4, 2, 1] as const;

/** What happens to a row that is there already: an error, nothing, or, by these key columns, its other columns are replaced. */
export type OnConflict = 'fail' | 'keep' | readonly string[];

/** Inserts rows in as few statements as pay off. `values` holds the rows one after another, `columns.length` values each. */
export async function insertRows<T extends keyof Schema>(
  t: Tx,
  table: T,
  columns: readonly (keyof Schema[T] & string)[],
  values: readonly Value[],
  onConflict: OnConflict = 'fail',
): Promise<void> {
  const width = columns.length;
  let at = 0;
  for (const size of sizes) {
    while (values.length - at >= size * width) {
      await t.executeQuery(CompiledQuery.raw(insertText(table, columns, size, onConflict), values.slice(at, at + size * width)));
      at += size * width;
    }
  }
}

const texts = new Map<string, string>();

function insertText(table: string, columns: readonly string[], rows: number, onConflict: OnConflict): string {
  const name = `${table}/${rows}/${String(onConflict)}`;
  let text = texts.get(name);
  if (text === undefined) {
    const row = `(${columns.map(() => '?').join(',')})`;
    const head = `insert into "${table}" (${columns.map((column) => `"${column}"`).join(',')})`;
    text = `${head} values ${Array.from({ length: rows }, () => row).join(',')}${conflictText(columns, onConflict)}`;
    texts.set(name, text);
  }
  return text;
}

function conflictText(columns: readonly string[], onConflict: OnConflict): string {
  if (onConflict === 'keep') return ' on conflict do nothing';
  if (onConflict === 'fail') return '';
  const sets = columns.filter((column) => !onConflict.includes(column)).map((column) => `"${column}" = excluded."${column}"`);
  return ` on conflict (${onConflict.join(',')}) do update set ${sets.join(', ')}`;
}

/** The items as chunks of at most `size`, in none of which a key comes twice; each is asked for when the one before it is done with. */
export function* chunksOf<T>(items: Iterable<T>, size: number, keyOf: (item: T) => string): Iterable<readonly T[]> {
  let chunk = new Map<string, T>();
  for (const item of items) {
    const key = keyOf(item);
    if (chunk.size === size || chunk.has(key)) {
      yield [...chunk.values()];
      chunk = new Map();
    }
    chunk.set(key, item);
  }
  if (chunk.size > 0) yield [...chunk.values()];
}

/**
 * Runs a select whose last parameter is a list of any length, written as `in (select value from json_each(?))`:
 * the list travels as one JSON text, so that the statement stays compiled.
 */
export async function selectIn<R>(
  db: Db,
  text: string,
  parameters: readonly Value[],
  list: readonly (string | number)[],
): Promise<readonly R[]> {
  if (list.length === 0) return [];
  const { rows } = await db.executeQuery<R>(CompiledQuery.raw(text, [...parameters, JSON.stringify(list)]));
  return rows;
}
