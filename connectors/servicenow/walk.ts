import { Failure, type JsonObject } from 'golden-thread/kit';
import { columnText } from './column-text.js';
import type { PageSize } from './page-size.js';
import { condition, isPlainKey } from './query.js';
import { type TableApi, moreOf } from './table.js';

/** A place in the order of sys_id. */
export interface WalkPosition {
  /** Behind this sys_id; from the start without it. */
  readonly after?: string | undefined;
  /** Rows behind it that were stepped over because the account may read none of them. */
  readonly skip: number;
  /** How many rows were counted behind `after` when it was last asked. */
  readonly total?: number | undefined;
  /** The stretch in front of `after`: how many rows were counted there up to the end, and how many came. For counting what did not come. */
  readonly before?: { readonly total: number; readonly came: number } | undefined;
}

export const startOfWalk: WalkPosition = { skip: 0 };

/** What is walked through. */
export interface WalkAsk {
  readonly api: Pick<TableApi, 'list'>;
  readonly table: string;
  readonly filter?: string | undefined;
  readonly fields: readonly string[];
  readonly limit: number;
  readonly size: PageSize;
  readonly signal?: AbortSignal | undefined;
}

/** One step of a walk. */
export interface WalkPage {
  /** Each with a usable sys_id, ascending. */
  readonly rows: readonly JsonObject[];
  readonly position: WalkPosition;
  /** By the raw count, never by an empty page: limits apply before access rules. */
  readonly done: boolean;
  /** Rows passed in this step that exist and that the account may not read. */
  readonly unreadable: number;
}

/**
 * The next rows in the order of sys_id, an order that no edit disturbs; continues behind the last one read, never by offset. Only a page without a readable
 * row is stepped over by offset, inside the same keyset: when rows behind the position go away meanwhile, it goes back by as many.
 * Fails with `contract` when the instance ignores the condition or the order, or tells no count where one is needed.
 */
export async function walk(ask: WalkAsk, at: WalkPosition): Promise<WalkPage> {
  const query = [
    ...(ask.filter === undefined ? [] : [ask.filter]),
    ...(at.after === undefined ? [] : [condition('sys_id', '>', at.after)]),
    'ORDERBYsys_id',
  ].join('^');
  const { page, limit } = await ask.size.fit(ask.limit, (rows) =>
    ask.api.list(ask.table, { query, fields: ask.fields, limit: rows, offset: at.skip, signal: ask.signal }),
  );
  const { total } = page;
  const end = page.rows.findLastIndex((row) => isPlainKey(columnText(row, 'sys_id')));
  const rows = page.rows.slice(0, end + 1).filter((row) => isPlainKey(columnText(row, 'sys_id')));
  demandOrder(rows, at.after);

  // Rows behind the position went away: those that were still to come moved up, perhaps to places already stepped over.
  const gone = at.total === undefined || total === undefined ? 0 : Math.max(0, at.total - total);
  if (gone > 0) return { rows: [], position: { after: at.after, skip: Math.max(0, at.skip - gone), total }, done: false, unreadable: 0 };

  const passed = at.before === undefined || total === undefined ? 0 : Math.max(0, at.before.total - total - at.before.came);
  if (!moreOf(page)) {
    const left = total === undefined ? 0 : Math.max(0, total - page.rows.length);
    return { rows, position: startOfWalk, done: true, unreadable: passed + left };
  }
  const last = rows.at(-1);
  if (last !== undefined) {
    const after = columnText(last, 'sys_id');
    const before = total === undefined ? undefined : { total, came: end + 1 };
    return { rows, position: { after, skip: 0, ...(before && { before }) }, done: false, unreadable: passed };
  }
  if (total === undefined)
    throw new Failure('contract', 'a page of unreadable rows came without a total count, so it cannot be stepped over safely', {
      hint: 'let the account read these rows, or exclude them by a filter on the stream',
    });
  return { rows, position: { after: at.after, skip: at.skip + limit, total }, done: false, unreadable: passed };
}

const hexadecimal = /^[0-9a-f]{32}$/;

/** How a database sorts ids that are not 32 hexadecimal digits is not documented, so only those are held to the order. */
function demandOrder(rows: readonly JsonObject[], after: string | undefined): void {
  let previous = after?.toLowerCase();
  for (const row of rows) {
    const key = columnText(row, 'sys_id').toLowerCase();
    if (previous !== undefined && hexadecimal.test(previous) && hexadecimal.test(key) && key <= previous)
      throw new Failure('contract', `ServiceNow ignored the order by sys_id, or the condition on it: ${key} behind ${previous}`, {
        key,
        hint: 'let the account sort by sys_id and query it by range (query ACL query_range)',
      });
    previous = key;
  }
}

/** All rows in the order of sys_id, up to `most`. Used for the tables in which the instance describes itself. */
export async function walkAll(ask: WalkAsk, most: number): Promise<readonly JsonObject[]> {
  const rows: JsonObject[] = [];
  for (let at = startOfWalk; ;) {
    const page = await walk(ask, at);
    rows.push(...page.rows);
    if (page.done || rows.length >= most) return rows;
    at = page.position;
  }
}
