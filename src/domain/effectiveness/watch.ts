import type { Instant } from '../../kit/index.js';
import type { Improvement, MetricPlan, Regression } from '../improvement.js';
import type { ImprovementInput } from '../inputs/input.js';
import { isBefore, plusDays } from '../instant.js';
import { compare } from './compare.js';
import { groupOf, type Unsound } from './effectiveness.js';
import { metricInputs } from './observations.js';
import { firstHole, type Interval, type MeasurementSpans, type StreamCoverage } from './spans.js';
import { directionOf } from './target.js';
import { chanceOf, shown } from './wording.js';

/** After closure it is looked again so often, each time over as many weeks as the window was planned to have. */
export const watchLooks = 4;
/** All looks together find a regression by chance in at most 5 % of the cases (Bonferroni). */
const level = 0.05 / watchLooks;

/** The spans of one look after closure: the window that was measured, and the n-th stretch of the same length behind it (from 1). */
export function watchSpans(improvement: Improvement, look: number): MeasurementSpans | undefined {
  const window = improvement.measurements.findLast((each) => each.judged === undefined)?.window;
  const { plan } = improvement;
  if (improvement.closure?.result !== 'effective' || window === undefined || plan.metric === 'criterion') return undefined;
  const length = 7 * plan.windowWeeks;
  return {
    baseline: { from: window.from, to: window.to },
    window: { from: plusDays(window.to, length * (look - 1)), to: plusDays(window.to, length * look) },
  };
}

/** Whether its watch is over, or has found something: then nobody looks any more. */
export function isWatched(improvement: Improvement, at: Instant): boolean {
  const last = watchSpans(improvement, watchLooks);
  return last !== undefined && improvement.regression === undefined && isBefore(at, plusDays(last.window.to, 14));
}

/**
 * Whether the level that an effective improvement had reached was lost again after closure: significantly worse than in the window that was measured.
 * A stretch that was not read completely says nothing. It is noted in the register and nothing else: what closed stays closed, and the trigger is armed.
 */
export function watchForRegression(ask: {
  readonly improvement: Improvement;
  readonly plan: MetricPlan;
  readonly spans: MeasurementSpans;
  readonly inputs: readonly ImprovementInput[];
  readonly coverage: readonly StreamCoverage[];
  readonly unsound: readonly Unsound[];
  readonly at: Instant;
}): Regression | undefined {
  const { plan, spans, at } = ask;
  if (isBefore(at, spans.window.to) || ask.unsound.length > 0 || firstHole(ask.coverage, spans) !== undefined) return undefined;
  const counted = metricInputs(plan, ask.inputs);
  const group = (span: Interval): ReturnType<typeof groupOf> => groupOf(plan, counted, span);
  const [before, after] = [group(spans.baseline), group(spans.window)];
  if (before.observations.length + after.observations.length < plan.minimumSample) return undefined;
  const found = compare(plan, before, after);
  const isDown = directionOf(plan) === 'down';
  const pValue = isDown ? found.pRise : found.pFall;
  const worse =
    found.before !== undefined && found.after !== undefined && (isDown ? found.after > found.before : found.after < found.before);
  if (!worse || pValue > level) return undefined;
  const days = `${spans.window.from.slice(0, 10)} to ${spans.window.to.slice(0, 10)}`;
  return {
    at,
    from: spans.window.from,
    to: spans.window.to,
    pValue,
    sentence: `After closure it got worse again: ${shown(plan.metric, found.before)} when it was measured, ${shown(plan.metric, found.after)} from ${days}; by chance ${chanceOf(pValue)}.`,
  };
}
