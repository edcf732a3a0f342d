import { refusePayload } from '../answer.js';
import { type Json, type JsonObject, isList, isObject, textOf } from '../json.js';
import type { Call } from '../sim.js';

/** The types that a closed request schema knows. */
export type Shape = Readonly<Record<string, 'string' | 'number' | 'boolean' | 'strings' | 'numbers' | 'object' | 'list' | 'any'>>;

/** The body as an object of this closed shape: an unknown key or a value of the wrong type is refused, as recorded. */
export function readBody(call: Call, shape: Shape): JsonObject {
  const { body } = call;
  if (!isObject(body)) return refusePayload();
  for (const [key, value] of Object.entries(body)) {
    const wanted = shape[key];
    if (wanted === undefined || !fits(value, wanted)) refusePayload();
  }
  return body;
}

function fits(value: Json, wanted: Shape[string]): boolean {
  if (value === null) return true;
  switch (wanted) {
    case 'strings':
      return isList(value) && value.every((each) => typeof each === 'string');
    case 'numbers':
      return isList(value) && value.every((each) => typeof each === 'number' && Number.isInteger(each));
    case 'object':
      return isObject(value);
    case 'list':
      return isList(value);
    case 'any':
      return true;
    default:
      return typeof value === wanted;
  }
}

/** A list of texts from a JSON value; undefined when there is none. */
export function textsIn(value: Json | undefined): readonly string[] | undefined {
  return isList(value) ? value.flatMap((each) => textOf(each) ?? []) : undefined;
}

/** A query parameter that may be repeated or comma-separated. */
export function listParameter(call: Call, name: string): readonly string[] | undefined {
  const all = call.query.getAll(name);
  return all.length === 0 ? undefined : all.flatMap((each) => each.split(',')).map((each) => each.trim());
}

/** A whole number from the query; anything else is the fallback. */
export function numberParameter(call: Call, name: string, fallback: number): number {
  const text = call.query.get(name);
  return text !== null && /^\d+$/.test(text) ? Number(text) : fallback;
}
