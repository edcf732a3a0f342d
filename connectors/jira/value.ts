import type { Json, JsonObject } from 'golden-thread/kit';
import { canonical, fromAdf, isAdf } from './adf-read.js';
import { byId, byText, instantOf, isObject, textOrNull } from './plain.js';
import { approvalsOf, assetsOf, entitiesOf, linksOf, requestTypeOf, slaOf } from './service-desk.js';
import { emptyOf, type Shape } from './shape.js';
import { clean } from './text.js';

export { byId, byText, idOf, instantOf, isObject, textIn, textOrNull } from './plain.js';

/** Told what is wrong with a value; the record that holds it is then set aside. */
export type Complain = (problem: string) => void;

/**
 * A field's value as our records hold it. Text is clean, instants are UTC with milliseconds, people are `{id, name}`, select fields are their
 * value's text, lists of words are sorted (Jira gives them in no meaningful order). Empty is null, for lists the empty list: Jira uses either.
 */
export function valueOf(shape: Shape, raw: Json | undefined, complain: Complain, richText: (raw: string) => string = canonical): Json {
  if (raw === undefined || raw === null || raw === '') return emptyOf(shape);
  const wrong = (expected: string): null => {
    complain(`expected ${expected}, found ${JSON.stringify(raw).slice(0, 80)}`);
    return null;
  };
  switch (shape) {
    case 'text':
      return typeof raw === 'string' ? textOrNull(clean(raw)) : isAdf(raw) ? textOrNull(fromAdf(raw)) : wrong('text');
    case 'rich-text':
      return isAdf(raw) ? textOrNull(fromAdf(raw)) : typeof raw === 'string' ? textOrNull(richText(raw)) : wrong('a document');
    case 'number':
      return typeof raw === 'number' ? raw : wrong('a number');
    case 'date':
      return typeof raw === 'string' && /^\d{4}-\d\d-\d\d/.test(raw) ? raw.slice(0, 10) : wrong('a date');
    case 'instant':
      return instantOf(raw) ?? wrong('a date and time');
    case 'option':
      return optionText(raw) ?? wrong('an option');
    case 'user':
      return userOf(raw) ?? wrong('a user');
    case 'status':
      return statusOf(raw) ?? wrong('a status');
    case 'project':
    case 'issue':
      return identified(raw, 'key') ?? wrong('an object with id and key');
    case 'named':
      return identified(raw, 'name') ?? wrong('an object with id and name');
    case 'sla': {
      const sla = slaOf(raw);
      return sla === undefined ? wrong('a service level target') : sla;
    }
    case 'request-type': {
      const type = requestTypeOf(raw);
      return type === undefined ? wrong('a request type') : type;
    }
    case 'any':
      return anyOf(raw, 0);
    default:
      return Array.isArray(raw) ? listOf(shape, raw as readonly Json[], complain) : wrong('a list');
  }
}

function listOf(shape: Shape, raw: readonly Json[], complain: Complain): Json {
  const each = (inner: Shape): Json[] => raw.map((item) => valueOf(inner, item, complain)).filter((item) => item !== null);
  switch (shape) {
    case 'words':
      return each('text').toSorted(byText);
    case 'options':
      return each('option').toSorted(byText);
    case 'users':
      return each('user').toSorted(byId);
    case 'named-list':
      return each('named').toSorted(byId);
    case 'approvals':
      return approvalsOf(raw);
    case 'entities':
      return entitiesOf(raw);
    case 'assets':
      return assetsOf(raw);
    case 'links':
      return linksOf(raw);
    default:
      return each('any');
  }
}

function userOf(raw: Json): JsonObject | undefined {
  if (!isObject(raw) || typeof raw['accountId'] !== 'string') return undefined;
  return { id: raw['accountId'], name: shown(raw['displayName']) };
}

function statusOf(raw: Json): JsonObject | undefined {
  const status = identified(raw, 'name');
  if (status === undefined || !isObject(raw)) return undefined;
  const category = raw['statusCategory'];
  return { ...status, category: isObject(category) ? shown(category['key']) : null };
}

function identified(raw: Json, second: 'name' | 'key'): JsonObject | undefined {
  if (!isObject(raw)) return undefined;
  const id = raw['id'] ?? raw['groupId'];
  const label = raw[second];
  if ((typeof id !== 'string' && typeof id !== 'number') || typeof label !== 'string') return undefined;
  return { id: String(id), [second]: clean(label) };
}

/** A select list's value, with the child's behind it for cascading ones. */
function optionText(raw: Json): string | undefined {
  if (typeof raw === 'string') return clean(raw);
  if (!isObject(raw) || typeof raw['value'] !== 'string') return undefined;
  const child = isObject(raw['child']) ? optionText(raw['child']) : undefined;
  return child === undefined ? clean(raw['value']) : `${clean(raw['value'])} / ${child}`;
}

function shown(value: Json | undefined): string | null {
  return typeof value === 'string' ? textOrNull(clean(value)) : null;
}

/** Fields of apps: kept as they are, with clean strings, not deeper than anything sensible. */
function anyOf(raw: Json, depth: number): Json {
  if (depth > 8) return null;
  if (typeof raw === 'string') return clean(raw);
  if (Array.isArray(raw)) return (raw as readonly Json[]).map((item) => anyOf(item, depth + 1));
  if (!isObject(raw)) return raw;
  if (isAdf(raw)) return textOrNull(fromAdf(raw));
  if (typeof raw['accountId'] === 'string') return userOf(raw) ?? null;
  return Object.fromEntries(
    (Object.entries(raw) as [string, Json][])
      .filter(([name]) => name !== 'self' && name !== 'avatarUrls')
      .map(([name, value]) => [clean(name), anyOf(value, depth + 1)]),
  );
}
