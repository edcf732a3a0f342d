import { Failure, type Json } from '../../kit/index.js';
import { didYouMean } from '../../yaml/index.js';
import { isEmpty } from './own-functions.js';
import { show, type Value } from './value.js';

/** A mapping's tables by name; each row by the text of its key. */
export type Tables = ReadonlyMap<string, Table>;
export type Table = ReadonlyMap<string, Json>;

/** The row that stands for every value that has none of its own. */
export const defaultRow = 'default';

/**
 * `$table(name, value)`. A value without a row takes the row `default`; where there is none the record fails, with table and value named: a choice that
 * somebody added in the source system must not vanish. An empty value takes the row `""`, else `default`, else it is nothing: an empty field is
 * no unknown choice, and a target field that needs a value says so itself.
 */
export function rowOf(name: string, table: Table, value: Value): Value {
  const empty = isEmpty(value);
  const key = empty ? '' : keyOf(name, value);
  for (const each of [key, defaultRow]) if (table.has(each)) return table.get(each) as Value;
  if (empty) return undefined;
  // Between numbers and single letters every one is near every other.
  const near = key.length < 3 ? undefined : didYouMean(key, table.keys());
  const hint =
    near === undefined
      ? `add a row for it, or a row "${defaultRow}"`
      : `did you mean the row "${near}"? Else add a row for it, or a row "${defaultRow}"`;
  throw new Failure('record', `table ${name} has no row for ${show(value)}`, { hint });
}

function keyOf(name: string, value: Value): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Failure('record', `table ${name} takes one text or number, got ${show(value)}`);
}
