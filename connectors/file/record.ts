import type { Instant, Json, JsonObject, Rejection, SourceRecord } from 'golden-thread/kit';
import type { Sign } from './disk.js';
import { type Identity, keyOf, numberOf } from './identity.js';
import { valueAt, withoutOwnNames } from './names.js';
import type { RawRow } from './row.js';
import type { Spec } from './spec.js';
import { instantOf } from './stamp.js';

/** Where records go and come from. */
export interface Frame {
  readonly system: string;
  readonly spec: Spec;
  readonly urlOf: (file: string) => string;
}

/** A row as a record, or what is wrong with it. Its stamp is its own where the stream has a column for it, else the time at which the file was written. */
export function recordOf(row: RawRow, identity: Identity, sign: Sign, frame: Frame): SourceRecord | { readonly problem: string } {
  const { spec } = frame;
  const updatedAt = stampOf(row, sign, spec);
  if (updatedAt === undefined)
    return {
      problem: `${spec.updated ?? 'the stamp'} is no date that can be understood: ${show(valueAt(row.fields, spec.updated ?? ''))}; expected 2026-11-21`,
    };
  const fields = withoutOwnNames(row.fields);
  return {
    ref: { system: frame.system, stream: spec.name, key: keyOf(identity) },
    number: numberIn(fields, spec) ?? numberOf(identity),
    url: urlFor(fields, sign.name, frame),
    updatedAt,
    data: { ...chosen(fields, spec), present: true, source: { file: sign.name, line: row.line } },
  };
}

/** A row that no file has any more: what is left of it is its key. Its earlier versions hold the rest. */
export function vanishedRecord(identity: Identity, at: Instant, frame: Frame): SourceRecord {
  const { spec } = frame;
  const fields = Object.fromEntries(spec.key.map((column, index) => [column, identity.values[index] ?? '']));
  return {
    ref: { system: frame.system, stream: spec.name, key: keyOf(identity) },
    number: numberOf(identity),
    url: urlFor(fields, '', frame),
    updatedAt: at,
    data: { ...fields, present: false, source: null },
  };
}

/** A row that cannot be used, with the file and line at which a person finds it. */
export function rejectionOf(row: RawRow, identity: Identity | undefined, problems: readonly string[], sign: Sign): Rejection {
  const place = `${sign.name}:${row.line}`;
  return {
    key: identity === undefined ? place : keyOf(identity),
    problems: problems.map((problem) => `${place}: ${problem}`),
    raw: { file: sign.name, line: row.line, fields: row.fields },
    updatedAt: writtenAt(sign),
  };
}

/** A file that cannot be used as a whole. */
export function fileRejection(problem: string, hint: string | undefined, sign: Sign): Rejection {
  return {
    key: `file ${sign.name}`,
    problems: [`${sign.name}: ${problem}${hint === undefined ? '' : `; ${hint}`}`],
    raw: { file: sign.name, size: sign.size },
    updatedAt: writtenAt(sign),
  };
}

export function writtenAt({ modifiedMs }: Sign): Instant {
  return new Date(Math.floor(modifiedMs)).toISOString();
}

function stampOf(row: RawRow, sign: Sign, { updated }: Spec): Instant | undefined {
  const value = updated === undefined ? row.updated : valueAt(row.fields, updated);
  return value === undefined || value === null || value === '' ? writtenAt(sign) : instantOf(value);
}

/** What mappings read and what tells the row apart; everything where no mapping says what it reads. */
function chosen(fields: JsonObject, { wanted, key }: Spec): JsonObject {
  if (wanted === undefined) return fields;
  const heads = new Set([...wanted, ...key.map((path) => (Object.hasOwn(fields, path) ? path : (path.split('.', 1)[0] ?? path)))]);
  return Object.fromEntries(Object.entries(fields).filter(([name]) => heads.has(name)));
}

function numberIn(fields: JsonObject, { number }: Spec): string | undefined {
  const value = number === undefined ? undefined : valueAt(fields, number);
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  return text === '' ? undefined : text.slice(0, 200);
}

/** The stream's own address for the row; without one, or where a column of it is empty, the file's. */
function urlFor(fields: JsonObject, file: string, { spec, urlOf }: Frame): string {
  let isWhole = true;
  const filled = spec.url?.replaceAll(/\{([^}]*)\}/g, (_whole, column: string) => {
    const value = valueAt(fields, column);
    const isText = (typeof value === 'string' && value !== '') || typeof value === 'number';
    isWhole &&= isText;
    return isText ? encodeURIComponent(String(value).toWellFormed()) : '';
  });
  return filled !== undefined && isWhole && URL.canParse(filled) ? filled : urlOf(file);
}

function show(value: Json | undefined): string {
  return JSON.stringify(value ?? null).slice(0, 60);
}
