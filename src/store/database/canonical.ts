import { hash } from 'node:crypto';
import type { Json, JsonObject } from '../../kit/index.js';

/** What a record holds, as text, and what identifies it. */
export interface Content {
  /** SHA-256 of the canonical JSON without the volatile fields, in base64url: a third shorter than hex, and one stands in every row of a version. */
  readonly hash: string;
  /** Canonical JSON of everything: what is stored. */
  readonly json: string;
}

/**
 * JSON with sorted keys and without blanks: equal values give equal text. Strings are well-formed and free of NUL, so that what
 * comes back from SQLite is what was hashed (a lone surrogate would come back as U+FFFD, and the record would look changed for ever).
 */
export function canonicalJson(value: Json): string {
  const sorted = withSortedKeys(value);
  if (sorted !== undefined) {
    const text = JSON.stringify(sorted);
    // JSON.stringify writes NUL and lone surrogates as \u escapes; a text without any needs no closer look.
    if (!text.includes('\\u')) return text;
  }
  return writeCanonical(value);
}

/** SHA-256 of a text, in hex. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}

/** A record's data as stored text and content hash. `volatile`: top-level fields that change by themselves and are never hashed. */
export function contentOf(data: JsonObject, volatile: readonly string[] = []): Content {
  const json = canonicalJson(data);
  if (!volatile.some((name) => Object.hasOwn(data, name))) return { hash: hashOf(json), json };
  const kept = Object.fromEntries(Object.entries(data).filter(([name]) => !volatile.includes(name)));
  return { hash: hashOf(canonicalJson(kept)), json };
}

/** A content hash as other programs print it: `sha256sum` of the canonical JSON. */
export function inHex(contentHash: string): string {
  return Buffer.from(contentHash, 'base64url').toString('hex');
}

function hashOf(text: string): string {
  return hash('sha256', text, 'base64url');
}

/** A string as it may be stored: well-formed UTF-16 without NUL, which ends a string for half of SQLite's functions. */
export function storable(text: string): string {
  return text.includes('\0') || !text.isWellFormed() ? text.toWellFormed().replaceAll('\0', '\uFFFD') : text;
}

/** The definition, member by member: slow and right for everything. */
function writeCanonical(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(storable(value));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(writeCanonical).join(',')}]`;
  let text = '';
  for (const name of Object.keys(value).sort()) {
    const member = value[name];
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(storable(name))}:${writeCanonical(member)}`;
  }
  return `{${text}}`;
}

/**
 * The value with all keys in order, itself where they are already; four times as fast to write as member by member.
 * Undefined when an object cannot hold its keys in that order (names like `1` come first in any object, `__proto__` is no plain member).
 */
function withSortedKeys(value: Json): Json | undefined {
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) {
    let copy: Json[] | undefined;
    for (let at = 0; at < value.length; at += 1) {
      const member = value[at] ?? null;
      const sorted = withSortedKeys(member);
      if (sorted === undefined) return undefined;
      if (sorted !== member) (copy ??= [...value])[at] = sorted;
    }
    return copy ?? value;
  }
  return objectWithSortedKeys(value);
}

function objectWithSortedKeys(value: JsonObject): JsonObject | undefined {
  const names = Object.keys(value);
  let same = true;
  for (let at = 0; at < names.length; at += 1) {
    const name = names[at] ?? '';
    const first = name.charCodeAt(0);
    if ((first >= 0x30 && first <= 0x39) || name === '__proto__') return undefined;
    if (at > 0 && name < (names[at - 1] ?? '')) same = false;
    const member = value[name];
    if (typeof member === 'object' && withSortedKeys(member) !== member) same = false;
  }
  return same ? value : sortedCopy(value, names);
}

function sortedCopy(value: JsonObject, names: string[]): JsonObject | undefined {
  const copy: Record<string, Json> = {};
  for (const name of names.sort()) {
    const member = value[name];
    if (member === undefined) continue;
    const sorted = withSortedKeys(member);
    if (sorted === undefined) return undefined;
    copy[name] = sorted;
  }
  return copy;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
