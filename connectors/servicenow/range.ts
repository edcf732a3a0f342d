import { Failure, type Json, type JsonObject, type OrderedQuery, type RangeAsk, type Row, type RowPage } from 'golden-thread/kit';
import { pageSizeOf } from './page-size.js';
import { liesInRange, rangeQuery, utcLiteral } from './query.js';
import type { RowReader } from './rows.js';
import { type RawPage, type TableApi, moreOf } from './table.js';

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

/** A row as it is read, with what says where it stands in the order. */
interface PlacedRow {
  /** `sys_updated_on` as it came; empty where it is no stamp. */
  readonly stamp: string;
  readonly key: Json | undefined;
  readonly row: Row;
}

/**
 * A table in the order (sys_updated_on, sys_id), by keyset. Each row is held against the range that was asked for. How many rows come at
 * once is for {@link pageSizeOf} to learn.
 */
export function rangeOf(source: RangeSource): OrderedQuery {
  const size = pageSizeOf(source.pageSize);
  return {
    order: 'keyset',
    granularityMs: 1_000,
    settleMs: source.settleMs,
    maxPageSize: source.pageSize,
    async fetch(ask) {
      const query = rangeQuery(source.filter, ask);
      const { page, limit } = await size.fit(ask.limit, (rows) =>
        source.api.list(
          source.table,
          { query, fields: source.reader.columns, limit: rows, offset: ask.skip, signal: ask.signal },
          (row): PlacedRow => ({ stamp: stampOf(row), key: row['sys_id'], row: source.reader.read(row) }),
        ),
      );
      const rows = settledRows(page, ask);
      refuseStrangers(rows, ask);
      return toRowPage(
        page,
        rows.map(({ row }) => row),
        limit,
      );
    },
  };
}

function toRowPage(page: RawPage<PlacedRow>, rows: RowPage['rows'], limit: number): RowPage {
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
function settledRows(page: RawPage<PlacedRow>, ask: RangeAsk): readonly PlacedRow[] {
  if (page.remoteNow === undefined || page.rows.length === 0) return page.rows;
  const justNow = utcLiteral(new Date(Date.parse(page.remoteNow) - clockGrainMs).toISOString());
  const until = ask.until === undefined ? undefined : utcLiteral(ask.until);
  let rest = page.rows;
  if (page.more === true) {
    const end = rest.findLastIndex(({ stamp }) => stamp < justNow);
    // A page of nothing but fresh rows is the head of a busy table, not a page that was overtaken.
    if (end >= 0) rest = rest.slice(0, end + 1);
  }
  return rest.filter(({ stamp }, index) => {
    if (stamp < justNow) return true;
    const next = rest[index + 1];
    return !(next !== undefined && next.stamp < stamp) && !(until !== undefined && stamp > until);
  });
}

function stampOf(row: JsonObject): string {
  const stamp = row['sys_updated_on'];
  return typeof stamp === 'string' && wellFormed.test(stamp) ? stamp : '';
}

/** What does not look like this is no stamp, late or early: such a row is rejected alone, never taken for one that comes again. */
const wellFormed = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

function refuseStrangers(rows: readonly PlacedRow[], ask: RangeAsk): void {
  const isAskedFor = liesInRange(ask);
  for (const { key, stamp } of rows) {
    // Rows that cannot be placed are rejected one by one.
    if (typeof key !== 'string' || key === '' || stamp === '') continue;
    if (isAskedFor(stamp, key)) continue;
    throw new Failure('contract', `ServiceNow answered with a row outside of the range that was asked for: stamped ${stamp.slice(0, 40)}`, {
      key,
      hint: 'the instance ignored a condition on sys_updated_on or sys_id; let the account query them by range (query_range), and check the filter of the stream',
    });
  }
}
