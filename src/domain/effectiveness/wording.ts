import type { Measure } from './observations.js';
import type { Condition, MetricTemplate } from './plan-template.js';
import { directionOf, increaseOf } from './target.js';

/** A value of a metric for people: `4.0 a week`, `12.5 %`, `3 h 20 min`, `3.4`. */
export function shown(metric: Measure['metric'], value: number | undefined): string {
  if (value === undefined) return 'unknown';
  switch (metric) {
    case 'weekly-rate':
      return `${value.toFixed(1)} a week`;
    case 'share':
    case 'breach-ratio':
      return percent(value);
    case 'duration':
      return timeShown(value);
    case 'survey-mean':
      return value.toFixed(2);
  }
}

/** A duration in seconds for people, in the two largest units that say it: `12 s`, `45 min`, `3 h 5 min`, `50 d 12 h`. Hours up to two days. */
export function timeShown(seconds: number): string {
  if (seconds < 0) return `-${timeShown(-seconds)}`;
  const minutes = Math.round(seconds / 60);
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d${hours % 24 === 0 ? '' : ` ${hours % 24} h`}`;
}

export function percent(share: number): string {
  const value = 100 * share;
  return `${Number.isInteger(Math.round(value * 1e6) / 1e6) ? Math.round(value) : value.toFixed(1)} %`;
}

/** What is measured, as a noun phrase: `the median time from opening to resolvedAt`. */
export function metricInWords(measure: Measure): string {
  switch (measure.metric) {
    case 'weekly-rate':
      return 'the number of records a week';
    case 'share':
      return `the share of records with ${conditionInWords(measure.of)}`;
    case 'breach-ratio':
      return measure.of === undefined ? 'the share of breaches' : `the share of breaches (${conditionInWords(measure.of)})`;
    case 'duration': {
      const which = measure.statistic === 'median' ? 'the median' : 'the 90th percentile';
      const what = measure.fact ?? `the time from ${measure.from ?? 'occurrence'} to ${measure.to ?? 'resolvedAt'}`;
      return `${which} of ${what}`;
    }
    case 'survey-mean':
      return `the mean of ${measure.fact}`;
  }
}

export function conditionInWords(condition: Condition): string {
  return 'severityAtLeast' in condition
    ? `severity at least ${condition.severityAtLeast}`
    : `${condition.fact} ${condition.is.join(' or ')}`;
}

/** The target as a phrase: `at least 30 % fewer`, `at most 5 %`, `at least 10 % higher`. */
export function targetInWords(plan: MetricTemplate): string {
  const down = directionOf(plan) === 'down';
  if (plan.target !== undefined) return `${down ? 'at most' : 'at least'} ${shown(plan.metric, plan.target)}`;
  if (plan.metric === 'weekly-rate')
    return down ? `at least ${Math.round(100 * plan.reduceBy)} % fewer` : `at least ${Math.round(100 * increaseOf(plan))} % more`;
  if (plan.metric === 'duration' && down) return `at least ${Math.round(100 * plan.reduceBy)} % shorter`;
  return down ? `at least ${Math.round(100 * plan.reduceBy)} % lower` : `at least ${Math.round(100 * increaseOf(plan))} % higher`;
}

/** How often chance alone would do this. */
export function chanceOf(p: number): string {
  return p < 0.001 ? 'less than once in 1,000 times' : `about ${Math.max(1, Math.round(1000 * p))} times in 1,000`;
}
