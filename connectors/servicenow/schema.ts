import type { JsonObject } from 'golden-thread/kit';
import { columnText } from './column-text.js';
import { pageSizeOf } from './page-size.js';
import { among } from './query.js';
import type { TableApi } from './table.js';
import { walkAll } from './walk.js';

const rowsPerPage = 1_000;
const mostRows = 50_000;
const maxParents = 12;
/** Table names have up to 80 characters, an address 2,048. */
const namesPerRequest = 15;

/** A table as the instance describes it. */
export interface TableSchema {
  /** The table and those that it extends, nearest first. */
  readonly lineage: readonly string[];
  /** Rows of sys_dictionary, the nearest table's first; empty where the table does not exist or the account may not see them. */
  readonly columns: readonly JsonObject[];
  /** Rows of sys_choice that are in use, the nearest table's first. */
  readonly choices: readonly JsonObject[];
}

/** What an instance says about its tables. Each table's own rows are read once per process. */
export interface InstanceSchema {
  /** The tables, by name. Fails with `config` where the account may not read sys_db_object, sys_dictionary or sys_choice. */
  of(names: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, TableSchema>>;
}

/** Reads sys_db_object (what extends what), sys_dictionary (a table's rows in it name only its own columns) and sys_choice. */
export function instanceSchema(api: Pick<TableApi, 'list'>): InstanceSchema {
  const parents = new Map<string, string>();
  const columns = new Map<string, readonly JsonObject[]>();
  const choices = new Map<string, readonly JsonObject[]>();
  let underWay: Promise<unknown> = Promise.resolve();

  const rowsOf = async (table: string, where: string, names: readonly string[], fields: readonly string[], signal?: AbortSignal) => {
    const rows: JsonObject[] = [];
    for (let start = 0; start < names.length; start += namesPerRequest) {
      const filter = `${among('name', names.slice(start, start + namesPerRequest))}${where}`;
      const size = pageSizeOf(rowsPerPage);
      rows.push(...(await walkAll({ api, table, filter, fields: ['sys_id', ...fields], limit: rowsPerPage, size, signal }, mostRows)));
    }
    // An invalid condition is dropped silently, so rows of other tables are possible.
    return Map.groupBy(rows, (row) => columnText(row, 'name'));
  };

  const findParents = async (names: readonly string[], signal?: AbortSignal): Promise<void> => {
    let level = names;
    for (let depth = 0; depth < maxParents && level.length > 0; depth += 1) {
      const unknown = level.filter((name) => !parents.has(name));
      const found = await rowsOf('sys_db_object', '', unknown, ['name', 'super_class', 'super_class.name'], signal);
      for (const name of unknown) parents.set(name, columnText(found.get(name)?.[0] ?? {}, 'super_class.name'));
      level = [...new Set(level.map((name) => parents.get(name) ?? '').filter((name) => name !== ''))];
    }
  };

  const lineageOf = (name: string): readonly string[] => {
    const lineage = [name];
    for (let parent = parents.get(name) ?? ''; parent !== '' && !lineage.includes(parent) && lineage.length < maxParents;) {
      lineage.push(parent);
      parent = parents.get(parent) ?? '';
    }
    return lineage;
  };

  const load = async (names: readonly string[], signal?: AbortSignal): Promise<void> => {
    await findParents(names, signal);
    const needed = [...new Set(names.flatMap(lineageOf))].filter((name) => !choices.has(name));
    const described = await rowsOf('sys_dictionary', '^elementISNOTEMPTY', needed, dictionaryColumns, signal);
    const chosen = await rowsOf('sys_choice', '^inactive=false', needed, choiceColumns, signal);
    for (const name of needed) {
      columns.set(name, described.get(name) ?? []);
      choices.set(name, chosen.get(name) ?? []);
    }
  };

  return {
    async of(names, signal) {
      // One after the other: two that ask at once would ask for the same.
      const mine = underWay.then(
        () => load(names, signal),
        () => load(names, signal),
      );
      underWay = mine.catch(() => undefined);
      await mine;
      return new Map(
        names.map((name) => {
          const lineage = lineageOf(name);
          return [
            name,
            {
              lineage,
              columns: lineage.flatMap((table) => (columns.get(table) ?? []).filter(isColumn)),
              choices: lineage.flatMap((table) => (choices.get(table) ?? []).filter((row) => columnText(row, 'inactive') !== 'true')),
            },
          ];
        }),
      );
    },
  };
}

const dictionaryColumns = ['name', 'element', 'column_label', 'internal_type', 'reference', 'max_length', 'mandatory', 'active'];
const choiceColumns = ['name', 'element', 'value', 'label', 'language', 'inactive'];

function isColumn(row: JsonObject): boolean {
  return columnText(row, 'element') !== '' && columnText(row, 'active') !== 'false';
}
