import { selectIn } from './bulk.js';
import type { Db, Tx } from './db.js';

/** The integer keys of these names, made where they are missing. */
export async function internNames(t: Tx, texts: Iterable<string>): Promise<ReadonlyMap<string, number>> {
  const wanted = [...new Set(texts)];
  if (wanted.length === 0) return new Map();
  const known = new Map(await findNames(t, wanted));
  const missing = wanted.filter((text) => !known.has(text));
  if (missing.length === 0) return known;
  const rows = await t
    .insertInto('name')
    .values(missing.map((text) => ({ text })))
    .returning(['id', 'text'])
    .execute();
  for (const row of rows) known.set(row.text, row.id);
  return known;
}

/** One name's integer key, made where it is missing. */
export async function internName(t: Tx, text: string): Promise<number> {
  return required(await internNames(t, [text]), text);
}

/** The integer keys of those names that exist. */
export async function findNames(db: Db, texts: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await selectIn<{ id: number; text: string }>(db, byText, [], texts);
  return new Map(rows.map((row) => [row.text, row.id]));
}

const byText = 'select id, text from name where text in (select value from json_each(?))';

/** The value of a key that must be there. */
export function required<K, V>(map: { get(key: K): V | undefined }, key: K): V {
  const value = map.get(key);
  if (value === undefined) throw new Error(`no entry for ${JSON.stringify(key)}`);
  return value;
}
