import type { RunChart, RunChartNumbers } from './chart.js';
import { weeksIn } from './chart.js';

/** Values to pixels, from `low` at the bottom to `high` at the top; what is beyond `high` is drawn at the edge, with its number. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

/** A burst that is so many times higher than everything else would flatten what the chart is about. */
const cutAbove = 2.5;

/**
 * A scale for everything that is judged: baseline, window, limits, target. The burst between them is shown whole unless it is much higher. Begins at zero
 * where nothing is below it, because a picture of counts that does not lies about their size.
 */
export function scaleOf(chart: RunChart, numbers: RunChartNumbers): Scale {
  const judged = [chart.baseline, chart.window].flatMap((span) => weeksIn(chart, span).flatMap(({ value }) => value ?? []));
  const lines = [numbers.limits?.upper, numbers.limits?.mean, chart.target].flatMap((value) => value ?? []);
  const all = chart.weeks.flatMap(({ value }) => value ?? []);
  const most = Math.max(0, ...judged, ...lines);
  const highest = Math.max(most, ...all);
  const top = highest > cutAbove * most && most > 0 ? 1.35 * most : highest * 1.06;
  const lower = numbers.limits === undefined ? [] : [numbers.limits.lower];
  const least = Math.max(Math.min(0, ...all, ...lower), chart.floor ?? -Infinity);
  const step = niceStep(Math.max(top - least, 1e-9) / 5);
  const low = Math.floor(least / step) * step;
  const high = Math.max(top, step);
  const ticks: number[] = [];
  for (let tick = low; tick <= high * 1.0001; tick += step) ticks.push(Number(tick.toPrecision(12)));
  return { low, high, ticks };
}

/** The next of 1, 2, 5, 10, 20, 50, …; below one only for values that are no counts. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const first = [1, 2, 5, 10].find((one) => one * power >= rough * 0.999) ?? 10;
  return first * power;
}

/** Heights for labels that must not lie on each other: as near to the wanted ones as the gap allows, in their order, within the bounds. */
export function spread(wanted: readonly number[], gap: number, from: number, to: number): readonly number[] {
  const order = wanted.map((y, at) => ({ y, at })).toSorted((a, b) => a.y - b.y);
  const placed = order.map(({ y }) => Math.min(Math.max(y, from), to));
  for (let i = 1; i < placed.length; i += 1) placed[i] = Math.max(placed[i] ?? 0, (placed[i - 1] ?? 0) + gap);
  const over = (placed.at(-1) ?? 0) - to;
  if (over > 0) {
    placed[placed.length - 1] = to;
    for (let i = placed.length - 2; i >= 0; i -= 1) placed[i] = Math.min(placed[i] ?? 0, (placed[i + 1] ?? 0) - gap);
  }
  const heights = wanted.slice();
  order.forEach(({ at }, i) => (heights[at] = placed[i] ?? 0));
  return heights;
}
