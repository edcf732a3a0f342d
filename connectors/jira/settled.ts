import type { Instant, Row } from 'golden-thread/kit';

/**
 * The rows of a page by which reading may go on.
 *
 * Jira orders a search by its index and may deliver the issue itself fresher than that: an issue that was changed a moment ago stands where its
 * old stamp belongs, with its new stamp on it. Going on from that stamp would skip everything in between. A stamp is trusted only when it is older
 * than the time that the index may need, for then the index knows it too. Younger rows are left out as long as there is more to read; nothing is
 * lost, because they are stamped behind the horizon of this run, and the next one begins there. On the last page everything is delivered, in order.
 */
export function settledRows(rows: readonly Row[], page: PageFacts): readonly Row[] {
  if (!page.more) return rows.toSorted(byStamp);
  const settledBefore = new Date(Date.parse(page.remoteNow) - page.settleMs).toISOString();
  const settled = rows.filter((row) => page.settleMs <= 0 || stampOf(row) < settledBefore);
  // The index may know stamps to the minute only and then orders by key within it. An order that is wrong beyond that is left as it is: it is refused.
  const unit = (row: Row | undefined): number => (row === undefined ? 0 : Math.floor((Date.parse(stampOf(row)) || 0) / page.granularityMs));
  return settled.every((row, index) => index === 0 || unit(settled[index - 1]) <= unit(row)) ? settled.toSorted(byStamp) : settled;
}

/** What is known about the page beside its rows. */
export interface PageFacts {
  /** There are issues behind it. */
  readonly more: boolean;
  readonly remoteNow: Instant;
  /** How long the index may need. */
  readonly settleMs: number;
  /** To what the index may round a stamp. */
  readonly granularityMs: number;
}

/** When the row was last changed. Rows without a readable stamp come first: they move no position. */
function stampOf(row: Row): Instant {
  return 'record' in row ? row.record.updatedAt : (row.rejection.updatedAt ?? '');
}

function byStamp(a: Row, b: Row): number {
  const [left, right] = [stampOf(a), stampOf(b)];
  return left === right ? 0 : left < right ? -1 : 1;
}
