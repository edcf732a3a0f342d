import type { Json, JsonObject } from 'golden-thread/kit';
import { isObject } from './json.js';

/** The objects of a list; nothing else in it, and nothing of what is no list. */
export function listOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [];
}

export function objectOf(value: Json | undefined): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** `{ name: value }` of a list of properties; the first of a name counts. */
export function propsOf(value: Json | undefined): JsonObject {
  const props = new Map<string, Json>();
  for (const { name, value: of } of listOf(value)) {
    const key = textOf(name);
    if (key !== undefined && !props.has(key)) props.set(key, of ?? null);
  }
  return Object.fromEntries(props);
}

/** Without what there is not. */
export function present(fields: Readonly<Record<string, Json | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, Json] => entry[1] !== undefined));
}
