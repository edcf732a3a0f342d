import type { Row, Store, Table } from '../store.js';
import { compileCondition } from './condition.js';
import type { ConditionContext } from './context.js';
import { compilePath } from './path.js';
import { allOf, narrow } from './narrow.js';
import { rangeById, rangeByUpdate } from './range.js';
import { type Condition, type Malformed, type Order, type Query, parseQuery } from './syntax.js';

export interface Window {
  readonly offset: number;
  readonly limit: number;
}

export interface Found {
  /** All that match, before the window and before any access rule. */
  readonly total: number;
  /** The rows of the window, in order. */
  readonly rows: readonly Row[];
  /** Conditions that were dropped because they are invalid. */
  readonly ignored: readonly string[];
}

export interface FindOptions {
  readonly returnsNoRows: boolean;
  /** For queries without ORDERBY; undefined = order of insertion. */
  readonly shuffle?: () => number;
}

/** Runs an encoded query over a table and cuts the window out: limits come before access rules, as in the instance. */
export function findRows(table: Table, text: string, window: Window, context: ConditionContext, options: FindOptions): Found {
  const { query, ignored } = validate(parseQuery(text), context);
  if (ignored.length > 0 && options.returnsNoRows) return { total: 0, rows: [], ignored };
  const indexed = findByIndex(table, query, window, context);
  return { ...(indexed ?? findByScan(table, query, window, context, options)), ignored };
}

/** What a query ACL of the kind query_range refuses. */
const rangeOperators: ReadonlySet<string> = new Set(['>', '>=', '<', '<=', 'BETWEEN', 'STARTSWITH', 'ENDSWITH', 'LIKE', 'NOT LIKE']);

/** Takes out the conditions that mean nothing for this table; what remains of a clause stands. */
function validate(query: Query, context: ConditionContext): { query: Query; ignored: readonly string[] } {
  const ignored: string[] = [];
  const valid = (condition: Condition | Malformed): boolean => {
    const allowed = context.ranges !== false || !('field' in condition) || !rangeOperators.has(condition.operator);
    const good = allowed && 'field' in condition && compileCondition(condition, context) !== undefined;
    if (!good) ignored.push(condition.text);
    return good;
  };
  const clauses = query.clauses.map((clause) => clause.map((group) => group.filter(valid)).filter((group) => group.length > 0));
  const orders = query.orders.filter(({ field }) => compilePath(context.store, context.table, field) !== undefined);
  return { query: { clauses, orders }, ignored };
}

/** Reads along an index where the order asks for one; undefined where it does not, or where clauses overlap. */
function findByIndex(table: Table, query: Query, window: Window, context: ConditionContext): Omit<Found, 'ignored'> | undefined {
  const [first, second, ...more] = query.orders;
  if (first === undefined || more.length > 0) return undefined;
  const descending = first.descending;
  const byUpdate =
    first.field === 'sys_updated_on' && (second === undefined || (second.field === 'sys_id' && second.descending === descending));
  const byId = first.field === 'sys_id' && second === undefined;
  if (!byUpdate && !byId) return undefined;
  const { index, clauses } = narrow(table, byUpdate ? 'byUpdate' : 'byId', query.clauses, context);
  const ranges = clauses
    .map((clause) => (byUpdate ? rangeByUpdate(clause, index) : rangeById(clause, index)))
    .toSorted((a, b) => a.from - b.from || a.to - b.to);
  if (ranges.some(({ from }, place) => place > 0 && from < (ranges[place - 1]?.to ?? 0))) return undefined;
  const tested = ranges.map((range) => ({ ...range, test: allOf(range, context) }));
  const rows: Row[] = [];
  let total = 0;
  const items = index.items();
  const take = (row: Row | undefined): void => {
    if (row && total >= window.offset && rows.length < window.limit) rows.push(row);
    total++;
  };
  for (const { from, to, test } of descending ? tested.toReversed() : tested) {
    if (test === undefined) {
      const skip = Math.min(Math.max(0, window.offset - total), to - from);
      const count = Math.min(window.limit - rows.length, to - from - skip);
      for (let step = skip; step < skip + count; step++) {
        const row = items[descending ? to - 1 - step : from + step];
        if (row) rows.push(row);
      }
      total += to - from;
      continue;
    }
    for (let step = 0; step < to - from; step++) {
      const row = items[descending ? to - 1 - step : from + step];
      if (row && test(row)) take(row);
    }
  }
  return { total, rows };
}

function findByScan(
  table: Table,
  query: Query,
  { offset, limit }: Window,
  context: ConditionContext,
  { shuffle }: FindOptions,
): Omit<Found, 'ignored'> {
  const tests = query.clauses.map((clause) => allOf({ rest: clause }, context));
  const unbounded = tests.some((test) => test === undefined);
  const matches: Row[] = [];
  for (const row of candidates(table, query)) if (unbounded || tests.some((test) => test?.(row))) matches.push(row);
  if (query.orders.length > 0) matches.sort(compareBy(query.orders, context));
  else if (shuffle) for (const [at, row] of matches.entries()) swap(matches, at, Math.floor(shuffle() * matches.length), row);
  return { total: matches.length, rows: matches.slice(offset, offset + limit) };
}

/** One record by its sys_id needs no scan. */
function candidates(table: Table, query: Query): Iterable<Row> {
  const [clause, ...more] = query.clauses;
  const pin = more.length > 0 ? undefined : clause?.map(pinOf).find((one) => one !== undefined);
  if (pin === undefined) return table.rows.values();
  const ids = new Set((pin.operator === 'IN' ? pin.value.split(',') : [pin.value]).map((id) => id.trim().toLowerCase()));
  return [...ids].flatMap((id) => table.rows.get(id) ?? []);
}

function pinOf([condition, other]: readonly (Condition | Malformed)[]): Condition | undefined {
  if (other !== undefined || condition === undefined || !('field' in condition) || condition.field !== 'sys_id') return undefined;
  return ['=', 'IN'].includes(condition.operator) && !condition.value.startsWith('javascript:') ? condition : undefined;
}

function compareBy(orders: readonly Order[], { store, table }: ConditionContext): (a: Row, b: Row) => number {
  const keys = orders.flatMap(({ field, descending }) => {
    const path = compilePath(store, table, field);
    if (!path) return [];
    const numeric = ['integer', 'decimal', 'percent_complete'].includes(path.column.type);
    return [{ read: path.read, numeric, sign: descending ? -1 : 1 }];
  });
  return (a, b) => {
    for (const { read, numeric, sign } of keys) {
      const left = read(a);
      const right = read(b);
      const order = numeric ? Number(left) - Number(right) : left < right ? -1 : left > right ? 1 : 0;
      if (order !== 0) return order * sign;
    }
    return 0;
  };
}

function swap(rows: Row[], at: number, other: number, row: Row): void {
  const moved = rows[other];
  if (moved === undefined) return;
  rows[at] = moved;
  rows[other] = row;
}

/** A context without a person: for what the simulator asks of itself (access rules, control). */
export function plainContext(store: Store, table: Table, now: number): ConditionContext {
  return {
    store,
    table: table.definition,
    caller: { userId: '', userName: 'system', zone: 'UTC', now },
    caseSensitive: true,
    dateEquals: true,
  };
}
