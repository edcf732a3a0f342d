import type { CounterResult, MetricPlan } from '../improvement.js';
import type { ImprovementInput } from '../inputs/input.js';
import { compare } from './compare.js';
import { metricInputs, observe, scopeOfCounter } from './observations.js';
import type { CounterMetric } from './plan-template.js';
import { type Interval, type MeasurementSpans, weeksIn } from './spans.js';
import { directionOf } from './target.js';
import { chanceOf, metricInWords, percent, shown } from './wording.js';

/** The level at which a counter-metric counts as worse. It can only take an "effective" away, so it needs no share of the other levels. */
const level = 0.05;

/**
 * Whether a counter-metric got worse: *worse* when it has moved the wrong way by more than the tolerated share **and** chance is excluded, *perhaps
 * worse* when it has moved that far and it may be chance. *Unknown* when one of the spans has no record that tells it: then nobody can say that it did
 * not get worse. A rate tells itself with no record at all.
 */
export function judgeCounter(
  counter: CounterMetric,
  plan: MetricPlan,
  spans: MeasurementSpans,
  inputs: readonly ImprovementInput[],
): CounterResult {
  const counted = metricInputs(scopeOfCounter(counter, plan), inputs);
  const group = (span: Interval): Parameters<typeof compare>[1] => ({ ...observe(counter, counted, span), weeks: weeksIn(span) });
  const { before, after, pFall, pRise } = compare(counter, group(spans.baseline), group(spans.window));
  const { name, metric } = counter;
  if (before === undefined || after === undefined)
    return {
      name,
      is: 'unknown',
      sentence: `${name}: ${metricInWords(counter)} cannot be told, because a span has no record that says it`,
    };
  const isDown = directionOf(counter) === 'down';
  const limit = isDown ? before * (1 + counter.tolerance) : before * (1 - counter.tolerance);
  const moved = isDown ? after > limit : after < limit;
  const pValue = isDown ? pRise : pFall;
  const is = !moved ? 'not-worse' : pValue <= level ? 'worse' : 'perhaps-worse';
  const numbers = `before ${shown(metric, before)}, after ${shown(metric, after)}, ${percent(counter.tolerance)} tolerated`;
  const words = {
    worse: 'got worse',
    'perhaps-worse': `may have got worse (by chance ${chanceOf(pValue)})`,
    'not-worse': 'did not get worse',
  }[is];
  return { name, is, before, after, pValue, sentence: `${name} ${words}: ${numbers}` };
}
