import type { Issue } from '../store/issue.js';
import { compareByKey } from '../store/search-index.js';
import { clauseField } from './fields.js';
import { compileComparison } from './compare.js';
import type { Clause, Query } from './parse.js';
import type { Scope } from './scope.js';
import { sorterOf } from './sort.js';

export type Test = (issue: Issue) => boolean;

/** A query ready to run. */
export interface Compiled {
  readonly test: Test;
  readonly compare: (a: Issue, b: Issue) => number;
  /** The order is exactly the index's own (updated, key), so that nothing has to be sorted. */
  readonly inIndexOrder: boolean;
  /** Every match was updated at or after this, milliseconds. */
  readonly updatedFrom: number;
  /** What is wrong with its fields, values, functions, operators; empty when nothing is. */
  readonly problems: readonly string[];
}

/** Resolves names and values against the site. Never fails: what does not exist is a problem, and its clause matches nothing. */
export function compileQuery(query: Query, scope: Scope): Compiled {
  const problems: string[] = [];
  const test = query.where === undefined ? () => true : compileClause(query.where, scope, problems);
  const sorters = query.orderBy.flatMap((order) => {
    const field = clauseField(scope.sim.world, order.field);
    const sorter = field === undefined ? undefined : sorterOf(field, scope);
    if (sorter === undefined) problems.push(`Not able to sort using field '${order.field}'.`);
    return sorter === undefined ? [] : [order.descending ? (a: Issue, b: Issue) => sorter(b, a) : sorter];
  });
  const names = query.orderBy
    .map((order) => `${clauseField(scope.sim.world, order.field)?.id ?? ''}${order.descending ? ' desc' : ''}`)
    .join();
  return {
    test,
    compare: (a, b) => {
      for (const sorter of sorters) {
        const difference = sorter(a, b);
        if (difference !== 0) return difference;
      }
      return sorters.length === 0 ? compareByKey(b, a) : compareByKey(a, b);
    },
    inIndexOrder: names === 'updated,key' || names === 'updated',
    updatedFrom: query.where === undefined ? -Infinity : lowerBound(query.where, scope),
    problems,
  };
}

function compileClause(clause: Clause, scope: Scope, problems: string[]): Test {
  if (clause.kind === 'compare') return compileComparison(clause, scope, problems);
  if (clause.kind === 'not') {
    const test = compileClause(clause.clause, scope, problems);
    return (issue) => !test(issue);
  }
  const tests = clause.clauses.map((each) => compileClause(each, scope, problems));
  return clause.kind === 'and' ? (issue) => tests.every((test) => test(issue)) : (issue) => tests.some((test) => test(issue));
}

/** The greatest `updated >=` that every match must satisfy: found through ANDs only. */
function lowerBound(clause: Clause, scope: Scope): number {
  if (clause.kind === 'and') return Math.max(...clause.clauses.map((each) => lowerBound(each, scope)));
  if (clause.kind !== 'compare' || !['>', '>='].includes(clause.operator)) return -Infinity;
  if (clauseField(scope.sim.world, clause.field)?.id !== 'updated') return -Infinity;
  const [operand] = clause.operands;
  return operand === undefined ? -Infinity : (scope.readDate(operand) ?? -Infinity);
}
