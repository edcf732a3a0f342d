import type { Json } from '../../kit/index.js';
import type { ReportDocument } from './document.js';

/**
 * The report for machines: its name, what it was made from, and its data. Keys are stable. Texts are exact; characters that could disturb a terminal or turn
 * the direction of writing around are written as `\u` escapes, which mean the same.
 */
export function jsonOf(document: ReportDocument): string {
  const { name, title, about, data } = document;
  return `${escaped(JSON.stringify({ report: name, title, about, ...data }, null, 2))}\n`;
}

/** JSON text with everything invisible written as escapes. */
export function escaped(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A value as JSON sees it: without what is undefined. */
export function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
