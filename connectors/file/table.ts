import type { Json, JsonObject } from 'golden-thread/kit';
import { fieldNames } from './names.js';
import { badRow, goodRow, maxCellChars, maxColumns, type RawRow, unusable } from './row.js';

/** The columns of a table, in order. */
export type Header = readonly string[];

/** The names of the columns; trailing nameless ones do not count. Fails with `record` when there are none or too many. */
export function headerOf(headings: readonly (string | number | boolean | null)[]): Header {
  const last = headings.findLastIndex((heading) => heading !== null && String(heading).trim() !== '');
  if (last < 0) throw unusable('the header cannot be read', 'put the names of the columns into the first row, each quote closed');
  if (last >= maxColumns) throw unusable(`the table has more than ${maxColumns} columns`, 'leave out what is not needed');
  return fieldNames(headings.slice(0, last + 1).map((heading) => String(heading ?? '')));
}

/**
 * Cells under their columns. A shorter row is one whose last cells are empty, as spreadsheets write it; empty cells beyond the header are left out,
 * anything else there makes the row a bad one: it is not known which cell belongs where.
 */
export function rowOfCells(line: number, cells: readonly Json[], header: Header): RawRow {
  const fields: Record<string, Json> = {};
  for (const [at, name] of header.entries()) fields[name] = cells[at] ?? null;
  const used = cells.findLastIndex((cell) => cell !== null && cell !== '') + 1;
  if (used > header.length)
    return badRow(line, `has ${used} cells, the header ${header.length}; is a delimiter inside a cell not quoted?`, fields);
  const long = header.find((name) => isLong(fields[name]));
  if (long !== undefined) return badRow(line, `${long} has more than ${maxCellChars} characters`, cut(fields));
  return goodRow(line, fields);
}

function isLong(value: Json | undefined): boolean {
  return typeof value === 'string' && value.length > maxCellChars;
}

function cut(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, isLong(value) ? (value as string).slice(0, 200) : value]));
}
