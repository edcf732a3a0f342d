import { hash } from 'node:crypto';
import type { Json, JsonObject } from '../kit/index.js';

/** What a record holds, as text, and what identifies it. */
export interface Content {
  /** SHA-256 of the canonical JSON without the volatile fields, in hex. */
  readonly hash: string;
  /** Canonical JSON of everything: what is stored. */
  readonly json: string;
}

/**
 * JSON with sorted keys and without blanks: equal values give equal text. Strings are well-formed and free of NUL, so that what
 * comes back from SQLite is what was hashed (a lone surrogate would come back as U+FFFD, and the record would look changed for ever).
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  let text = '';
  for (const name of Object.keys(value).sort()) {
    const member = value[name];
    if (member !== undefined) text += `${text === '' ? '' : ','}${quote(name)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}

/** SHA-256 of a text, in hex. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}

/** A record's data as stored text and content hash. `volatile`: top-level fields that change by themselves and are never hashed. */
export function contentOf(data: JsonObject, volatile: readonly string[] = []): Content {
  const json = canonicalJson(data);
  if (!volatile.some((name) => name in data)) return { hash: sha256(json), json };
  const kept = Object.fromEntries(Object.entries(data).filter(([name]) => !volatile.includes(name)));
  return { hash: sha256(canonicalJson(kept)), json };
}

/** A string as it may be stored: well-formed UTF-16 without NUL, which ends a string for half of SQLite's functions. */
export function storable(text: string): string {
  return text.includes('\0') || !text.isWellFormed() ? text.toWellFormed().replaceAll('\0', '\uFFFD') : text;
}

function quote(text: string): string {
  return JSON.stringify(storable(text));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
