import type { FieldInfo, Json, JsonObject } from 'golden-thread/kit';
import { textOf } from './column-text.js';
import type { Kind } from './dictionary.js';
import { fieldName } from './query.js';
import { decodeValue } from './value.js';

/**
 * A field whose column is called differently from release to release, or by no public source. All candidates are asked for, because an
 * instance leaves unknown ones out of its answer without a word ("Invalid fields are ignored"), and the first that has a value counts.
 */
export interface Alias {
  /** Best first; dot-walked names may be among them. */
  readonly columns: readonly string[];
  /** How its text is read; text where nothing is said. */
  readonly kind?: 'text' | 'number' | 'instant' | 'boolean';
  readonly label?: string;
}

export type Aliases = Readonly<Record<string, Alias>>;

/** Reads the aliases among `wanted` from rows. */
export interface AliasReader {
  /** Columns to ask for. */
  readonly columns: readonly string[];
  /** A field for each alias: its value, null where its columns are empty; none where the instance has none of them. */
  read(row: JsonObject): JsonObject;
}

/** A reader for those of `aliases` that `wanted` names. Fails with `config` for a column name that is none. */
export function aliasReader(aliases: Aliases, wanted: readonly string[]): AliasReader {
  const names = new Set(wanted.map((path) => path.split('.', 1)[0] ?? path));
  const used = Object.entries(aliases).filter(([name]) => names.has(name));
  return {
    columns: [...new Set(used.flatMap(([, { columns }]) => columns.map(fieldName)))],
    read: (row) => {
      const data: Record<string, Json> = {};
      for (const [name, { columns, kind = 'text' }] of used) {
        const value = firstValue(row, columns, kind);
        if (value !== undefined) data[name] = value;
      }
      return data;
    },
  };
}

function firstValue(row: JsonObject, columns: readonly string[], kind: Kind): Json | undefined {
  const texts = columns.map((column) => textOf(row[column])).filter((text) => text !== undefined);
  if (texts.length === 0) return undefined;
  const text = texts.find((one) => one !== '');
  return text === undefined ? null : decodeValue(kind, text);
}

/** The aliases as fields that mappings may read. */
export function aliasFields(aliases: Aliases): readonly FieldInfo[] {
  return Object.entries(aliases).map(([name, { columns, kind = 'text', label }]) => ({
    name,
    type: kind,
    label: `${label ?? name} (column ${columns.join(' or ')})`,
  }));
}

/** The aliases with the columns that an administrator has named for some of them, which then are the only ones. */
export function withNamedColumns(aliases: Aliases, named: Readonly<Record<string, string>>): Aliases {
  const added = Object.entries(named).map(([name, column]): [string, Alias] => [name, { ...aliases[name], columns: [column] }]);
  return { ...aliases, ...Object.fromEntries(added) };
}
