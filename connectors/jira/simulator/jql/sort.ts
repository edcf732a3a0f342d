import { isList } from '../json.js';
import type { Issue } from '../store/issue.js';
import { compareByKey } from '../store/search-index.js';
import type { ClauseField } from './fields.js';
import type { Scope } from './scope.js';

type Sorter = (a: Issue, b: Issue) => number;

/** Ascending order by a field; empty values come last. Undefined for what cannot be sorted by. */
export function sorterOf(field: ClauseField, scope: Scope): Sorter | undefined {
  const { world } = scope.sim;
  const rank = (list: readonly { readonly id: string }[], id: unknown): number => {
    const at = list.findIndex((entry) => entry.id === id);
    return at < 0 ? list.length : at;
  };
  switch (field.kind) {
    case 'key':
      return compareByKey;
    case 'project':
      return (a, b) => compareTexts(a.projectKey, b.projectKey);
    case 'stamp':
      return (a, b) => stampOf(a, field.id, scope) - stampOf(b, field.id, scope) || 0;
    case 'status':
    case 'statusCategory':
      return (a, b) => rank(world.statuses, a.statusId) - rank(world.statuses, b.statusId);
    case 'issuetype':
      return (a, b) => compareTexts(a.typeId, b.typeId);
    case 'priority':
      return (a, b) => rank(world.priorities, b.values['priority']) - rank(world.priorities, a.values['priority']);
    case 'number':
      return (a, b) => numberOf(a.values[field.id]) - numberOf(b.values[field.id]) || 0;
    case 'comment':
      return undefined;
    default:
      return field.id === 'text' ? undefined : (a, b) => compareTexts(textOf(a, field.id), textOf(b, field.id));
  }
}

/** A stamp of an issue as the index holds it; an absent one sorts last. */
export function stampOf(issue: Issue, fieldId: string, scope: Scope): number {
  if (fieldId === 'updated') return scope.indexed(issue.updated);
  if (fieldId === 'created') return scope.indexed(issue.created);
  const value = issue.values[fieldId];
  return typeof value === 'number' ? scope.indexed(value) : Number.MAX_SAFE_INTEGER;
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : Number.MAX_VALUE;
}

function textOf(issue: Issue, fieldId: string): string {
  const value = issue.values[fieldId];
  if (value === undefined || value === null) return '\uffff';
  return isList(value) ? value.map(String).toSorted().join(' ') : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
