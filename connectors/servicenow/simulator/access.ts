import type { Account } from './accounts.js';
import { plainContext, findRows } from './query/run.js';
import type { Row, Store } from './store.js';

/** A rule that takes something away from one user, or from everybody with a role, in one table and those that extend it. */
export interface AccessRule {
  readonly user?: string;
  readonly role?: string;
  readonly table: string;
  /** Rows taken out after the limit: ids, or an encoded query; `all` = no row is seen. */
  readonly hide?: readonly string[] | string;
  /** Fields whose keys are left out. */
  readonly hideFields?: readonly string[];
  /** The table is refused with 403. */
  readonly forbid?: boolean;
  /** ISO 8601: in force from this instant of the virtual clock on, and until that one. Always without them. */
  readonly from?: string;
  readonly until?: string;
}

/** All rules. */
export interface AccessRules {
  add(rule: AccessRule): void;
  clear(): void;
  all(): readonly AccessRule[];
}

/** Who asks, and when by the virtual clock. */
export interface Asker {
  readonly account: Pick<Account, 'user_name' | 'roles'>;
  /** Milliseconds since the epoch. */
  readonly now: number;
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

const applies = ({ user, role, from, until }: AccessRule, { account, now }: Asker): boolean =>
  (user === undefined ? role !== undefined && account.roles.includes(role) : user === account.user_name) &&
  (from === undefined || now >= Date.parse(from)) &&
  (until === undefined || now < Date.parse(until));

const concerning = (rules: AccessRules, store: Store, asker: Asker, table: string): readonly AccessRule[] =>
  rules.all().filter((rule) => applies(rule, asker) && (store.dictionary.get(table)?.chain ?? [table]).includes(rule.table));

/** The whole table is refused, or a table that it extends. */
export const isForbidden = (rules: AccessRules, store: Store, asker: Asker, table: string): boolean =>
  concerning(rules, store, asker, table).some(({ forbid }) => forbid === true);

/** Fields whose keys are left out for this account. */
export const hiddenFields = (rules: AccessRules, store: Store, asker: Asker, table: string): ReadonlySet<string> =>
  new Set(concerning(rules, store, asker, table).flatMap(({ hideFields }) => hideFields ?? []));

/** Tells of the given rows which the account may see. A rule of a record's own class counts in the tables that the class extends, too. */
export function visibleRows(rules: AccessRules, store: Store, asker: Asker, table: string, rows: readonly Row[]): readonly Row[] {
  if (!rules.all().some((rule) => applies(rule, asker))) return rows;
  const byClass = Map.groupBy(rows, (row) => row['sys_class_name'] || table);
  const unseen = new Set([...byClass].flatMap(([name, own]) => hiddenOf(rules, store, asker, name, table, own)));
  return unseen.size === 0 ? rows : rows.filter((row) => !unseen.has(row));
}

function hiddenOf(rules: AccessRules, store: Store, asker: Asker, className: string, table: string, rows: readonly Row[]): readonly Row[] {
  const own = new Set([...concerning(rules, store, asker, className), ...concerning(rules, store, asker, table)]);
  return [...own].flatMap(({ hide, forbid }) => {
    if (hide === 'all' || forbid === true) return rows;
    if (hide === undefined) return [];
    if (typeof hide === 'string') return [...matching(store, className, rows, hide, asker.now)];
    const ids = new Set(hide.map((id) => id.toLowerCase()));
    return rows.filter((row) => ids.has(row.sys_id.toLowerCase()));
  });
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
