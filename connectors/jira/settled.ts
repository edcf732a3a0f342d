import type { Instant, Row } from 'golden-thread/kit';

/**
 * The rows of a page by which reading may go on.
 *
 * Jira orders a search by its index and may deliver the issue itself fresher than that: an issue that was changed a moment ago stands where its
 * old stamp belongs, with its new stamp on it. Going on from that stamp would skip everything in between. A stamp is trusted only when it is older
 * than the time that the index may need, for then the index knows it too. Younger rows are left out as long as there is more to read; nothing is
 * lost, because they are stamped behind the horizon of this run, and the next one begins there. On the last page everything is delivered, in order.
 */
export function settledRows(rows: readonly Row[], more: boolean, remoteNow: Instant, settleMs: number): readonly Row[] {
  if (!more) return rows.toSorted(byStamp);
  const settledBefore = new Date(Date.parse(remoteNow) - settleMs).toISOString();
  return rows.filter((row) => settleMs <= 0 || stampOf(row) < settledBefore);
}

/** When the row was last changed. Rows without a readable stamp come first: they move no position. */
function stampOf(row: Row): Instant {
  return 'record' in row ? row.record.updatedAt : (row.rejection.updatedAt ?? '');
}

function byStamp(a: Row, b: Row): number {
  const [left, right] = [stampOf(a), stampOf(b)];
  return left === right ? 0 : left < right ? -1 : 1;
}
