import type { CounterResult, MetricPlan, VerdictResult } from '../improvement.js';
import { instantOf, millis } from '../instant.js';
import type { Comparison } from './compare.js';
import { countsOf } from './compare.js';
import type { Observed, Unsound } from './effectiveness.js';
import type { Hole } from './spans.js';
import { mean, sum } from './statistics.js';
import { directionOf } from './target.js';
import { chanceOf, metricInWords, shown, targetInWords } from './wording.js';

interface Ask {
  readonly plan: MetricPlan;
  readonly before: Observed;
  readonly after: Observed;
  readonly compared: Comparison;
  readonly result: VerdictResult;
  readonly reason: string | undefined;
  readonly hole: Hole | undefined;
  readonly unsound: Unsound | undefined;
  readonly setAside: number;
  readonly pValue: number;
  readonly target: number | undefined;
  readonly counters: readonly CounterResult[];
}

/** The verdict in plain words for the owner of a service, with the numbers. */
export function sentenceOf(ask: Ask): string {
  const { plan, result, reason, compared } = ask;
  const numbers = numbersOf(ask);
  const down = directionOf(plan) === 'down';
  switch (reason) {
    case 'data-gap':
      return `Inconclusive, data gap: ${gapOf(ask)}. ${numbers}.`;
    case 'no-baseline':
      return `Inconclusive: the baseline holds no record, so there is nothing to compare with. ${numbers}.`;
    case 'small-sample':
      return ask.before.observations.length + ask.after.observations.length < plan.minimumSample
        ? `Inconclusive: fewer than ${plan.minimumSample} records are too few to judge by. ${numbers}.`
        : `Inconclusive: one of the two spans has too few records to judge by. ${numbers}.`;
    case 'not-over':
      return `Inconclusive: too many records are not over yet to say how long they take. ${numbers}.`;
  }
  const bad = ask.counters.filter(({ is }) => is !== 'not-worse');
  const counters = bad.map(({ sentence }) => ` Counter-metric ${sentence}.`).join('');
  const moved = movedInWords(plan, compared);
  if (reason === 'counter-metric-worse') return `Not effective, although the target was met: ${moved}. ${numbers}.${counters}`;
  if (result === 'not-effective') return `Not effective: ${moved}. ${numbers}.${counters}`;
  const chance = `if nothing had changed, a ${down ? 'fall' : 'rise'} this large would be seen ${chanceOf(ask.pValue)}`;
  const head =
    result === 'effective'
      ? 'Effective'
      : reason === 'not-significant'
        ? 'Inconclusive, it may be chance'
        : 'Inconclusive, because of a counter-metric';
  return `${head}: ${moved}. ${numbers}; ${chance}.${counters}`;
}

function gapOf({ hole, unsound, setAside }: Ask): string {
  const day = (at: string): string => instantOf(millis(at)).slice(0, 10);
  if (hole !== undefined) return `${hole.stream} was not read completely from ${day(hole.from)} to ${day(hole.to)}`;
  if (unsound !== undefined) return `${unsound.stream}: ${unsound.because}`;
  return `${setAside} ${setAside === 1 ? 'record that could not be read is' : 'records that could not be read are'} set aside, and could change the result`;
}

function numbersOf({ plan, before, after, compared }: Ask): string {
  if (plan.metric === 'weekly-rate') {
    const rate = (group: Observed): string => {
      const counts = countsOf(group);
      return `${mean(counts).toFixed(1)} a week (${sum(counts)} in ${counts.length} weeks)`;
    };
    return `Before ${rate(before)}, after ${rate(after)}; the target is ${targetInWords(plan)}`;
  }
  const span = (value: number | undefined, group: Observed): string => {
    const all = group.observations.length;
    const hits =
      plan.metric === 'duration' || plan.metric === 'survey-mean' ? '' : `${sum(group.observations.map((each) => each.value))} of `;
    return `${shown(plan.metric, value)} (${hits}${all} in ${group.weeks} weeks)`;
  };
  const silent = before.silent + after.silent;
  const left =
    silent === 0
      ? ''
      : ` (${silent} ${silent === 1 ? 'record does' : 'records do'} not tell it and ${silent === 1 ? 'is' : 'are'} left out)`;
  const what = metricInWords(plan);
  return `${what.charAt(0).toUpperCase()}${what.slice(1)}: before ${span(compared.before, before)}, after ${span(compared.after, after)}${left}; the target is ${targetInWords(plan)}`;
}

function movedInWords(plan: MetricPlan, { before, after }: Comparison): string {
  if (before === undefined || after === undefined) return 'unknown';
  if (plan.metric === 'survey-mean') {
    const points = after - before;
    return Math.abs(points) < 0.005 ? 'unchanged' : `${Math.abs(points).toFixed(2)} points ${points > 0 ? 'higher' : 'lower'}`;
  }
  if (before === 0) return after === 0 ? 'unchanged' : `it was nothing before, and is ${shown(plan.metric, after)}`;
  const change = Math.round(100 * (1 - after / before));
  if (change === 0) return 'unchanged';
  const words = {
    'weekly-rate': ['fewer', 'more'],
    duration: ['shorter', 'longer'],
    share: ['lower', 'higher'],
    'breach-ratio': ['lower', 'higher'],
  }[plan.metric];
  return `${Math.abs(change)} % ${words[change > 0 ? 0 : 1]}`;
}
