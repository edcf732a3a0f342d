import { createHash } from 'node:crypto';
import { Failure } from '../../kit/index.js';
import { isObject, show, type Value } from './value.js';

/** Nothing, null, empty or blank text, an empty list: what systems deliver for a field that nobody filled in. */
export function isEmpty(value: Value): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string') return !beginsVisibly(value) && value.trim() === '';
  return Array.isArray(value) && value.length === 0;
}

function beginsVisibly(text: string): boolean {
  const first = text.charCodeAt(0);
  return first > 0x20 && first < 0x7f;
}

const instant = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/** What connectors make of an instant, on a day that every month has: nothing to turn, nothing more to check. */
const usual = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/**
 * `$time(value)`: the instant as ISO 8601 UTC with milliseconds. Takes ISO 8601 with any offset (Jira writes `+0000`), ServiceNow's
 * `2026-11-21 09:30:00`, a date alone (midnight), and epoch milliseconds; without an offset it is UTC, which is what ServiceNow's REST values are.
 * Nothing stays nothing; what is no instant (30 February) fails.
 */
export function timeOf(value: Value): Value {
  if (typeof value === 'string' && usual.test(value)) return value;
  if (isEmpty(value)) return undefined;
  if (typeof value === 'number') return fromMilliseconds(value, value);
  const parts = typeof value === 'string' ? instant.exec(value.trim()) : null;
  if (parts === null || typeof value !== 'string') throw notAnInstant(value);
  const [, year, month, day, hour = '00', minute = '00', second = '00', zone = 'Z'] = parts;
  if (Number(day) > daysIn(Number(year), Number(month)) || Number(hour) > 23) throw notAnInstant(value);
  if (value.length === 24 && zone === 'Z') return Number.isNaN(Date.parse(value)) ? fromMilliseconds(Number.NaN, value) : value;
  const offset = zone === 'Z' || zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  const fraction = /\.(\d{1,3})/.exec(value)?.[1]?.padEnd(3, '0') ?? '000';
  return fromMilliseconds(Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction}${offset}`), value);
}

function fromMilliseconds(milliseconds: number, value: Value): string {
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) throw notAnInstant(value);
  return date.toISOString();
}

function notAnInstant(value: Value): Failure {
  return new Failure('record', `${show(value)} is not a date and time`);
}

function daysIn(year: number, month: number): number {
  if (month < 1 || month > 12) return 0;
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** `$list(value)`: always a list; one value is a list of one, empty values are left out. */
export function listOf(value: Value): Value {
  if (isEmpty(value)) return [];
  return Array.isArray(value) ? value.filter((item) => !isEmpty(item)) : [value];
}

// Control characters except tab and line feed, and the invisible characters that turn the direction of text around or hide in it.
const unprintable = /(?![\t\n])[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;

/** Most texts: nothing in them to take out, and no ends to trim. */
const clean = /^[!-~](?:[ -~]*[!-~])?$/;

/**
 * `$text(value)`: what people read. Control and direction characters are removed, ends trimmed; empty text is nothing; numbers and booleans as
 * they read, a reference by its `name` (else its `id`), a list with commas.
 */
export function textOf(value: Value): Value {
  if (typeof value === 'string') {
    if (clean.test(value)) return value;
    const cleaned = value.replace(/\r\n?/g, '\n').replace(unprintable, '').toWellFormed().trim();
    return cleaned === '' ? undefined : cleaned;
  }
  if (isEmpty(value)) return undefined;
  if (Array.isArray(value))
    return textOf(
      value
        .map(textOf)
        .filter((each) => typeof each === 'string')
        .join(', '),
    );
  if (isObject(value)) {
    const label = [value['name'], value['id']].find((each) => typeof each === 'string' || typeof each === 'number');
    if (label === undefined) throw new Failure('record', `${show(value)} has neither name nor id to read as text`);
    return textOf(label);
  }
  return String(value);
}

/** Longer keys are kept as their SHA-256: ticket text may be part of them. */
const longestKey = 250;

/**
 * `$key([a, b, c])`: one stable key of several parts, or nothing when a part is empty: a record without a category must not recur with all
 * others that have none. Parts are told apart: `["a|b"]` and `["a", "b"]` differ.
 */
export function keyOf(parts: readonly Value[]): string | undefined {
  if (parts.some(isEmpty)) return undefined;
  const key = parts.map(keyPart).join('|');
  return key.length > longestKey ? `sha256:${createHash('sha256').update(key).digest('hex')}` : key;
}

function keyPart(part: Value): string {
  if (typeof part !== 'string' && typeof part !== 'number' && typeof part !== 'boolean') {
    throw new Failure('record', `a part of $key must be one text or number, got ${show(part)}`);
  }
  const text = String(part).trim();
  return text.includes('|') || text.includes('\\') ? text.replace(/[\\|]/g, (character) => `\\${character}`) : text;
}
