import type { Effect } from '../improvement.js';
import { designEffect } from './design-effect.js';
import { welch } from './means.js';
import type { Measure, Observation } from './observations.js';
import { aboveQuantile, medianOf, quantileInterval, quantileOf, quantileTest } from './quantiles.js';
import { rankTest, shiftOf } from './ranks.js';
import { differenceOfShares, type Estimate, fisherAbove, fisherBelow, moverDifference, type Share } from './shares.js';
import { compareRates, mean, method as rateMethod, normalQuantile, sum } from './statistics.js';

/** Two spans compared by the test that fits the metric. */
export interface Comparison {
  /** The metric over each span; absent when nothing tells it (no record, or too many that are not over). */
  readonly before?: number;
  readonly after?: number;
  /** The metric week by week; absent for rates, whose counts say it. */
  readonly valuesBefore?: readonly (number | null)[];
  readonly valuesAfter?: readonly (number | null)[];
  readonly effect?: Effect;
  /** Probability of a fall, and of a rise, at least this large if nothing had changed. */
  readonly pFall: number;
  readonly pRise: number;
  readonly dispersion: number;
  readonly method: string;
}

interface Group {
  readonly observations: readonly Observation[];
  readonly weeks: number;
}

const clusters =
  'records of one week counted as clusters: design effect of Kish (1965) and Rao & Scott (1992), at least 1, with the degrees-of-freedom correction of Korn & Graubard (1998)';
const methods = {
  share: `Fisher's exact test, one-sided (Fisher 1935); difference with Newcombe's hybrid score interval (1998, method 10); ${clusters}`,
  median: `Rank test of Wilcoxon (1945) and Mann & Whitney (1947), midranks, tie and continuity correction (Hollander & Wolfe 1973), exact where small and without ties; shift of Hodges & Lehmann (1963); ${clusters}`,
  p90: `Quantile test: Mood (1950) at the common 90th percentile, with Fisher's exact probability (Conover 1999, 4.3); interval from order statistics (Conover 1999, 3.2) joined as Zou & Donner (2008); ${clusters}`,
  mean: `Welch's t test (Welch 1947); ${clusters}`,
};

/** Compares baseline and window by the metric. */
export function compare(measure: Measure, before: Group, after: Group): Comparison {
  switch (measure.metric) {
    case 'weekly-rate':
      return rates(before, after);
    case 'share':
    case 'breach-ratio':
      return shares(before, after);
    case 'duration':
      return measure.statistic === 'median' ? medians(before, after) : percentiles(before, after, 0.9);
    case 'survey-mean':
      return means(before, after);
  }
}

/** Records per week of a group. */
export function countsOf({ observations, weeks }: Group): readonly number[] {
  const counts = Array.from({ length: weeks }, () => 0);
  for (const { week } of observations) counts[week] = (counts[week] ?? 0) + 1;
  return counts;
}

function rates(before: Group, after: Group): Comparison {
  const [a, b] = [countsOf(before), countsOf(after)];
  const { ratio, pValue, pRise, dispersion } = compareRates(a, b);
  return {
    before: mean(a),
    after: mean(b),
    ...(ratio === undefined ? {} : { effect: { kind: 'ratio' as const, ...ratio } }),
    pFall: pValue,
    pRise,
    dispersion,
    method: rateMethod,
  };
}

function shares(before: Group, after: Group): Comparison {
  const design = designEffect([before.observations, after.observations]);
  const [a, b] = [shareOf(before.observations), shareOf(after.observations)];
  const nothing = a.of === 0 || b.of === 0;
  return {
    ...told(before, after, (group) => (group.length === 0 ? undefined : mean(group))),
    ...(nothing ? {} : bounded('difference', differenceOfShares(scaled(a, design), scaled(b, design), normalQuantile))),
    pFall: nothing ? 1 : fisherBelow(rounded(a, design, 'down'), rounded(b, design, 'up')),
    pRise: nothing ? 1 : fisherAbove(rounded(a, design, 'up'), rounded(b, design, 'down')),
    dispersion: design,
    method: methods.share,
  };
}

function medians(before: Group, after: Group): Comparison {
  const [a, b] = [valuesOf(before), valuesOf(after)];
  const design = designOfRanks(before, after);
  const test = rankTest(a, b, design);
  const nothing = a.length === 0 || b.length === 0;
  return {
    ...told(before, after, (group) => finite(medianOf(group))),
    ...(nothing ? {} : bounded('shift', shiftOf(a, b, normalQuantile, design))),
    pFall: test.below,
    pRise: test.above,
    dispersion: design,
    method: methods.median,
  };
}

