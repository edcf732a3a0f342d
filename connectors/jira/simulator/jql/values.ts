import { asText, isList } from '../json.js';
import type { Issue } from '../store/issue.js';
import { findFile } from '../store/shelf.js';
import { canSee } from '../access.js';
import type { ClauseField } from './fields.js';
import { ordered } from './ordered.js';
import type { Test } from './compile.js';
import type { Clause, Operand } from './parse.js';
import type { Scope } from './scope.js';

type Comparison = Extract<Clause, { kind: 'compare' }>;

/** A test for the positive sense of a comparison by value (`=`, `in`, and order for keys and priorities); undefined when no operand exists. */
export function resolveValues(clause: Comparison, field: ClauseField, scope: Scope, problems: string[]): Test | undefined {
  if (field.kind === 'key') return resolveKeys(clause, scope, problems);
  const wanted = new Set<string>();
  let found = 0;
  for (const operand of clause.operands) {
    const ids = resolveOperand(operand, field, scope);
    if (ids === undefined) problems.push(problemWith(operand, clause.field));
    else found += 1;
    for (const id of ids ?? []) wanted.add(id);
  }
  if (found === 0) return undefined;
  if (field.kind === 'priority' && ['>', '>=', '<', '<='].includes(clause.operator)) {
    const rank = (id: unknown): number => -scope.sim.world.priorities.findIndex((priority) => priority.id === id); // first is highest
    const test = ordered(clause.operator, [rank([...wanted][0])]);
    return (issue) => issue.values['priority'] !== undefined && test(rank(issue.values['priority']));
  }
  return (issue) => valuesOf(issue, field, scope).some((value) => wanted.has(value));
}

function problemWith(operand: Operand, name: string): string {
  if (operand.kind === 'function') return `Unable to find JQL function '${operand.name}(${operand.args.join(', ')})'.`;
  return `The value '${operand.kind === 'value' ? operand.text : 'EMPTY'}' does not exist for the field '${name}'.`;
}

/** Ids that an operand means; undefined when there is no such value, which Jira reports as a problem. */
function resolveOperand(operand: Operand, field: ClauseField, scope: Scope): readonly string[] | undefined {
  const { world } = scope.sim;
  if (operand.kind === 'function')
    return operand.name.toLowerCase() === 'currentuser' && field.kind === 'user' ? [scope.caller?.accountId ?? ''] : undefined;
  if (operand.kind === 'empty') return [];
  const { text } = operand;
  const lower = text.toLowerCase();
  const named = (list: readonly { readonly id: string; readonly name: string }[]): readonly string[] | undefined => {
    const ids = list.filter((entry) => entry.id === text || entry.name.toLowerCase() === lower).map((entry) => entry.id);
    return ids.length > 0 ? ids : undefined;
  };
  switch (field.kind) {
    case 'project': {
      const project = world.projects.find(
        (each) => each.key.toLowerCase() === lower || each.id === text || each.name.toLowerCase() === lower,
      );
      const visible = project !== undefined && scope.caller !== undefined && !scope.caller.blind.includes(project.key);
      return visible ? [project.key] : undefined;
    }
    case 'status':
      return named(world.statuses);
    case 'statusCategory':
      return categories[lower] === undefined ? undefined : [categories[lower]];
    case 'issuetype':
      return named(world.projects.flatMap((project) => project.types));
    case 'priority':
      return named(world.priorities);
    case 'resolution':
      return lower === 'unresolved' ? [''] : named(world.resolutions);
    case 'security':
      return named(world.securityLevels);
    case 'components':
      return named(world.projects.flatMap((project) => project.components));
    case 'select':
      return named(world.fields.find((each) => each.id === field.id)?.options ?? []);
    case 'user': {
      const person = world.people.find((each) => each.accountId === text || each.displayName.toLowerCase() === lower);
      return person === undefined ? undefined : [person.accountId];
    }
    case 'parent': {
      const file = findFile(scope.sim.shelf, text);
      return file === undefined ? undefined : [String(file.issue.id)];
    }
    default:
      return [scope.sim.switches.labelsCaseSensitive ? text : lower];
  }
}

const categories: Readonly<Record<string, string>> = {
  'to do': 'new',
  new: 'new',
  '2': 'new',
  'in progress': 'indeterminate',
  indeterminate: 'indeterminate',
  '4': 'indeterminate',
  done: 'done',
  complete: 'done',
  '3': 'done',
};

function valuesOf(issue: Issue, field: ClauseField, scope: Scope): readonly string[] {
  switch (field.kind) {
    case 'project':
      return [issue.projectKey];
    case 'status':
      return [issue.statusId];
    case 'statusCategory':
      return [scope.sim.world.statuses.find((status) => status.id === issue.statusId)?.category ?? ''];
    case 'issuetype':
      return [issue.typeId];
    default: {
      const value = issue.values[field.id];
      if (field.kind === 'resolution' && value === undefined) return [''];
      if (!isList(value)) return value === undefined || value === null ? [] : [asText(value)];
      const texts = value.map(String);
      return field.kind === 'labels' && !scope.sim.switches.labelsCaseSensitive ? texts.map((text) => text.toLowerCase()) : texts;
    }
  }
}

/** Keys and ids. An unknown, deleted or invisible issue is a value that does not exist. Order is by number within one project, by id for ids. */
function resolveKeys(clause: Comparison, scope: Scope, problems: string[]): Test | undefined {
  const wanted: Issue[] = [];
  let bound: number | undefined;
  for (const operand of clause.operands) {
    const text = operand.kind === 'value' ? operand.text : '';
    const file = findFile(scope.sim.shelf, text);
    const isIdBound = /^\d+$/.test(text) && !['=', '!=', 'in', 'not in'].includes(clause.operator);
    if (isIdBound) bound = Number(text);
    else if (file === undefined || !canSee(scope.sim, scope.caller, file)) problems.push(keyProblem(operand, clause.field));
    else wanted.push(file.issue);
  }
  if (bound !== undefined) {
    const test = ordered(clause.operator, [bound]);
    return (issue) => test(issue.id);
  }
  const [first] = wanted;
  if (first === undefined) return undefined;
  if (['>', '>=', '<', '<='].includes(clause.operator)) {
    const test = ordered(clause.operator, [first.number]);
    return (issue) => issue.projectKey === first.projectKey && test(issue.number);
  }
  const ids = new Set(wanted.map((issue) => issue.id));
  return (issue) => ids.has(issue.id);
}

function keyProblem(operand: Operand, name: string): string {
  if (operand.kind === 'function') return `Unable to find JQL function '${operand.name}(${operand.args.join(', ')})'.`;
  return `An issue with key '${operand.kind === 'value' ? operand.text : 'EMPTY'}' does not exist for field '${name}'.`;
}
