import type { Json, JsonObject } from 'golden-thread/kit';
import { emptyOf, type Shape } from './shape.js';
import { clean } from './text.js';
import { byId, byText, instantOf, textOrNull } from './value.js';
import { partsOf } from './issue-key.js';

/** One end of a change as the changelog has it: an id, and a text for people. Either may be missing. */
export interface End {
  readonly id: string | undefined;
  readonly text: string | undefined;
}

/** What a changelog alone does not say. */
export interface Known {
  /** Category key of a status, by status id. */
  readonly categories: ReadonlyMap<string, string>;
  /** The rich text of an entry as plain text. */
  readonly richText: (raw: string) => string;
}

/** An end of a change in the shape in which records hold the field. The same as {@link valueOf} gives for the field itself. */
export function valueOfEnd(shape: Shape, end: End, known: Known): Json {
  const { id, text } = end;
  if (blank(id) && blank(text)) return emptyOf(shape);
  const label = text === undefined ? null : clean(text);
  switch (shape) {
    case 'text':
    case 'option':
      return textOrNull(label ?? '');
    case 'rich-text':
      return textOrNull(known.richText(text ?? ''));
    case 'number': {
      const number = Number(text ?? id);
      return Number.isFinite(number) ? number : null;
    }
    case 'date':
      return (blank(id) ? (text ?? '') : (id ?? '')).slice(0, 10);
    case 'instant':
      return stampOf(id) ?? stampOf(text) ?? null;
    case 'user':
      return blank(id) ? null : { id: id ?? '', name: textOrNull(label ?? '') };
    case 'status':
      return { id: id ?? null, name: label, category: known.categories.get(id ?? '') ?? null };
    case 'issue':
      return { id: id ?? null, key: label };
    case 'named':
    case 'project':
      return { id: id ?? null, [shape === 'project' ? 'key' : 'name']: label };
    case 'words':
      return (label ?? '')
        .split(/\s+/)
        .filter((word) => word !== '')
        .toSorted(byText);
    case 'options':
      return split(label ?? '').toSorted(byText);
    case 'users':
      return pairs(id ?? '', label ?? '').toSorted(byId);
    default:
      return label ?? id ?? null;
  }
}

/** The elements at one end of a change of a list: one element (an entry for each that came or went) or the whole list. */
export function elementsOf({ id, text }: End): readonly JsonObject[] {
  if (id === undefined || id === '') return [];
  return id.includes(',') ? pairs(id, clean(text ?? '')) : [{ id, name: clean(text ?? '') }];
}

/** The project of a key, in the shape of the field `project`: its changelog entry has the project's name instead of its key. */
export function projectOfKey(id: Json, key: string | undefined): JsonObject {
  return { id, key: (key === undefined ? undefined : partsOf(key)?.project) ?? null };
}

/** A changelog has instants as ISO text or as milliseconds written out. */
function stampOf(text: string | undefined): string | undefined {
  return instantOf(text !== undefined && /^\d{9,}$/.test(text) ? Number(text) : text);
}

function blank(text: string | undefined): boolean {
  return text === undefined || text === '';
}

/** `[A, B]`, `A,B` or `A, B`. */
function split(text: string): string[] {
  return text
    .replace(/^\[(.*)\]$/s, '$1')
    .split(/,\s*/)
    .filter((part) => part !== '');
}

function pairs(ids: string, labels: string): JsonObject[] {
  const names = split(labels);
  return split(ids).map((id, index) => ({ id, name: names[index] ?? null }));
}
