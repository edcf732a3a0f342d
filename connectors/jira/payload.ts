import { type Difference, Failure, type Json, type JsonObject } from 'golden-thread/kit';
import { canonical } from './adf-read.js';
import { richTextLimit } from './adf-write.js';
import type { Catalogue, CatalogueField } from './catalogue.js';
import { adfMarkup, type Markup } from './markup.js';
import { clean, cut, oneLine, summaryLimit } from './text.js';
import { instantOf, isObject, textIn as wordIn } from './value.js';

/** The fields of a write as Jira takes them, and what reading back must then show. */
export interface Payload {
  readonly fields: JsonObject;
  /** Labels, components and versions go this way: added and removed one by one, so that those that people set stay. */
  readonly update: JsonObject;
  readonly expected: readonly Expectation[];
}

interface Expectation {
  readonly field: CatalogueField;
  readonly wrote: Json;
  readonly holds: (found: Json) => boolean;
}

/**
 * Our field values as Jira's. Text is given as text: rich text becomes what this Jira holds as such, safe, a summary one line of 255 characters.
 * Options are given by value, priorities and components by name or `{id}`, people by account id, labels as a list (added) or `{add, remove}`.
 * Fails with `config` for a field that this Jira does not have, with `record` for a value that the field cannot hold.
 */
export function payloadOf(catalogue: Catalogue, fields: JsonObject, origins: ReadonlySet<string>, markup: Markup = adfMarkup): Payload {
  const result: { fields: Record<string, Json>; update: Record<string, Json>; expected: Expectation[] } = {
    fields: {},
    update: {},
    expected: [],
  };
  for (const [name, value] of Object.entries(fields)) {
    const field = catalogue.byName.get(name);
    if (field === undefined)
      throw new Failure('config', `Jira has no field "${name}"`, {
        committed: 'no',
        hint: 'correct the push mapping, or name the custom field under customFields of this system',
      });
    if (field.shape === 'words') {
      const { add, remove } = wordsOf(value, field);
      result.update[field.id] = [...add.map((word) => ({ add: word })), ...remove.map((word) => ({ remove: word }))];
      result.expected.push({ field, wrote: add, holds: (found) => holdsWords(found, add, remove) });
      continue;
    }
    if (field.shape === 'named-list') {
      const { add, remove } = namedChanges(field, value);
      const steps = [...add.map((one) => ({ add: one })), ...remove.map((one) => ({ remove: one }))];
      if (steps.length > 0) result.update[field.id] = steps;
      const has = (found: Json, one: JsonObject): boolean =>
        Array.isArray(found) && (found as readonly Json[]).some((item) => matches(item, one));
      result.expected.push({
        field,
        wrote: value,
        holds: (found) => add.every((one) => has(found, one)) && !remove.some((one) => has(found, one)),
      });
      continue;
    }
    const { wire, holds } =
      value === null
        ? { wire: null, holds: (found: Json) => found === null || (Array.isArray(found) && found.length === 0) }
        : written(field, value, origins, markup);
    result.fields[field.id] = wire;
    result.expected.push({ field, wrote: value, holds });
  }
  return result;
}

/** The fields that the remote does not hold as they were written. */
export function differencesOf(payload: Payload, data: JsonObject): readonly Difference[] {
  return payload.expected.flatMap(({ field, wrote, holds }) => {
    const found = data[field.name] ?? null;
    return holds(found) ? [] : [{ field: field.name, wrote, found }];
  });
}

interface Written {
  readonly wire: Json;
  readonly holds: (found: Json) => boolean;
}

