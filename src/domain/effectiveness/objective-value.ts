import type { ImprovementInput } from '../inputs/input.js';
import { plusDays } from '../instant.js';
import { metricInputs, observe } from './observations.js';
import type { ObjectiveMeasure } from './plan-template.js';
import { medianOf, quantileOf } from './quantiles.js';
import { type Interval, weeksIn } from './spans.js';
import { mean } from './statistics.js';
import { directionOf, reaches } from './target.js';
import { shown } from './wording.js';

/** The weeks of which an objective's number at an instant is made. */
export function spanOfObjective({ weeks }: ObjectiveMeasure, at: string): Interval {
  return { from: plusDays(at, -7 * weeks), to: plusDays(at, 0) };
}

/** The same weeks a year before: whole weeks, so that weekdays stay weekdays. */
export function yearBefore({ from, to }: Interval): Interval {
  return { from: plusDays(from, -364), to: plusDays(to, -364) };
}

/** The number over a span; undefined when no record tells it (of durations also when too many are not over). A rate without a record is 0. */
export function objectiveValue(measure: ObjectiveMeasure, inputs: readonly ImprovementInput[], span: Interval): number | undefined {
  const { categories, services, where } = measure;
  const filter = { scope: services === undefined ? ('all' as const) : ('services' as const), ...(where === undefined ? {} : { where }) };
  const counted = metricInputs({ filter, caseKeys: [], categories, ...(services === undefined ? {} : { scopeOf: services }) }, inputs);
  const values = observe(measure, counted, span).observations.map(({ value }) => value);
  if (measure.metric === 'weekly-rate') return values.length / weeksIn(span);
  if (values.length === 0) return undefined;
  const value = measure.metric !== 'duration' ? mean(values) : measure.statistic === 'median' ? medianOf(values) : quantileOf(values, 0.9);
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

/** The value that is to be reached; undefined where it is a share of what was a year before, and nothing tells that. */
export function objectiveTarget({ target, reduceBy, increaseBy }: ObjectiveMeasure, aYearBefore: number | undefined): number | undefined {
  if (target !== undefined || aYearBefore === undefined) return target;
  return aYearBefore * (reduceBy !== undefined ? 1 - reduceBy : 1 + (increaseBy ?? 0));
}

/** Whether a number has reached the target. */
export function isReached(measure: ObjectiveMeasure, value: number, target: number): boolean {
  return reaches(wayOf(measure), value, target);
}

/** The target for people: `at most 12.0 a week (30 % fewer than a year before)`. */
export function objectiveTargetInWords(measure: ObjectiveMeasure, target: number | undefined): string {
  const { reduceBy, increaseBy, metric } = measure;
  const change = reduceBy !== undefined ? `${Math.round(100 * reduceBy)} % less` : `${Math.round(100 * (increaseBy ?? 0))} % more`;
  const relative = reduceBy === undefined && increaseBy === undefined ? '' : `${change} than a year before`;
  if (target === undefined) return relative;
  const value = `${wayOf(measure) === 'down' ? 'at most' : 'at least'} ${shown(metric, target)}`;
  return relative === '' ? value : `${value} (${relative})`;
}

function wayOf(measure: ObjectiveMeasure): 'down' | 'up' {
  if (measure.reduceBy !== undefined) return 'down';
  return measure.increaseBy !== undefined ? 'up' : directionOf(measure);
}