function percentiles(before: Group, after: Group, part: number): Comparison {
  const [a, b] = [valuesOf(before), valuesOf(after)];
  const limit = quantileOf([...a, ...b], part) ?? Number.POSITIVE_INFINITY;
  const isAbove = ({ week, value }: Observation): { week: number; value: number } => ({ week, value: Number(value > limit) });
  const design = designEffect([before.observations.map(isAbove), after.observations.map(isAbove)]);
  const [above, below] = aboveQuantile(a, b, part);
  const nothing = a.length === 0 || b.length === 0;
  return {
    ...told(before, after, (group) => finite(quantileOf(group, part))),
    ...(nothing ? {} : bounded('difference', moverDifference(quantileInterval(a, part, design), quantileInterval(b, part, design)))),
    pFall: nothing ? 1 : quantileTest(rounded(above, design, 'down'), rounded(below, design, 'up')).below,
    pRise: nothing ? 1 : quantileTest(rounded(above, design, 'up'), rounded(below, design, 'down')).above,
    dispersion: design,
    method: methods.p90,
  };
}

function means(before: Group, after: Group): Comparison {
  const design = designEffect([before.observations, after.observations]);
  const test = welch(valuesOf(before), valuesOf(after), design);
  return {
    ...told(before, after, (group) => (group.length === 0 ? undefined : mean(group))),
    ...(before.observations.length < 2 || after.observations.length < 2 ? {} : bounded('difference', test.difference)),
    pFall: test.below,
    pRise: test.above,
    dispersion: design,
    method: methods.mean,
  };
}

/** The design effect of ranks, each group about its own mean rank. */
function designOfRanks(before: Group, after: Group): number {
  const all = [...before.observations, ...after.observations].map(({ value }) => value);
  const order = all.toSorted((a, b) => (a === b ? 0 : a < b ? -1 : 1));
  const first = new Map<number, number>();
  const count = new Map<number, number>();
  for (const [at, value] of order.entries()) {
    if (!first.has(value)) first.set(value, at);
    count.set(value, (count.get(value) ?? 0) + 1);
  }
  const rank = ({ week, value }: Observation): { week: number; value: number } => ({
    week,
    value: (first.get(value) ?? 0) + ((count.get(value) ?? 1) + 1) / 2,
  });
  return designEffect([before.observations.map(rank), after.observations.map(rank)]);
}

function told(
  before: Group,
  after: Group,
  aggregate: (values: readonly number[]) => number | undefined,
): Pick<Comparison, 'before' | 'after' | 'valuesBefore' | 'valuesAfter'> {
  const weekly = (group: Group): readonly (number | null)[] => {
    const byWeek = Map.groupBy(group.observations, ({ week }) => week);
    return Array.from({ length: group.weeks }, (_each, week) => aggregate((byWeek.get(week) ?? []).map(({ value }) => value)) ?? null);
  };
  const [a, b] = [aggregate(valuesOf(before)), aggregate(valuesOf(after))];
  return {
    ...(a === undefined ? {} : { before: a }),
    ...(b === undefined ? {} : { after: b }),
    valuesBefore: weekly(before),
    valuesAfter: weekly(after),
  };
}

function valuesOf({ observations }: Group): readonly number[] {
  return observations.map(({ value }) => value);
}

function shareOf(observations: readonly Observation[]): Share {
  return { hits: sum(observations.map(({ value }) => value)), of: observations.length };
}

/** As many independent records as these are worth; not whole numbers. */
function scaled({ hits, of }: Share, design: number): Share {
  return { hits: hits / design, of: of / design };
}

/** The same in whole numbers, rounded so that the change looks smaller rather than larger. */
function rounded({ hits, of }: Share, design: number, towards: 'up' | 'down'): Share {
  if (design === 1) return { hits, of };
  const all = Math.max(1, Math.floor(of / design));
  const exact = (hits / of) * all;
  return { hits: of === 0 ? 0 : Math.min(all, towards === 'up' ? Math.ceil(exact - 1e-9) : Math.floor(exact + 1e-9)), of: all };
}

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

/** Bounds that are not finite are left out: JSON has no infinity. */
function bounded(kind: Effect['kind'], { value, low, high }: Estimate): { readonly effect?: Effect } {
  if (!Number.isFinite(value)) return {};
  return { effect: { kind, value, ...(Number.isFinite(low) ? { low } : {}), ...(Number.isFinite(high) ? { high } : {}) } };
}
