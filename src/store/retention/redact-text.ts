import { removedText } from '../../domain/removed-person.js';
import type { Json, JsonObject } from '../../kit/index.js';
import type { PersonMatcher } from './person-matcher.js';

/** Members by which an object names who wrote its text. */
const authors = ['author', 'updateAuthor', 'created_by', 'createdBy', 'sys_created_by', 'user', 'from'] as const;
/** Members that hold what the author wrote. */
const written = new Set(['body', 'text', 'comment', 'message', 'renderedBody']);

/**
 * A stored text, JSON or plain, without a person. What is the name itself becomes the placeholder, so that threads stay walkable; a free text that holds the name,
 * or that the person wrote (a comment with its author), is taken out whole, because what stands around a name tells who it is.
 */
export function redactText(text: string, matcher: PersonMatcher, placeholder: string): string {
  const parsed = parse(text);
  if (parsed === undefined) return redactString(text, matcher, placeholder);
  if (!matcher.finds(text) && !isSomewhere(parsed, matcher)) return text;
  const clean = redactJson(parsed, matcher, placeholder);
  return clean === parsed ? text : JSON.stringify(clean);
}

/** Whether a stored text holds a trace that {@link redactText} would take out. */
export function holdsPerson(text: string, matcher: PersonMatcher): boolean {
  if (matcher.finds(text)) return true;
  const parsed = parse(text);
  return parsed !== undefined && isSomewhere(parsed, matcher);
}

function parse(text: string): JsonObject | readonly Json[] | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as JsonObject | readonly Json[];
  } catch {
    return undefined;
  }
}

function isSomewhere(value: Json, matcher: PersonMatcher): boolean {
  if (typeof value === 'string') return matcher.finds(value);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((each: Json) => isSomewhere(each, matcher));
  return Object.entries(value).some(([name, each]) => matcher.finds(name) || isSomewhere(each as Json, matcher));
}

/** The value itself when there was nothing to take out. */
export function redactJson(value: Json, matcher: PersonMatcher, placeholder: string): Json {
  if (typeof value === 'string') return redactString(value, matcher, placeholder);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const list = value.map((each: Json) => redactJson(each, matcher, placeholder));
    return list.some((each, at) => each !== value[at]) ? list : (value as readonly Json[]);
  }
  const object = value as JsonObject;
  const theirs = authors.some((name) => isPerson(object[name], matcher));
  let changed = false;
  const entries = Object.entries(object).map(([name, each]): [string, Json] => {
    const member = each ?? null;
    const clean = theirs && written.has(name) ? withoutText(member, placeholder) : redactJson(member, matcher, placeholder);
    const key = matcher.finds(name) ? matcher.replace(name, placeholder) : name;
    if (clean !== member || key !== name) changed = true;
    return [key, clean];
  });
  return changed ? Object.fromEntries(entries) : value;
}

function isPerson(value: Json | undefined, matcher: PersonMatcher): boolean {
  if (typeof value === 'string') return matcher.is(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).some((each) => typeof each === 'string' && matcher.is(each));
}

/** Every text in it taken out; a rich text keeps its shape, so that it can still be read as one. */
function withoutText(value: Json, placeholder: string): Json {
  if (typeof value === 'string') return value === '' ? value : removedText(placeholder);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each: Json) => withoutText(each, placeholder));
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, name === 'type' ? (each as Json) : withoutText(each as Json, placeholder)]),
  );
}

function redactString(text: string, matcher: PersonMatcher, placeholder: string): string {
  if (!matcher.finds(text)) return text;
  if (matcher.is(text)) return placeholder;
  const nested = parse(text);
  if (nested !== undefined) return JSON.stringify(redactJson(nested, matcher, placeholder));
  const around = matcher.replace(text, '');
  // An address, an id, a list of names: what is around the name says nothing about the person.
  const isList = text.length <= 1000 && text.split(/[,;]/).every((part) => part.trim().split(/\s+/).length <= 3) && /[,;]/.test(text);
  return isList || !/\s/.test(around.trim()) ? matcher.replace(text, placeholder) : removedText(placeholder);
}
