import type { Json, JsonObject } from '../kit/index.js';

/** How `found` differs from `wanted`, one line per place: `facts.symptom: expected "x", is "y"`. Empty when they are equal. */
export function difference(path: string, wanted: Json | undefined, found: Json | undefined): readonly string[] {
  if (isObject(wanted) && isObject(found)) {
    const keys = [...new Set([...Object.keys(wanted), ...Object.keys(found)])];
    return keys.flatMap((key) => difference(`${path}.${key}`, wanted[key], found[key]));
  }
  if (Array.isArray(wanted) && Array.isArray(found)) {
    const left = wanted as readonly Json[];
    const right = found as readonly Json[];
    const length = Math.max(left.length, right.length);
    return Array.from({ length }, (_, index) => difference(`${path}[${index + 1}]`, left[index], right[index])).flat();
  }
  return wanted === found ? [] : [`${path}: expected ${spell(wanted)}, is ${spell(found)}`];
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function spell(value: Json | undefined): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
