import type { Json, JsonObject } from '../json.js';
import type { Change, Issue, IssueFile } from '../store/issue.js';
import { type Eyes, renderField, renderPerson, renderStamp } from './render.js';
import type { Field } from '../world/types.js';

/** Most changelog entries that `expand=changelog` shows, newest first: the newer text of the specification. */
const expandedChanges = 40;

/** What to show of an issue. */
export interface Selection {
  /** The fields to show; undefined = only the id, the default of search. */
  readonly fields: readonly Field[] | undefined;
  readonly properties: readonly string[];
  readonly expand: readonly string[];
}

/** Reads a `fields` parameter: ids, `*all`, `*navigable`, `-id` to leave out. `fallback` stands when there is none. */
export function selectFields(all: readonly Field[], wanted: readonly string[] | undefined, fallback: string): readonly Field[] | undefined {
  const names = wanted === undefined || wanted.length === 0 ? [fallback] : wanted;
  if (names.every((name) => name === 'id')) return undefined;
  const everything = names.includes('*all') || names.every((name) => name.startsWith('-'));
  const navigable = names.includes('*navigable');
  return all.filter((field) => {
    if (names.includes(`-${field.id}`)) return false;
    return everything || names.includes(field.id) || (navigable && field.kind !== 'comments');
  });
}

/** An issue as search, GET and bulkfetch show it. `issue` is the version to show; properties always come from the store. */
export function renderIssue(eyes: Eyes, file: IssueFile, issue: Issue, selection: Selection): JsonObject {
  if (selection.fields === undefined && selection.properties.length === 0) return { id: String(issue.id) };
  const fields = Object.fromEntries((selection.fields ?? []).map((field) => [field.id, renderField(eyes, file, issue, field)]));
  const properties = selection.properties.flatMap((key): [string, Json][] => {
    const value = file.properties.get(key);
    return value === undefined ? [] : [[key, value]];
  });
  return {
    expand: 'renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations',
    id: String(issue.id),
    self: `${eyes.sim.baseUrl}/rest/api/3/issue/${issue.id}`,
    key: issue.key,
    ...(selection.fields !== undefined && { fields }),
    ...(selection.properties.length > 0 && { properties: Object.fromEntries(properties) }),
    ...(selection.expand.includes('changelog') && { changelog: renderExpandedChangelog(eyes, file) }),
    ...(selection.expand.includes('names') && { names: namesOf(selection.fields ?? []) }),
  };
}

/** `expand=names`: field id -> name. */
export function namesOf(fields: readonly Field[]): JsonObject {
  return Object.fromEntries(fields.map((field) => [field.id, field.name]));
}

/** One changelog entry. */
export function renderChange(eyes: Eyes, change: Change): JsonObject {
  return {
    id: String(change.id),
    author: renderPerson(eyes, change.author),
    created: renderStamp(eyes, change.at),
    items: change.items.map((item) => ({ ...item })),
  };
}

function renderExpandedChangelog(eyes: Eyes, file: IssueFile): JsonObject {
  const newestFirst = file.changes.toReversed().slice(0, expandedChanges);
  return {
    startAt: 0,
    maxResults: newestFirst.length,
    total: file.changes.length,
    histories: newestFirst.map((change) => renderChange(eyes, change)),
  };
}
