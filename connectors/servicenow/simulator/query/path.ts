import type { Column } from '../dictionary/column.js';
import type { TableDefinition } from '../dictionary/dictionary.js';
import type { Row, Store } from '../store.js';

/** A field, perhaps reached through references (`business_service.owned_by.name`). */
export interface Path {
  readonly name: string;
  readonly column: Column;
  /** The table that holds the last column. */
  readonly table: TableDefinition;
  readonly read: (row: Row) => string;
}

/** Undefined when the dictionary does not know the field, or a step on the way is no reference. */
export function compilePath(store: Store, table: TableDefinition, name: string): Path | undefined {
  const dot = name.indexOf('.');
  if (dot === -1) {
    const column = table.columns.get(name);
    return column && { name, column, table, read: (row) => row[name] ?? '' };
  }
  const head = name.slice(0, dot);
  const through = table.columns.get(head);
  const target = through?.type === 'reference' ? store.dictionary.get(through.reference ?? '') : undefined;
  const rest = target && compilePath(store, target, name.slice(dot + 1));
  if (!rest || !target) return undefined;
  const targetTable = store.table(target.name);
  return {
    name,
    column: rest.column,
    table: rest.table,
    read(row) {
      const id = row[head];
      const next = id === undefined || id === '' ? undefined : targetTable?.rows.get(id.toLowerCase());
      return next ? rest.read(next) : '';
    },
  };
}

/** What stands for a referenced record in lists and in STARTSWITH or LIKE on a reference. A dangling or special reference shows its own value. */
export function displayOf(store: Store, table: string, sysId: string): string {
  if (sysId === '') return '';
  const row = store.get(table, sysId);
  const display = store.dictionary.get(table)?.display;
  if (!row || display === undefined) return sysId;
  const value = row[display] ?? '';
  const column = store.dictionary.get(table)?.columns.get(display);
  return column?.type === 'reference' ? displayOf(store, column.reference ?? '', value) : value;
}
