import type { Dictionary, TableDefinition } from './dictionary/dictionary.js';
import { type Ordered, byId, byUpdate, createOrdered } from './ordered.js';

/** A record: every value is text, and what is not there is empty. A row is replaced by its next version, never changed. */
export interface Row {
  readonly sys_id: string;
  readonly sys_updated_on: string;
  readonly [field: string]: string;
}

/** One table's rows, those of the tables that extend it included. */
export interface Table {
  readonly definition: TableDefinition;
  /** By sys_id in lower case, in order of insertion. */
  readonly rows: Map<string, Row>;
  readonly byUpdate: Ordered;
  readonly byId: Ordered;
  /** Indexes over the rows that fit a filter, while the table stays as it is. */
  readonly filtered: Map<string, Ordered>;
  /** Grows with every change. */
  version: number;
}

export interface Store {
  readonly dictionary: Dictionary;
  table(name: string): Table | undefined;
  get(table: string, sysId: string): Row | undefined;
  /** Inserts or replaces. The row's class is `sys_class_name`, or else the table. */
  put(table: string, row: Row): void;
  /** As `put` for very many: the indexes are rebuilt once, at the next use. */
  putAll(table: string, rows: readonly Row[]): void;
  remove(table: string, sysId: string): Row | undefined;
}

export function createStore(dictionary: Dictionary): Store {
  const tables = new Map<string, Table>();
  const table = (name: string): Table | undefined => {
    const definition = dictionary.get(name);
    if (!definition) return undefined;
    const known = tables.get(name);
    if (known && known.definition === definition) return known;
    const made = known ? { ...known, definition } : emptyTable(definition);
    tables.set(name, made);
    return made;
  };
  const tablesOf = (name: string, row: Row | undefined): readonly Table[] => {
    const chain = dictionary.get(row?.['sys_class_name'] ?? name)?.chain ?? dictionary.get(name)?.chain ?? [];
    return chain.flatMap((one) => table(one) ?? []);
  };
  const get = (name: string, sysId: string): Row | undefined => table(name)?.rows.get(sysId.toLowerCase());
  return {
    dictionary,
    table,
    get,
    put(name, row) {
      const id = row.sys_id.toLowerCase();
      for (const one of tablesOf(name, row)) {
        const { rows, byUpdate: updated, byId: ids } = one;
        noteChange(one);
        const before = rows.get(id);
        if (before) {
          updated.remove(before);
          ids.remove(before);
        }
        rows.set(id, row);
        updated.add(row);
        ids.add(row);
      }
    },
    putAll(name, all) {
      const touched = new Set<Table>();
      for (const row of all)
        for (const one of tablesOf(name, row)) {
          one.rows.set(row.sys_id.toLowerCase(), row);
          touched.add(one);
        }
      for (const one of touched) {
        one.byUpdate.invalidate();
        one.byId.invalidate();
        noteChange(one);
      }
    },
    remove(name, sysId) {
      const row = get(name, sysId);
      if (!row) return undefined;
      for (const one of tablesOf(name, row)) {
        const { rows, byUpdate: updated, byId: ids } = one;
        noteChange(one);
        rows.delete(sysId.toLowerCase());
        updated.remove(row);
        ids.remove(row);
      }
      return row;
    },
  };
}

function emptyTable(definition: TableDefinition): Table {
  const rows = new Map<string, Row>();
  const source = (): Iterable<Row> => rows.values();
  return {
    definition,
    rows,
    byUpdate: createOrdered(byUpdate, source),
    byId: createOrdered(byId, source),
    filtered: new Map(),
    version: 0,
  };
}

function noteChange(table: Table): void {
  table.version++;
  table.filtered.clear();
}
