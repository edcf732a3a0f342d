import { type Json, asText, isList, isObject } from '../json.js';
import type { Issue } from '../store/issue.js';
import { plainText } from '../fields/adf.js';
import { type ClauseField, clauseField, operators } from './fields.js';
import type { Test } from './compile.js';
import type { Clause, Operand } from './parse.js';
import { resolveValues } from './values.js';
import type { Scope } from './scope.js';
import { matchWords } from './words.js';
import { ordered } from './ordered.js';
import { stampOf } from './sort.js';

type Comparison = Extract<Clause, { kind: 'compare' }>;

const nothing: Test = () => false;

/** One comparison as a test. `!=` and `not in` never match an empty field, as in Jira. */
export function compileComparison(clause: Comparison, scope: Scope, problems: string[]): Test {
  const field = clauseField(scope.sim.world, clause.field);
  const fail = (problem: string): Test => {
    problems.push(problem);
    return nothing;
  };
  if (field === undefined) return fail(`Field '${clause.field}' does not exist or you do not have permission to view it.`);
  const { operator } = clause;
  const isCall = clause.operands.some((operand) => operand.kind === 'function') && (operator === 'in' || operator === 'not in');
  if (!operators[field.kind].includes(operator) && !isCall)
    return fail(`The operator '${operator}' is not supported by the '${clause.field}' field.`);
  const wantsEmpty = clause.operands[0]?.kind === 'empty' && clause.operands.length === 1;
  if (operator === 'is' || operator === 'is not') {
    if (!wantsEmpty) return fail(`The operator '${operator}' must be followed by EMPTY or NULL for the field '${clause.field}'.`);
    return operator === 'is' ? (issue) => isEmpty(issue, field) : (issue) => !isEmpty(issue, field);
  }
  if (wantsEmpty && operator === '=') return (issue) => isEmpty(issue, field);
  if (wantsEmpty && operator === '!=') return (issue) => !isEmpty(issue, field);
  if (field.kind === 'words' || field.kind === 'comment') return compileWords(clause, field, scope, fail);
  if (field.kind === 'stamp' || field.kind === 'date') return compileDates(clause, field, scope, problems);
  if (field.kind === 'number') return compileNumbers(clause, field, fail);
  return compileValues(clause, field, scope, problems);
}

function compileWords(clause: Comparison, field: ClauseField, scope: Scope, fail: (problem: string) => Test): Test {
  const [operand] = clause.operands;
  const matches = operand?.kind === 'value' ? matchWords(operand.text) : undefined;
  if (matches === undefined) return fail(`The text search on field '${clause.field}' holds no word to look for.`);
  const textual = scope.sim.world.fields.filter((each) => ['summary', 'adf', 'text'].includes(each.kind)).map((each) => each.id);
  const ids = field.id === 'text' ? textual : [field.id];
  const withComments = field.id === 'text' || field.id === 'comment';
  const texts = (issue: Issue): string => {
    const own = ids.map((id) => words(issue.values[id]));
    const comments = withComments ? (scope.sim.shelf.files.get(issue.id)?.comments ?? []).map((comment) => plainText(comment.body)) : [];
    return [...own, ...comments].join('\n');
  };
  return clause.operator === '~' ? (issue) => matches(texts(issue)) : (issue) => !isEmpty(issue, field) && !matches(texts(issue));
}

function words(value: Json | undefined): string {
  return isObject(value) ? plainText(value) : typeof value === 'string' ? value : '';
}

function compileDates(clause: Comparison, field: ClauseField, scope: Scope, problems: string[]): Test {
  const wanted: number[] = [];
  for (const operand of clause.operands) {
    const at = scope.readDate(operand);
    if (at === undefined) problems.push(dateProblem(clause.field, operand));
    else wanted.push(at);
  }
  if (wanted.length === 0) return nothing;
  const valueOf =
    field.kind === 'stamp' ? (issue: Issue) => stampOf(issue, field.id, scope) : (issue: Issue) => dayOf(issue.values[field.id], scope);
  const test = ordered(clause.operator, wanted);
  return (issue) => !isEmpty(issue, field) && test(valueOf(issue));
}

function dayOf(value: Json | undefined, scope: Scope): number {
  return scope.readDate({ kind: 'value', text: asText(value), quoted: true }) ?? Number.NaN;
}

function dateProblem(name: string, operand: Operand): string {
  if (operand.kind === 'function') return `Unable to find JQL function '${operand.name}(${operand.args.join(', ')})'.`;
  const text = operand.kind === 'value' ? operand.text : 'EMPTY';
  return `Date value '${text}' for field '${name}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.`;
}

function compileNumbers(clause: Comparison, field: ClauseField, fail: (problem: string) => Test): Test {
  const wanted = clause.operands.map((operand) => (operand.kind === 'value' ? Number(operand.text) : Number.NaN));
  if (wanted.some((number) => Number.isNaN(number))) return fail(`The value for the field '${clause.field}' is no number.`);
  const test = ordered(clause.operator, wanted);
  return (issue) => !isEmpty(issue, field) && test(Number(issue.values[field.id]));
}

function compileValues(clause: Comparison, field: ClauseField, scope: Scope, problems: string[]): Test {
  const matches = resolveValues(clause, field, scope, problems);
  if (matches === undefined) return nothing;
  const negated = clause.operator === '!=' || clause.operator === 'not in';
  return negated ? (issue) => !isEmpty(issue, field) && !matches(issue) : matches;
}

/** Whether a field of an issue holds nothing. */
export function isEmpty(issue: Issue, field: ClauseField): boolean {
  if (['key', 'project', 'status', 'statusCategory', 'issuetype'].includes(field.kind)) return false;
  if (field.id === 'updated' || field.id === 'created') return false;
  const value = issue.values[field.id];
  return value === undefined || value === null || (isList(value) && value.length === 0);
}
