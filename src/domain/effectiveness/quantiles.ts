import { betaBelow } from './distributions.js';
import { intervalLevel } from './statistics.js';
import { type Estimate, fisherAbove, fisherBelow, type Share } from './shares.js';

/** The smallest value that at least this part of the values does not exceed. Undefined without values. */
export function quantileOf(values: readonly number[], part: number): number | undefined {
  const sorted = ascending(values);
  return sorted[Math.max(0, Math.ceil(part * sorted.length - 1e-9) - 1)];
}

/** The middle value, or the mean of the two in the middle. Undefined without values. */
export function medianOf(values: readonly number[]): number | undefined {
  const sorted = ascending(values);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/** How many of each group lie above the quantile of both together: what the quantile test compares. */
export function aboveQuantile(first: readonly number[], second: readonly number[], part: number): readonly [Share, Share] {
  const limit = quantileOf([...first, ...second], part) ?? Number.POSITIVE_INFINITY;
  const above = (values: readonly number[]): Share => ({ hits: values.filter((value) => value > limit).length, of: values.length });
  return [above(first), above(second)];
}

/**
 * The quantile test: Mood's median test (Mood 1950, section 16.4; Conover 1999, section 4.3) at another quantile, with Fisher's exact probability.
 */
export function quantileTest(first: Share, second: Share): { readonly below: number; readonly above: number } {
  return { below: fisherBelow(first, second), above: fisherAbove(first, second) };
}

/**
 * A quantile with its distribution-free two-sided 90 % interval between order statistics (Conover 1999, section 3.2). A bound for which there are
 * too few values is infinite. `design`: as many values count as one.
 */
export function quantileInterval(values: readonly number[], part: number, design = 1): Estimate {
  const sorted = ascending(values);
  const n = sorted.length;
  const value = quantileOf(sorted, part) ?? Number.NaN;
  // Values below the quantile are binomial: P(at most r - 1) must be no more than 5 % on either side.
  const atMost = (r: number, of: number): number => (r < 0 ? 0 : r >= of ? 1 : 1 - betaBelow(part, r + 1, of - r));
  const scaled = Math.max(1, Math.floor(n / design));
  let low = 0;
  while (low < scaled && atMost(low, scaled) <= 1 - intervalLevel) low += 1;
  let high = low;
  while (high < scaled && atMost(high, scaled) < intervalLevel) high += 1;
  const at = (rank: number): number | undefined => sorted[Math.min(n - 1, Math.max(0, rank))];
  return {
    value,
    low: low === 0 ? Number.NEGATIVE_INFINITY : (at(Math.floor(((low - 1) * n) / scaled)) ?? Number.NEGATIVE_INFINITY),
    high: high >= scaled ? Number.POSITIVE_INFINITY : (at(Math.ceil((high * n) / scaled)) ?? Number.POSITIVE_INFINITY),
  };
}

function ascending(values: readonly number[]): readonly number[] {
  return values.toSorted((a, b) => (a === b ? 0 : a < b ? -1 : 1));
}
