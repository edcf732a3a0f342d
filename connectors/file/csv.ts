import { parse } from 'csv-parse/sync';
import type { Json } from 'golden-thread/kit';
import { type CsvRecord, csvRecords, shifted } from './csv-records.js';
import { announcedDelimiter, delimiterOf } from './delimiter.js';
import { badRow, maxRowChars, type RawRow } from './row.js';
import { type Header, headerOf, rowOfCells } from './table.js';
import { type Encoding, textOf } from './text.js';
import type { Source } from './source.js';

/** How many rows tell the delimiter. */
const sampleRows = 20;
/** Rows that csv-parse is given at once. */
const batchRows = 200;
/** ... unless they have more characters than this together. */
const batchChars = 262_144;

/** The rows of a delimited file. The first row that is not empty is the header. Fails with `record` when there is no usable header. */
export async function* csvRows(
  source: Source,
  { delimiter, encoding }: { readonly delimiter: string | undefined; readonly encoding: Encoding },
): AsyncGenerator<RawRow> {
  let reading: { readonly header: Header; readonly delimiter: string } | undefined;
  for await (const batch of batched(csvRecords(textOf(source, encoding)))) {
    let records: readonly CsvRecord[] = batch.filter(({ text }) => text.trim() !== '');
    if (reading === undefined) {
      const [first] = records;
      if (first === undefined) continue;
      const announced = announcedDelimiter(first.text);
      if (announced !== undefined) records = records.slice(1);
      const [head] = records;
      if (head === undefined) continue;
      const sample = records.slice(0, sampleRows).map(({ text }) => text);
      const separator = delimiter ?? announced ?? delimiterOf(sample);
      reading = { delimiter: separator, header: headerOf(cellsOf([head.text], separator)?.[0] ?? []) };
      records = records.slice(1);
    }
    yield* rowsOf(records, reading.header, reading.delimiter);
  }
}

async function* batched(records: AsyncIterable<CsvRecord>): AsyncGenerator<readonly CsvRecord[]> {
  let batch: CsvRecord[] = [];
  let chars = 0;
  for await (const record of records) {
    batch.push(record);
    chars += record.text.length;
    if (batch.length < batchRows && chars < batchChars) continue;
    yield batch;
    [batch, chars] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

/** Each record as a row. Parsed together; where that fails, one by one, so that a bad one is bad alone. */
async function* rowsOf(records: readonly CsvRecord[], header: Header, delimiter: string): AsyncGenerator<RawRow> {
  const sound = records.filter(({ trouble }) => trouble === undefined);
  const together = cellsOf(
    sound.map(({ text }) => text),
    delimiter,
  );
  if (together !== undefined && sound.length === records.length) {
    for (const [at, record] of records.entries()) yield rowOfRecord(record, together[at] ?? [], header);
    return;
  }
  for (const record of records) {
    const cells = record.trouble === undefined ? cellsOf([record.text], delimiter)?.[0] : undefined;
    if (cells !== undefined) {
      yield rowOfRecord(record, cells, header);
      continue;
    }
    yield badRow(record.line, whyBad(record), { text: record.text.slice(0, 500) });
    // A quote in the wrong place may have swallowed the lines behind it: they are rows of their own.
    const end = record.trouble === undefined ? record.text.indexOf('\n') : -1;
    if (end >= 0) yield* rowsAgain(record, end, header, delimiter);
  }
}

async function* rowsAgain(record: CsvRecord, end: number, header: Header, delimiter: string): AsyncGenerator<RawRow> {
  const behind: CsvRecord[] = [];
  for await (const one of shifted(record.text.slice(end + 1), record.damaged, record.line)) if (one.text.trim() !== '') behind.push(one);
  yield* rowsOf(behind, header, delimiter);
}

function whyBad({ trouble }: CsvRecord): string {
  if (trouble === 'long') return `has more than ${maxRowChars} characters; is a quote missing?`;
  if (trouble === 'open') return 'opens a quote that is never closed';
  return 'has a quote in the wrong place: a cell with quotes in it is quoted, and each quote in it doubled';
}

function rowOfRecord({ line, damaged, last }: CsvRecord, cells: readonly string[], header: Header): RawRow {
  const isCut = last && cells.length < header.length;
  const row = rowOfCells(
    line,
    cells.map((cell): Json => (cell === '' ? null : cell)),
    header,
  );
  if (damaged && cells.some((cell) => cell.includes('\uFFFD')))
    return badRow(line, 'holds bytes that are no text in this encoding; is the file windows-1252? Then set encoding', row.fields);
  if (isCut)
    return badRow(line, `has ${cells.length} cells and no line end, the header ${header.length}; was the file cut off?`, row.fields);
  return row;
}

/** The cells of these rows; undefined when one of them is not well quoted, or a quote runs from one into another. */
function cellsOf(texts: readonly string[], delimiter: string): readonly (readonly string[])[] | undefined {
  try {
    const parsed = parse(`${texts.join('\n')}\n`, {
      delimiter,
      record_delimiter: '\n',
      relax_column_count: true,
      skip_empty_lines: false,
    });
    return parsed.length === texts.length ? parsed : undefined;
  } catch {
    return undefined;
  }
}
