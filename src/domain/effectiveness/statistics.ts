import { betaBelow, betaQuantile, studentQuantile } from './distributions.js';

/** Two rates compared. Weekly counts in, everything else derived. */
export interface RateComparison {
  /** Window rate over baseline rate with its 90 % interval; absent when the baseline has no records. */
  readonly ratio?: { readonly value: number; readonly low: number; readonly high: number };
  /** Probability of a fall at least this large if nothing had changed. */
  readonly pValue: number;
  /** Probability of a rise at least this large if nothing had changed. */
  readonly pRise: number;
  /** Variance over mean as used, at least 1. */
  readonly dispersion: number;
}

/** What {@link compareRates} does, for the record of a measurement. */
export const method =
  'Conditional exact comparison of two rates (Przyborowski & Wilenski 1940; Clopper & Pearson 1934), counts scaled to the effective sample size ' +
  'under quasi-Poisson overdispersion with the degrees-of-freedom correction of Korn & Graubard (1998); dispersion from the weekly counts, at least 1';

/** Half of what a two-sided 90 % interval leaves out: the level of its one-sided bounds. */
export const intervalLevel = 0.95;
/** The quantile of the normal distribution at that level. */
export const normalQuantile = 1.6448536269514722;

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}

/**
 * Variance over mean of counts around the mean of their own group (Pearson's chi-square over its degrees of freedom): 1 for Poisson counts.
 * Groups without a record say nothing and are left out; 1 when nothing is left.
 */
export function dispersionOf(groups: readonly (readonly number[])[]): number {
  const telling = groups.filter((group) => group.length > 1 && sum(group) > 0);
  const degrees = sum(telling.map((group) => group.length - 1));
  if (degrees === 0) return 1;
  const pearson = sum(telling.map((group) => sum(group.map((value) => (value - mean(group)) ** 2)) / mean(group)));
  return pearson / degrees;
}

/**
 * Whether the weekly rate has fallen or risen between two spans of whole weeks.
 *
 * Given how many records there are in both, how many of them fall into the window is binomial if nothing has changed, with the window's share
 * of the weeks as probability. Records of one case come in clusters, so their variance is larger than Poisson's: both counts are divided
 * by the dispersion, which keeps the ratio and widens everything else, and the tail is taken from the beta distribution that continues the
 * binomial. The dispersion is estimated from few weeks; (t/z)² allows for that.
 */
export function compareRates(baseline: readonly number[], window: readonly number[]): RateComparison {
  const before = sum(baseline);
  const after = sum(window);
  const dispersion = Math.max(1, dispersionOf([baseline]), dispersionOf([baseline, window]));
  const degrees = Math.max(1, baseline.length - 1);
  const correction = dispersion > 1 ? (studentQuantile(intervalLevel, degrees) / normalQuantile) ** 2 : 1;
  const [x, y] = [before / (dispersion * correction), after / (dispersion * correction)];
  const share = window.length / (window.length + baseline.length);
  const pRise = after === 0 ? 1 : betaBelow(share, y, x + 1);
  if (before === 0) return { pValue: 1, pRise, dispersion };
  const pValue = 1 - betaBelow(share, y + 1, x);
  const toRatio = (p: number): number => (p / (1 - p)) * (baseline.length / window.length);
  return {
    ratio: {
      value: after / window.length / (before / baseline.length),
      low: after === 0 ? 0 : toRatio(betaQuantile(1 - intervalLevel, y, x + 1)),
      high: toRatio(betaQuantile(intervalLevel, y + 1, x)),
    },
    pValue,
    pRise,
    dispersion,
  };
}
