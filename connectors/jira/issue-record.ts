import type { Json, JsonObject, SourceRecord } from 'golden-thread/kit';
import type { Row } from 'golden-thread/kit';
import type { Catalogue, CatalogueField } from './catalogue.js';
import { partsOf } from './issue-key.js';
import { clean } from './text.js';
import { instantOf, isObject, valueOf } from './value.js';

/** What every record holds, whether a mapping reads it or not: what people recognise an issue by, and what decisions rest on. */
const always = ['summary', 'status', 'created', 'updated', 'project', 'issuetype'];

/** What improvement tickets hold besides: all that a person decides in them. */
const inTickets = [
  'description',
  'priority',
  'assignee',
  'reporter',
  'labels',
  'components',
  'resolution',
  'resolutiondate',
  'duedate',
  'parent',
];

/** The fields of a stream's records: what mappings read, and what is always needed. `tickets`: every alias and every field that people decide by. */
export function fieldSet(catalogue: Catalogue, wanted: readonly string[], tickets: boolean): readonly CatalogueField[] {
  const names = new Set([
    ...always,
    ...(tickets ? [...inTickets, ...catalogue.aliases] : []),
    ...wanted.map((path) => path.split('.')[0] ?? path),
  ]);
  return [...names].flatMap((name) => catalogue.byName.get(name) ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

export interface RecordFrame {
  readonly system: string;
  readonly stream: string;
  readonly fields: readonly CatalogueField[];
  readonly urlOf: (key: string) => string;
  /** Rich text that comes as a string (Data Center's wiki markup) as plain text. */
  readonly richText?: (raw: string) => string;
}

/**
 * An issue as a record: the id is its identity (a key changes when an issue is moved), `data.key` and the number are its key today.
 * One that cannot be read becomes a rejection with the reason for each field; it never spoils the page.
 */
export function rowOf(raw: Json, frame: RecordFrame): Row {
  const issue: JsonObject = isObject(raw) ? raw : {};
  const fields: JsonObject = isObject(issue['fields']) ? issue['fields'] : {};
  const problems: string[] = [];
  const id = typeof issue['id'] === 'string' && /^\d+$/.test(issue['id']) ? issue['id'] : undefined;
  const key = typeof issue['key'] === 'string' ? clean(issue['key']) : undefined;
  const updatedAt = instantOf(fields['updated']);
  if (id === undefined) problems.push('id: expected a number as text');
  if (key === undefined || partsOf(key) === undefined) problems.push('key: expected PROJECT-NUMBER');
  if (updatedAt === undefined) problems.push('updated: expected a date and time');
  if (frame.fields.some((field) => field.id === 'summary') && (fields['summary'] ?? null) === null)
    problems.push('summary: expected text, found nothing');
  const data: Record<string, Json> = { key: key ?? null };
  for (const field of frame.fields)
    data[field.name] = valueOf(field.shape, fields[field.id], (problem) => problems.push(`${field.name}: ${problem}`), frame.richText);
  if (id === undefined || key === undefined || updatedAt === undefined || problems.length > 0)
    return {
      rejection: {
        key: id ?? `issue without an id (${key ?? 'no key'})`,
        problems,
        raw: issue,
        ...(updatedAt !== undefined && { updatedAt }),
      },
    };
  return { record: { ref: { system: frame.system, stream: frame.stream, key: id }, number: key, url: frame.urlOf(key), updatedAt, data } };
}

/** The record of a row that can be read; undefined for a rejection. */
export function recordOf(row: Row): SourceRecord | undefined {
  return 'record' in row ? row.record : undefined;
}
