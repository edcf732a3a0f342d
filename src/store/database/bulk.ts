import { CompiledQuery } from 'kysely';
import type { Db, Tx } from './db.js';
import type { Batch, Statement } from './dialect.js';
import type { Schema } from '../schema.js';

export type Value = string | number | null;

/** Rows per statement. Measured: SQLite gains up to 10 rows a statement and nothing more. Few sizes, so that the statements stay compiled. */
const sizes = [25, 5, 1] as const;

/** What happens to a row that is there already: an error, nothing, or, by these key columns, its other columns are replaced. */
export type OnConflict = 'fail' | 'keep' | readonly string[];

/** Inserts rows. `values` holds them one after another, `columns.length` values each. */
export async function insertRows<T extends keyof Schema>(
  t: Tx,
  table: T,
  columns: readonly (keyof Schema[T] & string)[],
  values: readonly Value[],
  onConflict: OnConflict = 'fail',
): Promise<void> {
  await runAll(t, rowInserts(table, columns, values, onConflict));
}

/** The statements that {@link insertRows} would run, so that those of several tables can go together. */
export function rowInserts<T extends keyof Schema>(
  table: T,
  columns: readonly (keyof Schema[T] & string)[],
  values: readonly Value[],
  onConflict: OnConflict = 'fail',
): readonly Statement[] {
  const statements: Statement[] = [];
  let at = 0;
  for (const size of sizes) {
    const taken = size * columns.length;
    for (; values.length - at >= taken; at += taken) statements.push(insertOf(table, columns, values.slice(at, at + taken), onConflict));
  }
  return statements;
}

/** One statement that inserts these rows. Columns in which all of them are null, which is what they are by default, are left out: to bind a null costs as much as a number. */
function insertOf(table: string, columns: readonly string[], values: Value[], onConflict: OnConflict): Statement {
  const rows = values.length / columns.length;
  // What a conflict replaces is told in full.
  const kept = typeof onConflict === 'string' ? columns.map((_, at) => !isNullThroughout(values, at, columns.length)) : [];
  if (!kept.includes(false)) return { sql: insertText(table, columns, rows, onConflict), parameters: values };
  const names = columns.filter((_, at) => kept[at]);
  return { sql: insertText(table, names, rows, onConflict), parameters: values.filter((_, at) => kept[at % columns.length]) };
}

function isNullThroughout(values: readonly Value[], from: number, step: number): boolean {
  for (let at = from; at < values.length; at += step) if (values[at] !== null) return false;
  return true;
}

/** Runs statements that answer nothing, in order, on one way through Kysely: that way costs as much as 10 rows. */
export async function runAll(t: Tx, statements: readonly Statement[]): Promise<void> {
  const [first, ...further] = statements;
  if (first === undefined) return;
  const query: Batch = { ...CompiledQuery.raw(first.sql, first.parameters), further };
  await t.executeQuery(query);
}

const texts = new Map<string, string>();

function insertText(table: string, columns: readonly string[], rows: number, onConflict: OnConflict): string {
  const name = `${table}/${columns.join()}/${rows}/${String(onConflict)}`;
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
