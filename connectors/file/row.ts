import { Failure, type Json, type JsonObject } from 'golden-thread/kit';

/** A row of a file: usable, or not and then why. */
export interface RawRow {
  /** The line, sheet row or number of the object, counted from 1, at which it begins. */
  readonly line: number;
  /** What could be read; of a bad row perhaps only a part. */
  readonly fields: JsonObject;
  /** Empty for a good row. */
  readonly problems: readonly string[];
  /** The stamp of the row where the file's format has one and the stream names no column. */
  readonly updated?: string;
}

/** Longest text in one cell. A spreadsheet's own limit is 32,767. */
export const maxCellChars = 65_536;
/** Longest row, as text. */
export const maxRowChars = 524_288;
/** Most columns of a table. */
export const maxColumns = 2000;
/** Most rows of one stream's file: the cursor remembers their keys. */
export const maxRows = 200_000;
/** Deepest nesting of an object. */
const maxDepth = 32;

export function goodRow(line: number, fields: JsonObject): RawRow {
  return { line, fields, problems: [] };
}

export function badRow(line: number, problem: string, fields: JsonObject = {}): RawRow {
  return { line, fields, problems: [problem] };
}

/** A file that cannot be used as a whole. It is set aside; the other files flow. */
export function unusable(what: string, hint: string): Failure {
  return new Failure('record', what, { hint });
}

/** An object of a file as a row, unless it is none or too large or too deep to be worked on. */
export function objectRow(line: number, value: Json | undefined, size: number): RawRow {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return badRow(line, 'is no object with named values');
  if (size > maxRowChars) return badRow(line, `has ${size} characters, more than ${maxRowChars}`);
  if (isDeep(value, maxDepth)) return badRow(line, `is nested more than ${maxDepth} deep`);
  return goodRow(line, value as JsonObject);
}

function isDeep(value: Json, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner: Json) => isDeep(inner, levels - 1));
}
