import type { Json, JsonObject } from 'golden-thread/kit';
import { valueAt } from './names.js';
import { objectRow, type RawRow, unusable } from './row.js';
import { wholeText } from './text.js';
import type { Source } from './source.js';

/** The objects of the list at `records` (a path such as `result.findings`), or of a file that is a list. The file is held in memory whole. */
export async function* jsonRows(source: Source, records: string | undefined): AsyncGenerator<RawRow> {
  const root = await parsedJson(source);
  const list = records === undefined ? root : isObject(root) ? valueAt(root, records) : undefined;
  if (!Array.isArray(list))
    throw unusable(
      records === undefined ? 'the file is no list' : `there is no list at ${records}`,
      records === undefined ? 'say where the list stands: records: path.to.it' : 'correct records, the path to the list',
    );
  for (const [at, value] of (list as readonly Json[]).entries()) yield objectRow(at + 1, value, JSON.stringify(value).length);
}

/** A whole file as JSON. Fails with `record` when it is none. */
export async function parsedJson(source: Source): Promise<Json> {
  const text = await wholeText(source);
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw unusable(`the file is no JSON: ${(error as Error).message.slice(0, 200)}`, 'export it again');
  }
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
