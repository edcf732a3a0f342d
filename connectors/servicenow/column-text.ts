import type { Json, JsonObject } from 'golden-thread/kit';
import { isObject } from './meaning.js';

/**
 * A value of a row as text. Every value is text already; a reference may come as `{ link, value }` although the link was not asked for.
 * Undefined for a column that is missing or holds anything else.
 */
export function textOf(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (isObject(value) && typeof value['value'] === 'string') return value['value'];
  return undefined;
}

/** The text of a column; "" where it is missing. */
export function columnText(row: JsonObject, name: string): string {
  return textOf(row[name]) ?? '';
}
