import { type Ordered, byId, byUpdate, createOrdered } from '../ordered.js';
import type { Table } from '../store.js';
import { compileCondition } from './condition.js';
import type { ConditionContext, Test } from './context.js';
import { type Range, rangeById, rangeByUpdate } from './range.js';
import type { Condition, Malformed } from './syntax.js';

type Clause = readonly (readonly (Condition | Malformed)[])[];

/** An index, and what of the clauses is still to be asked of it. */
export interface Narrowed {
  readonly index: Ordered;
  readonly clauses: readonly Clause[];
}

/**
 * A reader asks the same filter for page after page. Where all clauses have one filter beside their bounds, and it depends on the rows
 * alone, its rows get an index of their own, kept until the table changes: the count that each page carries then costs no scan.
 */
export function narrow(table: Table, by: 'byUpdate' | 'byId', clauses: readonly Clause[], context: ConditionContext): Narrowed {
  const whole = table[by];
  const rests = clauses.map((clause) => (by === 'byUpdate' ? rangeByUpdate(clause, whole) : rangeById(clause, whole)).rest);
  const [rest = []] = rests;
  const name = nameOf(rest);
  if (rest.length === 0 || !rest.every(isTimeless) || rests.some((other) => nameOf(other) !== name)) return { index: whole, clauses };
  const key = [by, context.caseSensitive, context.dateEquals, name].join(' ');
  const test = allOf({ rest }, context);
  const known = table.filtered.get(key);
  const index = known ?? createOrdered(by === 'byUpdate' ? byUpdate : byId, () => whole.items().filter((row) => test?.(row)));
  if (table.filtered.size >= mostKept) table.filtered.clear();
  table.filtered.set(key, index);
  return { index, clauses: clauses.map((clause) => clause.filter((group) => !rests.some((other) => other.includes(group)))) };
}

const mostKept = 8;

const nameOf = (rest: Range['rest']): string => rest.map((group) => group.map(({ text }) => text).join('^OR')).join('^');

/** Neither the clock, nor the caller, nor another table has a say in it. */
const isTimeless = (group: readonly (Condition | Malformed)[]): boolean =>
  group.every(
    (condition) =>
      'field' in condition &&
      !condition.field.includes('.') &&
      !condition.value.includes('javascript:') &&
      ['=', '!=', '>', '>=', '<', '<=', 'IN', 'NOT IN', 'ISEMPTY', 'ISNOTEMPTY', 'BETWEEN'].includes(condition.operator),
  );

/** Undefined = every row. */
export function allOf({ rest }: Pick<Range, 'rest'>, context: ConditionContext): Test | undefined {
  const groups = rest.map((group) => group.flatMap((condition) => ('field' in condition && compileCondition(condition, context)) || []));
  const tests = groups.map((group): Test => (group.length === 1 && group[0] ? group[0] : (row) => group.some((test) => test(row))));
  if (tests.length === 0) return undefined;
  return tests.length === 1 ? tests[0] : (row) => tests.every((test) => test(row));
}
