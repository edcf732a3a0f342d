import type { Json } from 'golden-thread/kit';
import { badRow, maxCellChars, maxColumns, type RawRow } from './row.js';
import { dateOfSerial } from './serial-date.js';
import { type Header, headerOf, rowOfCells } from './table.js';
import type { Source } from './source.js';
import { type Workbook, workbookOf } from './workbook.js';
import { attribute, readXml } from './xml.js';
import { partsOf } from './zip.js';

interface SheetRow {
  readonly line: number;
  readonly cells: Json[];
  problem: string | undefined;
}

/** The rows of one sheet. The first row that is not empty is the header. Formulas are never computed: what counts is the value stored beside them. */
export async function* xlsxRows(source: Source, sheet: string | undefined, maxBytes: number): AsyncGenerator<RawRow> {
  const book = await workbookOf(await partsOf(source, maxBytes), sheet, maxBytes);
  let header: Header | undefined;
  for await (const { line, cells, problem } of sheetRows(book)) {
    if (problem === undefined && cells.every((cell) => cell === null || cell === '')) continue;
    if (header === undefined) header = headerOf(cells as (string | number | boolean | null)[]);
    else {
      const row = rowOfCells(line, cells, header);
      yield problem === undefined ? row : badRow(line, problem, row.fields);
    }
  }
}

async function* sheetRows(book: Workbook): AsyncGenerator<SheetRow> {
  const done: SheetRow[] = [];
  let row: SheetRow | undefined;
  let cell: { column: number; type: string; style: number; hasFormula: boolean; value: string | undefined } | undefined;
  let [line, column, isValue, phonetic] = [0, 0, false, 0];
  const reading = readXml(book.sheet(), {
    open(name, attributes) {
      if (name === 'row') {
        line = Number(attribute(attributes, 'r') ?? line + 1);
        [row, column] = [{ line, cells: [], problem: undefined }, 0];
      } else if (name === 'c' && row !== undefined) {
        column = columnOf(attributes['r']) ?? column;
        cell = { column, type: attributes['t'] ?? 'n', style: Number(attributes['s'] ?? 0), hasFormula: false, value: undefined };
        column += 1;
      } else if (cell !== undefined && name === 'f') cell.hasFormula = true;
      else if (name === 'rPh') phonetic += 1;
      else if (name === 'v' || name === 't') isValue = phonetic === 0;
    },
    text(text) {
      if (isValue && cell !== undefined && (cell.value?.length ?? 0) <= maxCellChars) cell.value = (cell.value ?? '') + text;
    },
    close(name) {
      if (name === 'v' || name === 't') isValue = false;
      else if (name === 'rPh') phonetic -= 1;
      else if (name === 'c' && row !== undefined && cell !== undefined) {
        const value = valueOf(cell, book);
        if (cell.hasFormula && cell.value === undefined)
          row.problem = `column ${cell.column + 1} holds a formula without its value; open the workbook in a spreadsheet program and save it`;
        if (cell.column < maxColumns) put(row.cells, cell.column, value);
        else if (value !== null) row.problem = `has more than ${maxColumns} cells`;
        cell = undefined;
      } else if (name === 'row' && row !== undefined) {
        done.push(row);
        row = undefined;
      }
    },
  });
  for await (const _piece of reading) yield* done.splice(0);
  yield* done;
}

function put(cells: Json[], column: number, value: Json): void {
  while (cells.length < column) cells.push(null);
  cells[column] = value;
}

/** A cell's stored value: text, number, true or false, a date as text. An error such as `#REF!` is the text that people see. */
function valueOf(
  { type, style, value }: { readonly type: string; readonly style: number; readonly value: string | undefined },
  book: Workbook,
): Json {
  if (value === undefined || value === '') return null;
  if (type === 's') return book.strings[Number(value)] ?? null;
  if (type === 'b') return value === '1';
  if (type !== 'n') return value;
  const number = Number(value);
  if (!Number.isFinite(number)) return value;
  return (book.dateStyles[style] === true ? dateOfSerial(number, book.is1904) : undefined) ?? number;
}

/** `2` for `C7`; undefined when the cell does not say where it stands. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0];
  if (letters === undefined) return undefined;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}
