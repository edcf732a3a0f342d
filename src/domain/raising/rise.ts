import { betaBelow, studentQuantile } from '../effectiveness/distributions.js';
import { dispersionOf, mean, sum } from '../effectiveness/statistics.js';

/** Whether a weekly rate has risen. */
export interface Rise {
  /** Window rate over baseline rate; absent when the baseline has no records. */
  readonly ratio?: number;
  /** Probability of a rise at least this large if nothing had changed. */
  readonly pValue: number;
  readonly dispersion: number;
}

/** The quantile of the normal distribution at 95 %. */
const normalQuantile = 1.6448536269514722;

/**
 * Whether the weekly rate has risen between two spans of whole weeks: the conditional exact comparison of two rates (Przyborowski & Wilenski 1940), the
 * other tail of what judges effectiveness. Given how many records there are in both spans, the number in the window is binomial if nothing has
 * changed; both counts are divided by the dispersion (quasi-Poisson, at least 1), corrected for its being an estimate (Korn & Graubard 1998), so that a
 * service whose records come in clusters does not fire on every cluster. The dispersion is the larger of that of the baseline's weeks and that of all weeks
 * around their common mean, which is what it is if nothing has changed: a cluster that the baseline happens to lack is noise, not a trend.
 */
export function compareRise(baseline: readonly number[], window: readonly number[]): Rise {
  const [before, after] = [sum(baseline), sum(window)];
  const all = [...baseline, ...window];
  const dispersion = Math.max(1, dispersionOf([baseline]), dispersionOf([all]));
  const correction = dispersion > 1 ? forFew(all.length) : 1;
  const [x, y] = [before / (dispersion * correction), after / (dispersion * correction)];
  const share = window.length / (window.length + baseline.length);
  const pValue = after === 0 ? 1 : betaBelow(share, y, x + 1);
  return { ...(before > 0 && { ratio: mean(window) / mean(baseline) }), pValue, dispersion };
}

const known = new Map<number, number>();

/** The correction for so many weeks; kept, because a quantile costs hundreds of times what the comparison does and there are few numbers of weeks. */
function forFew(weeks: number): number {
  const correction = known.get(weeks) ?? (studentQuantile(0.95, Math.max(1, weeks - 1)) / normalQuantile) ** 2;
  known.set(weeks, correction);
  return correction;
}
