import type { Json } from 'golden-thread/kit';
import type { Kind } from './dictionary.js';
import { utcLiteral } from './query.js';

/**
 * Text without what a database or a hash cannot carry: lone surrogates (they do not survive UTF-8, so that a record would look changed
 * for ever) and NUL.
 */
export function cleanText(text: string): string {
  const formed = text.isWellFormed() ? text : text.toWellFormed();
  return formed.includes('\0') ? formed.replaceAll('\0', '') : formed;
}

const instantShape = /^\d{4}-\d\d-\d\d (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;

/** `2026-11-21 09:30:00` (always UTC) as ISO; undefined for anything else, 30 February included. */
export function parseInstant(text: string): string | undefined {
  if (!instantShape.test(text)) return undefined;
  // Looked at digit by digit: a Date for each value of each row costs more than the row's decoding.
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (month === 0 || day === 0 || day > daysIn(month, twoDigits(text, 0) * 100 + twoDigits(text, 2))) return undefined;
  return isoOf(text);
}

/** `yyyy-MM-dd HH:mm:ss` as `yyyy-MM-ddTHH:mm:ss.000Z`: one text. Joined from parts it would be a tree of five for as long as its page stands in memory. */
function isoOf(text: string): string {
  const at = (index: number): number => text.charCodeAt(index);
  // prettier-ignore
  return String.fromCharCode(
    at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8), at(9), letterT,
    at(11), at(12), at(13), at(14), at(15), at(16), at(17), at(18), dot, zero, zero, zero, letterZ,
  );
}

const [letterT, dot, zero, letterZ] = [0x54, 0x2e, 0x30, 0x5a];

function twoDigits(text: string, at: number): number {
  return text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528;
}

function daysIn(month: number, year: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  if (month > 12) return 0;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/**
 * One value of a row as data. Everything arrives as text and "" is null. Text that does not fit its column's kind stays as it is:
 * a strange value is the mapping's to judge, not a reason to lose the record.
 */
export function decodeValue(kind: Kind, text: string): Json {
  if (text === '') return null;
  switch (kind) {
    case 'text':
    case 'date':
      return cleanText(text);
    case 'integer':
      return /^-?\d{1,15}$/.test(text) ? Number(text) : cleanText(text);
    case 'number':
      return /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : cleanText(text);
    case 'boolean':
      return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : cleanText(text);
    case 'instant':
      return parseInstant(text) ?? cleanText(text);
    case 'duration': {
      // A duration is written as the date that lies so far behind (or before) 1970-01-01.
      const end = parseInstant(text);
      return end === undefined ? cleanText(text) : Date.parse(end) / 1000;
    }
    case 'list':
      return cleanText(text)
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '');
    default:
      return { id: cleanText(text) };
  }
}

/** Data as the text that a body carries: the inverse of {@link decodeValue}. Clearing a field is "". */
export function encodeValue(kind: Kind, value: Json): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return kind === 'duration' ? utcLiteral(new Date(value * 1000).toISOString()) : String(value);
  if (typeof value === 'string')
    return kind === 'instant' && /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value)) ? utcLiteral(value) : cleanText(value);
  if (Array.isArray(value)) return value.map((item: Json) => encodeValue('text', item)).join(',');
  const { id } = value as { readonly id?: Json };
  return id === undefined ? cleanText(JSON.stringify(value)) : encodeValue('text', id);
}

/** At most `length` characters, cut between code points, an ellipsis in place of what is missing. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length - 1);
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`;
}
