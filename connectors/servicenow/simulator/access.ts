import { plainContext, findRows } from './query/run.js';
import type { Row, Store } from './store.js';

/** A rule that takes something away from one user in one table. */
export interface AccessRule {
  readonly user: string;
  readonly table: string;
  /** Rows taken out after the limit: ids, or an encoded query; `all` = the user sees no row. */
  readonly hide?: readonly string[] | string;
  /** Fields whose keys are left out. */
  readonly hideFields?: readonly string[];
  /** The table is refused with 403. */
  readonly forbid?: boolean;
}

/** All rules that are in force. */
export interface AccessRules {
  add(rule: AccessRule): void;
  clear(): void;
  all(): readonly AccessRule[];
}

/** No rules: everybody sees everything. */
export function createAccessRules(): AccessRules {
  let rules: readonly AccessRule[] = [];
  return {
    add: (rule) => void (rules = [...rules, rule]),
    clear: () => void (rules = []),
    all: () => rules,
  };
}

const concerning = (rules: AccessRules, store: Store, user: string, table: string): readonly AccessRule[] =>
  rules.all().filter((rule) => rule.user === user && (store.dictionary.get(table)?.chain ?? [table]).includes(rule.table));

/** The whole table is refused, or a table that it extends. */
export const isForbidden = (rules: AccessRules, store: Store, user: string, table: string): boolean =>
  concerning(rules, store, user, table).some(({ forbid }) => forbid === true);

/** Fields whose keys are left out for this user. */
export const hiddenFields = (rules: AccessRules, store: Store, user: string, table: string): ReadonlySet<string> =>
  new Set(concerning(rules, store, user, table).flatMap(({ hideFields }) => hideFields ?? []));

/** Tells of the given rows which the user may see. */
export function visibleRows(
  rules: AccessRules,
  store: Store,
  user: string,
  table: string,
  rows: readonly Row[],
  now: number,
): readonly Row[] {
  const hides = concerning(rules, store, user, table).flatMap(({ hide }) => (hide === undefined ? [] : [hide]));
  if (hides.length === 0) return rows;
  if (hides.includes('all')) return [];
  const ids = new Set(hides.flatMap((hide) => (typeof hide === 'string' ? [] : hide)).map((id) => id.toLowerCase()));
  const byQuery = hides.filter((hide) => typeof hide === 'string').map((query) => matching(store, table, rows, query, now));
  return rows.filter((row) => !ids.has(row.sys_id.toLowerCase()) && !byQuery.some((hidden) => hidden.has(row)));
}

function matching(store: Store, name: string, rows: readonly Row[], query: string, now: number): ReadonlySet<Row> {
  const table = store.table(name);
  if (!table) return new Set();
  const only = { ...table, rows: new Map(rows.map((row) => [row.sys_id.toLowerCase(), row])) };
  const unordered = query.replaceAll(/\^?ORDERBY[^^]*/g, '');
  return new Set(
    findRows(only, unordered, { offset: 0, limit: rows.length }, plainContext(store, table, now), { returnsNoRows: true }).rows,
  );
}
