import { Failure, type JsonObject, type OrderedQuery, type RangeAsk, type RowPage, isFailure } from 'golden-thread/kit';
import { isObject, wasTooSlow } from './meaning.js';
import { liesInRange, rangeQuery, utcLiteral } from './query.js';
import type { RowReader } from './rows.js';
import { type RawPage, type TableApi, moreOf } from './table.js';

/** A page is not asked for in fewer rows than this; if ten take longer than the instance allows, the table needs an index. */
const smallestPage = 10;
/** After so many pages in a row that came, a reduced size is doubled again. */
const pagesUntilLarger = 10;
/** The remote's clock is read from a header of whole seconds, so "now" is known to about this much. */
const clockGrainMs = 2_000;

/** What a range is read from. */
export interface RangeSource {
  readonly table: string;
  readonly filter?: string | undefined;
  readonly reader: RowReader;
  readonly api: Pick<TableApi, 'list'>;
  readonly pageSize: number;
  readonly settleMs: number;
}

/**
 * A table in the order (sys_updated_on, sys_id), by keyset. Each row is held against the range that was asked for. A page that the
 * instance cuts short (60 s) is asked for again at half the size, and the size that came is kept for the pages that follow.
 */
export function rangeOf(source: RangeSource): OrderedQuery {
  let size = source.pageSize;
  let came = 0;

  const shrink = (): void => {
    size = Math.max(smallestPage, Math.floor(size / 2));
    came = 0;
  };

  const request = async (ask: RangeAsk): Promise<{ page: RawPage; limit: number }> => {
    for (;;) {
      const limit = Math.min(ask.limit, size);
      try {
        const query = rangeQuery(source.filter, ask);
        const page = await source.api.list(source.table, {
          query,
          fields: source.reader.columns,
          limit,
          offset: ask.skip,
          signal: ask.signal,
        });
        came += 1;
        if (came >= pagesUntilLarger && size < source.pageSize) {
          size = Math.min(source.pageSize, size * 2);
          came = 0;
        }
        return { page, limit };
      } catch (error) {
        if (!isFailure(error)) throw error;
        if (!wasTooSlow(error)) {
          // A cut answer is often no JSON at all: then the next attempt, which core schedules, asks for less.
          if (error.kind === 'transient' && error.details.status === 200) shrink();
          throw error;
        }
        size = Math.min(size, limit);
        shrink();
        if (limit > smallestPage) continue;
        throw new Failure('transient', error.message, {
          ...error.details,
          hint: `not even ${limit} rows come within the instance's time limit; ask for an index on sys_updated_on, or narrow the stream by a filter`,
        });
      }
    }
  };

  return {
    order: 'keyset',
    granularityMs: 1_000,
    settleMs: source.settleMs,
    maxPageSize: source.pageSize,
    async fetch(ask) {
      const { page, limit } = await request(ask);
      const rows = settledRows(page, ask);
      refuseStrangers(rows, ask);
      return toRowPage(
        page,
        rows.map((row) => source.reader.read(row)),
        limit,
      );
    },
  };
}

function toRowPage(page: RawPage, rows: RowPage['rows'], limit: number): RowPage {
  if (page.remoteNow === undefined)
    throw new Failure('contract', 'ServiceNow answered without its clock (header Date)', {
      hint: 'a proxy removes the Date header; without it the end of a run cannot be told',
    });
  return {
    rows,
    more: moreOf(page),
    ...(page.total !== undefined && { total: page.total }),
    covered: limit - (page.rows.length - rows.length),
    remoteNow: page.remoteNow,
  };
}

/**
 * The rows of a page without those that were touched while it was read. An instance first selects the ids in order and then loads the
 * rows, so that a row that changes in between arrives with its new stamp at its old place. At the end of a page the reading position
 * would jump to the present and everything between would be lost. Such a row comes again at its new place: its stamp is later than the
 * start of this request. On the last page the position does not matter, and nothing is left out at its end.
 */
function settledRows(page: RawPage, ask: RangeAsk): readonly JsonObject[] {
  if (page.remoteNow === undefined || page.rows.length === 0) return page.rows;
  const justNow = utcLiteral(new Date(Date.parse(page.remoteNow) - clockGrainMs).toISOString());
  const until = ask.until === undefined ? undefined : utcLiteral(ask.until);
  let rest = page.rows;
  if (page.more === true) {
    const end = rest.findLastIndex((row) => stampOf(row) < justNow);
    // A page of nothing but fresh rows is the head of a busy table, not a page that was overtaken.
    if (end >= 0) rest = rest.slice(0, end + 1);
  }
  return rest.filter((row, index) => {
    const stamp = stampOf(row);
    if (stamp < justNow) return true;
    const next = rest[index + 1];
    return !(next !== undefined && stampOf(next) < stamp) && !(until !== undefined && stamp > until);
  });
}

function stampOf(row: JsonObject): string {
  const stamp = row['sys_updated_on'];
  return typeof stamp === 'string' ? stamp : '';
}

function refuseStrangers(rows: readonly JsonObject[], ask: RangeAsk): void {
  const isAskedFor = liesInRange(ask);
  for (const row of rows) {
    const { sys_id: key, sys_updated_on: stamp } = row;
    // Rows that cannot be placed are rejected one by one.
    if (typeof key !== 'string' || typeof stamp !== 'string' || key === '' || stamp === '' || isObject(key)) continue;
    if (isAskedFor(stamp, key)) continue;
    throw new Failure('contract', `ServiceNow answered with a row outside of the range that was asked for: stamped ${stamp.slice(0, 40)}`, {
      key,
      hint: 'the instance ignored a condition on sys_updated_on or sys_id; let the account query them by range (query_range), and check the filter of the stream',
    });
  }
}
