import type { Json, JsonObject } from 'golden-thread/kit';

/** Jira's stamps come with the offset of the caller's zone and without its colon; numbers are milliseconds, or seconds when they are small. */
export function instantOf(raw: Json | undefined): string | undefined {
  if (typeof raw !== 'string' && typeof raw !== 'number') return undefined;
  const ms = typeof raw === 'number' ? (raw < 1e11 ? raw * 1000 : raw) : Date.parse(raw);
  return Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString() : undefined;
}

/** One order for lists whose order means nothing. */
export function byText(a: Json, b: Json): number {
  const [left, right] = [textIn(a), textIn(b)];
  return left === right ? 0 : left < right ? -1 : 1;
}

export function byId(a: Json, b: Json): number {
  return byText(idOf(a), idOf(b));
}

/** A text or a number as text; anything else is none. */
export function textIn(value: Json | undefined): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

export function idOf(value: Json): string {
  return isObject(value) && typeof value['id'] === 'string' ? value['id'] : '';
}

export function textOrNull(text: string): string | null {
  return text === '' ? null : text;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
