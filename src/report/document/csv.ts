import { cellText, visible } from './cell-text.js';
import { type Cell, type ReportDocument, type Table, tablesOf } from './document.js';

/**
 * The document's main table as CSV (RFC 4180: commas, CRLF, UTF-8), or all its tables value by value. A text that a spreadsheet would take for a
 * formula gets an apostrophe in front: whoever writes a ticket must not be able to run something on an auditor's machine.
 */
export function csvOf(document: ReportDocument): string {
  if (document.main !== undefined) return csvOfTable(document.main);
  const rows = tablesOf(document).flatMap((table) =>
    table.rows.flatMap((row, index) =>
      table.columns.map((column, at): readonly Cell[] => [table.caption, index + 1, column.title, row[at]]),
    ),
  );
  return lines([['table', 'row', 'column', 'value'], ...rows]);
}

/** One table as CSV, its columns' titles first. */
export function csvOfTable(table: Table): string {
  return lines([table.columns.map((column) => column.title), ...table.rows]);
}

function lines(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(cell: Cell): string {
  const text = typeof cell === 'number' ? String(cell) : defused(exact(cell));
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Instants whole, so that a spreadsheet or a script can go on with them. */
function exact(cell: Cell): string {
  if (typeof cell === 'object' && 'instant' in cell) return visible(cell.instant);
  return cellText(cell);
}

/** Full-width forms of the signs start a formula in some spreadsheets, too. */
function defused(text: string): string {
  return /^[\s]*[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text;
}
