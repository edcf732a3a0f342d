import { logGamma } from './distributions.js';

/** So many of so many. Whole numbers, `of` at least `hits`. */
export interface Share {
  readonly hits: number;
  readonly of: number;
}

/**
 * Fisher's exact test (Fisher 1935, The Design of Experiments, chapter II), one-sided: the probability that at most `second.hits` of the hits of both
 * groups fall into the second, if both have the same share. Above 1 never; 1 when the second could not have had more.
 */
export function fisherBelow(first: Share, second: Share): number {
  const hits = first.hits + second.hits;
  const all = first.of + second.of;
  const least = Math.max(0, hits - first.of);
  let probability = 0;
  for (let x = least; x <= second.hits; x += 1)
    probability += Math.exp(logChoose(second.of, x) + logChoose(first.of, hits - x) - logChoose(all, hits));
  return Math.min(1, probability);
}

/** The other side: the probability of at least `second.hits`. */
export function fisherAbove(first: Share, second: Share): number {
  return fisherBelow({ hits: first.of - first.hits, of: first.of }, { hits: second.of - second.hits, of: second.of });
}

/** An estimate with its interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Wilson's score interval of one share (Wilson 1927). `z` is the normal quantile: 1.645 for 90 %. */
export function wilson({ hits, of }: Share, z: number): Estimate {
  const value = hits / of;
  const middle = 2 * hits + z * z;
  const half = z * Math.sqrt(z * z + 4 * hits * (1 - value));
  const below = 2 * (of + z * z);
  return { value, low: Math.max(0, (middle - half) / below), high: Math.min(1, (middle + half) / below) };
}

/** Difference of two shares, second less first, with Newcombe's hybrid score interval (Newcombe 1998, Statistics in Medicine 17:873-890, method 10). */
export function differenceOfShares(first: Share, second: Share, z: number): Estimate {
  return moverDifference(wilson(first, z), wilson(second, z));
}

/**
 * The interval of a difference, second less first, from the intervals of both (the method of variance estimates recovery, Zou & Donner 2008): it keeps
 * the lopsidedness of the two.
 */
export function moverDifference(first: Estimate, second: Estimate): Estimate {
  const value = second.value - first.value;
  return {
    value,
    low: value - Math.hypot(second.value - second.low, first.high - first.value),
    high: value + Math.hypot(second.high - second.value, first.value - first.low),
  };
}

function logChoose(n: number, k: number): number {
  return k < 0 || k > n ? Number.NEGATIVE_INFINITY : logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}
