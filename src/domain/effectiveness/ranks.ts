import { normalBelow } from './distributions.js';
import type { Estimate } from './shares.js';

/** The ranks of values in ascending order, equal ones sharing the average of theirs (midranks), and the sum of t³ - t over groups of t equal ones. */
export function midranks(values: readonly number[]): { readonly ranks: readonly number[]; readonly ties: number } {
  const order = values.map((_value, index) => index).toSorted((a, b) => compare(values[a] ?? 0, values[b] ?? 0));
  const ranks = values.map(() => 0);
  let ties = 0;
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end += 1;
    for (let at = start; at < end; at += 1) ranks[order[at] ?? 0] = (start + 1 + end) / 2;
    ties += (end - start) ** 3 - (end - start);
    start = end;
  }
  return { ranks, ties };
}

/** What the rank test of two samples says. */
export interface RankTest {
  /** Pairs in which the second value is the larger, a tie for half (Mann & Whitney's U of the second sample). */
  readonly u: number;
  /** Probability of a second sample at least this low, if nothing had changed; and at least this high. */
  readonly below: number;
  readonly above: number;
  readonly exact: boolean;
}

/** Up to here every arrangement is counted; beyond it the normal approximation is good to a thousandth. */
const exactPairs = 400;

/**
 * The rank test of Wilcoxon (1945) and Mann & Whitney (1947) on whether values in the second sample tend to be smaller or larger: exact where there are
 * few values, no ties and no clustering; else the normal approximation with continuity correction and, for ties, the corrected variance
 * (Hollander & Wolfe 1973, section 4.1). `design` widens the variance for values that come in clusters (see `designEffect`). Infinite values rank last.
 */
export function rankTest(first: readonly number[], second: readonly number[], design = 1): RankTest {
  const [m, n] = [first.length, second.length];
  const { ranks, ties } = midranks([...first, ...second]);
  const u = ranks.slice(m).reduce((total, rank) => total + rank, 0) - (n * (n + 1)) / 2;
  if (m === 0 || n === 0) return { u: 0, below: 1, above: 1, exact: true };
  if (ties === 0 && design === 1 && m * n <= exactPairs) {
    const counts = arrangements(m, n);
    const all = counts.reduce((total, count) => total + count, 0);
    const tail = (from: number, to: number): number => counts.slice(from, to + 1).reduce((total, count) => total + count, 0) / all;
    return { u, below: tail(0, u), above: tail(u, m * n), exact: true };
  }
  const total = m + n;
  const variance = ((m * n) / 12) * (total + 1 - ties / (total * (total - 1))) * design;
  if (!(variance > 0)) return { u, below: 1, above: 1, exact: false };
  const z = (shift: number): number => (u - (m * n) / 2 + shift) / Math.sqrt(variance);
  return { u, below: normalBelow(z(0.5)), above: normalBelow(-z(-0.5)), exact: false };
}

/** How many arrangements of m and n values give each U from 0 to m·n: the recurrence of Mann & Whitney (1947). */
function arrangements(m: number, n: number): readonly number[] {
  let counts: number[][] = Array.from({ length: n + 1 }, () => [1]);
  for (let i = 1; i <= m; i += 1) {
    const next: number[][] = [[1]];
    for (let j = 1; j <= n; j += 1) {
      const [shorter, longer] = [next[j - 1] ?? [], counts[j] ?? []];
      next.push(Array.from({ length: i * j + 1 }, (_each, u) => (shorter[u] ?? 0) + (longer[u - j] ?? 0)));
    }
    counts = next;
  }
  return counts[n] ?? [];
}

/** What stands for "not over yet" among durations: longer than any that is over. Differences beyond half of it are without bound. */
const endless = 1e15;

/**
 * By how much the second sample lies higher: the median of all differences (Hodges & Lehmann 1963), with the interval that the rank test gives
 * (Moses; Hollander & Wolfe 1973, section 4.3). Infinite where it rests on values that are infinite, or on more values than there are.
 */
export function shiftOf(first: readonly number[], second: readonly number[], z: number, design = 1): Estimate {
  const pairs = first.length * second.length;
  const half = z * Math.sqrt(((pairs * (first.length + second.length + 1)) / 12) * design);
  const skip = Math.floor(pairs / 2 - half);
  const [a, b] = [first, second].map((values) => values.map((value) => Math.min(value, endless)).toSorted(compare));
  const nth = (k: number): number => {
    if (k < 1) return Number.NEGATIVE_INFINITY;
    const found = k > pairs ? endless : nthDifference(a ?? [], b ?? [], k);
    // To nine digits: closer the search does not come.
    return Math.abs(found) < endless / 2 ? Number(found.toPrecision(9)) : found * Number.POSITIVE_INFINITY;
  };
  return { value: (nth(Math.floor((pairs + 1) / 2)) + nth(Math.ceil((pairs + 1) / 2))) / 2, low: nth(skip), high: nth(pairs + 1 - skip) };
}

/** The k-th smallest of all differences b - a, both ascending, without making them all: by halving the range in which it lies. */
function nthDifference(a: readonly number[], b: readonly number[], k: number): number {
  let low = (b[0] ?? 0) - (a.at(-1) ?? 0) - 1;
  let high = (b.at(-1) ?? 0) - (a[0] ?? 0);
  for (let round = 0; round < 120 && high - low > 1e-10 * Math.max(1, Math.abs(high), Math.abs(low)); round += 1) {
    const middle = (low + high) / 2;
    if (countUpTo(a, b, middle) >= k) high = middle;
    else low = middle;
  }
  return high;
}

/** How many differences b - a are at most d, in one walk: for a larger b, fewer of the a will do. */
function countUpTo(a: readonly number[], b: readonly number[], d: number): number {
  let count = 0;
  let from = 0;
  for (const value of b) {
    while (from < a.length && (a[from] ?? 0) < value - d) from += 1;
    count += a.length - from;
  }
  return count;
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