function written(field: CatalogueField, value: Json, origins: ReadonlySet<string>, markup: Markup): Written {
  const same = (wire: Json, expected: Json): Written => ({ wire, holds: (found) => found === expected });
  switch (field.shape) {
    case 'text': {
      const text =
        field.id === 'summary' ? cut(oneLine(textIn(field, value)), summaryLimit) : cut(clean(textIn(field, value)), richTextLimit);
      return same(text, text === '' ? null : text);
    }
    case 'rich-text': {
      const wire = markup.write(textIn(field, value), origins);
      const text = markup.read(wire);
      return { wire, holds: (found) => (typeof found === 'string' ? canonical(found) : '') === text };
    }
    case 'number':
      return typeof value === 'number' ? same(value, value) : unfit(field, 'a number');
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? same(value, value) : unfit(field, 'a date as YYYY-MM-DD');
    case 'instant': {
      const at = instantOf(value);
      return at === undefined ? unfit(field, 'a date and time') : same(at.replace('Z', '+0000'), at);
    }
    case 'option':
      return same({ value: textIn(field, value) }, textIn(field, value));
    case 'options':
      return many(
        field,
        value,
        (item) => ({ value: textIn(field, item) }),
        (found, item) => found === item,
      );
    case 'user':
      return { wire: { accountId: account(field, value) }, holds: (found) => isObject(found) && found['id'] === account(field, value) };
    case 'users':
      return many(
        field,
        value,
        (item) => ({ accountId: account(field, item) }),
        (found, item) => isObject(found) && found['id'] === account(field, item),
      );
    case 'named':
    case 'status':
      return { wire: named(field, value, 'name'), holds: (found) => matches(found, named(field, value, 'name')) };
    case 'issue':
    case 'project':
      return { wire: named(field, value, 'key'), holds: (found) => matches(found, named(field, value, 'key')) };
    default:
      return { wire: value, holds: () => true };
  }
}

function many(field: CatalogueField, value: Json, wireOf: (item: Json) => Json, same: (found: Json, item: Json) => boolean): Written {
  const items = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return {
    wire: items.map(wireOf),
    holds: (found) =>
      Array.isArray(found) &&
      found.length === items.length &&
      items.every((item) => (found as readonly Json[]).some((one) => same(one, item))),
  };
}

function unfit(field: CatalogueField, expected: string): never {
  throw new Failure('record', `${field.name}: expected ${expected}`, { committed: 'no', hint: 'correct the push mapping' });
}

function textIn(field: CatalogueField, value: Json): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : unfit(field, 'text');
}

function account(field: CatalogueField, value: Json): string {
  const id = isObject(value) ? (value['id'] ?? value['accountId']) : value;
  return typeof id === 'string' && id !== '' ? id : unfit(field, 'an account id');
}

/** `High`, `{name: High}` or `{id: 2}`. */
function named(field: CatalogueField, value: Json, second: 'name' | 'key'): JsonObject {
  if (isObject(value)) {
    const id = value['id'];
    if (typeof id === 'string') return { id };
    return { [second]: textIn(field, value[second] ?? null) };
  }
  return { [second]: textIn(field, value) };
}

function matches(found: Json, wanted: JsonObject): boolean {
  if (!isObject(found)) return false;
  return Object.entries(wanted).every(([name, value]) => wordIn(found[name]).toLowerCase() === wordIn(value).toLowerCase());
}

/** Components and versions as a list (added), or as `{add, remove}`. */
function namedChanges(field: CatalogueField, value: Json): { readonly add: readonly JsonObject[]; readonly remove: readonly JsonObject[] } {
  const each = (list: Json | undefined): readonly JsonObject[] =>
    list === undefined || list === null
      ? []
      : (Array.isArray(list) ? (list as readonly Json[]) : [list]).map((item) => named(field, item, 'name'));
  return isObject(value) && ('add' in value || 'remove' in value)
    ? { add: each(value['add']), remove: each(value['remove']) }
    : { add: each(value), remove: [] };
}

function wordsOf(value: Json, field: CatalogueField): { readonly add: readonly string[]; readonly remove: readonly string[] } {
  const words = (list: Json | undefined): string[] =>
    list === undefined || list === null
      ? []
      : Array.isArray(list)
        ? (list as readonly Json[]).map((word) => label(textIn(field, word)))
        : unfit(field, 'a list of words');
  return isObject(value) ? { add: words(value['add']), remove: words(value['remove']) } : { add: words(value), remove: [] };
}

/** Jira refuses labels with blanks, and those over 255 characters. */
export function label(text: string): string {
  return cut(oneLine(text).replace(/ /g, '-'), 255);
}

function holdsWords(found: Json, add: readonly string[], remove: readonly string[]): boolean {
  const words = new Set(Array.isArray(found) ? (found as readonly Json[]) : []);
  return add.every((word) => words.has(word)) && remove.every((word) => !words.has(word));
}
