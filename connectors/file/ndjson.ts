import type { Json } from 'golden-thread/kit';
import { badRow, maxRowChars, objectRow, type RawRow } from './row.js';
import { type Encoding, textOf } from './text.js';
import type { Source } from './source.js';

/** One JSON object a line; empty lines are none. A line that is no object, or is too long, is bad alone. */
export async function* ndjsonRows(source: Source, encoding: Encoding): AsyncGenerator<RawRow> {
  let rest = '';
  let line = 1;
  let skipping = false;
  for await (const { text } of textOf(source, encoding)) {
    const lines = `${rest}${text}`.split('\n');
    rest = lines.pop() ?? '';
    for (const one of lines) {
      if (!skipping) yield* rowOf(one, line);
      skipping = false;
      line += 1;
    }
    if (rest.length <= maxRowChars) continue;
    if (!skipping) yield badRow(line, `has more than ${maxRowChars} characters`, { text: rest.slice(0, 500) });
    [rest, skipping] = ['', true];
  }
  if (!skipping) yield* rowOf(rest, line);
}

function* rowOf(text: string, line: number): Generator<RawRow> {
  if (text.trim() === '') return;
  try {
    yield objectRow(line, JSON.parse(text) as Json, text.length);
  } catch (error) {
    yield badRow(line, `is no JSON: ${(error as Error).message}`, { text: text.slice(0, 500) });
  }
}
