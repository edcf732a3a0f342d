import { csvRows } from './csv.js';
import { jsonRows } from './json.js';
import { ndjsonRows } from './ndjson.js';
import { oscalRows } from './oscal.js';
import { maxRows, type RawRow, unusable } from './row.js';
import type { Source } from './source.js';
import type { Spec } from './spec.js';
import { xlsxRows } from './xlsx.js';

/**
 * The rows of a file in their order; the same file always gives the same. Fails with `record` when the file cannot be used as a whole, with `conflict`
 * when it was written to while it was read. CSV, NDJSON and sheets are read piece by piece, JSON and OSCAL are held whole.
 */
export async function* rowsOf(source: Source, spec: Spec, maxBytes: number): AsyncGenerator<RawRow> {
  let count = 0;
  for await (const row of read(source, spec, maxBytes)) {
    count += 1;
    if (count > maxRows) throw unusable(`the file has more than ${maxRows} rows`, 'split it into several files');
    yield row;
  }
}

function read(source: Source, spec: Spec, maxBytes: number): AsyncGenerator<RawRow> {
  if (spec.format === 'csv') return csvRows(source, spec);
  if (spec.format === 'xlsx') return xlsxRows(source, spec.sheet, maxBytes);
  if (spec.format === 'ndjson') return ndjsonRows(source, spec.encoding);
  if (spec.format === 'json') return jsonRows(source, spec.records);
  return oscalRows(source, spec.format, spec.records ?? '');
}
