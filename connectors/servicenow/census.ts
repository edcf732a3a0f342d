import { type Cursor, Failure, type KeysAsk, type KeysPage, z } from 'golden-thread/kit';
import { columnText } from './column-text.js';
import { pageSizeOf } from './page-size.js';
import type { TableApi } from './table.js';
import { type WalkPosition, startOfWalk, walk } from './walk.js';

/** Rows of one column are light: the largest page that the API gives by default. */
const mostKeys = 10_000;

const Place = z.strictObject({
  v: z.literal(1),
  census: z.strictObject({
    after: z.string().optional(),
    skip: z.int().min(0),
    total: z.int().min(0).optional(),
    before: z.strictObject({ total: z.int().min(0), came: z.int().min(0) }).optional(),
  }),
});

/** The `keys` of a stream: every sys_id that the account sees in the stream's scope, by keyset on sys_id, which is all that is asked for. */
export function censusOf(
  table: string,
  filter: string | undefined,
  api: Pick<TableApi, 'list'>,
): (cursor: Cursor | undefined, ask: KeysAsk) => Promise<KeysPage> {
  const size = pageSizeOf(mostKeys);
  return async (cursor, ask) => {
    const at = cursor === undefined ? startOfWalk : parsePlace(cursor);
    const limit = Math.min(ask.pageSize, mostKeys);
    const page = await walk({ api, table, filter, fields: ['sys_id'], limit, size, signal: ask.signal }, at);
    return {
      keys: page.rows.map((row) => columnText(row, 'sys_id')),
      cursor: toCursor(page.position),
      done: page.done,
      unreadable: page.unreadable,
    };
  };
}

function toCursor(census: WalkPosition): Cursor {
  return JSON.parse(JSON.stringify({ v: 1, census })) as Cursor;
}

function parsePlace(cursor: Cursor): WalkPosition {
  const parsed = Place.safeParse(cursor);
  if (parsed.success) return parsed.data.census;
  throw new Failure('contract', `the stored place of the census is not one of this version: ${z.prettifyError(parsed.error)}`, {
    hint: 'start the census of this stream again',
  });
}
