import { maxRowChars } from './row.js';
import type { TextPiece } from './text.js';

/** The text of one row, quoted line ends included, without the line end behind it. */
export interface CsvRecord {
  readonly line: number;
  readonly text: string;
  /** No line end behind it: the last of the file. */
  readonly last: boolean;
  readonly damaged: boolean;
  /** `long`: beyond the limit, its text cut there. `open`: a quote that nothing closes; the text is its first line. */
  readonly trouble?: 'long' | 'open';
}

/**
 * Cuts text into rows: a line end inside quotes belongs to the row. It exists beside csv-parse, which reads the cells, because of what happens behind a
 * bad row: csv-parse skips the rest of the file behind a quote that is never closed or a row that is too long; here the next lines are rows again.
 * Holds at most one row and one piece of text.
 */
export async function* csvRecords(pieces: AsyncIterable<TextPiece>): AsyncGenerator<CsvRecord> {
  let rest = '';
  let from = 0; // looked at up to here
  let isQuoted = false;
  let skipping = false; // behind the limit of a row that is too long
  let line = 1;
  let linesIn = 0; // line ends inside the present row
  let damaged = false;
  for await (const piece of pieces) {
    damaged ||= piece.damaged;
    rest += piece.text;
    let start = 0;
    for (let at = from; at < rest.length; at += 1) {
      const code = rest.charCodeAt(at);
      if (code === 0x22) isQuoted = !isQuoted;
      else if (code === 0x0a) {
        linesIn += 1;
        if (isQuoted) continue;
        if (!skipping) yield { line, text: rest.slice(start, at), last: false, damaged };
        [start, line, linesIn, skipping] = [at + 1, line + linesIn, 0, false];
      }
    }
    rest = rest.slice(start);
    if (rest.length > maxRowChars || skipping) {
      if (!skipping) yield { line, text: rest.slice(0, maxRowChars), last: false, damaged, trouble: 'long' };
      [rest, skipping] = ['', true];
    }
    from = rest.length;
  }
  if (skipping || rest === '') return;
  if (!isQuoted) {
    yield { line, text: rest, last: true, damaged };
    return;
  }
  const end = rest.indexOf('\n');
  if (end < 0) {
    yield { line, text: rest, last: true, damaged, trouble: 'open' };
    return;
  }
  yield { line, text: rest.slice(0, end), last: false, damaged, trouble: 'open' };
  yield* shifted(rest.slice(end + 1), damaged, line);
}

/** The rows of a text that begins behind line `by` of its file. */
export async function* shifted(text: string, damaged: boolean, by: number): AsyncGenerator<CsvRecord> {
  for await (const record of csvRecords(only({ text, damaged }))) yield { ...record, line: record.line + by };
}

async function* only(piece: TextPiece): AsyncGenerator<TextPiece> {
  if (piece.text !== '') yield piece;
}
