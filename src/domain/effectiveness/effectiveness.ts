import type { Instant } from '../../kit/index.js';
import type { CounterResult, Improvement, MeasuredSpan, MetricMeasurement, MetricPlan } from '../improvement.js';
import type { ImprovementInput } from '../inputs/input.js';
import { isBefore } from '../instant.js';
import { compare, type Comparison, countsOf } from './compare.js';
import { judgeCounter } from './counter.js';
import { metricInputs, observe, type Observation, scopeOfCounter } from './observations.js';
import { sentenceOf } from './sentence.js';
import { firstHole, type Interval, type MeasurementSpans, spansOf, type StreamCoverage, weeksIn } from './spans.js';
import { mean } from './statistics.js';
import { directionOf, reaches, targetOf } from './target.js';

/** An inconclusive window is extended at most this often, each time by its planned length. */
export const maxExtensions = 2;

/**
 * The level of the test at the first look and at each extension. They add up to 5 %, so that looking again does not make chance look like
 * success (Bonferroni).
 */
export const levels: readonly number[] = [0.03, 0.01, 0.01];

/** Survey scores are compared by their means: fewer answers than this on one side say nothing about how they scatter. */
const leastAnswers = 5;

/** A stream that was read, but whose records cannot be relied on over both spans: its mapping was edited and not everything is mapped again. */
export interface Unsound {
  readonly stream: string;
  /** A sentence without its full stop. */
  readonly because: string;
}

export type MeasureResult =
  | {
      readonly is: 'measured';
      readonly measurement: MetricMeasurement;
      /** What was given to the tests, the counter-metrics' records included, oldest first: with the plan and the coverage, all that the verdict rests on. */
      readonly counted: readonly ImprovementInput[];
    }
  | { readonly is: 'not-yet'; readonly until?: Instant; readonly because: string };

/**
 * The verdict: *effective* when the target is met **and** the test excludes "no change"; the target met alone is *inconclusive*; the target missed
 * is *not effective*. A hole in what was read, or too few records, is inconclusive whatever the numbers say: an outage of ours must never
 * look like an improvement. A counter-metric that got worse makes it *not effective*; one that perhaps did, *inconclusive*. Before the window has ended
 * and has been read: not yet.
 */
export function measure(ask: {
  readonly improvement: Improvement;
  /** All inputs that may count; what the plan counts is chosen here. */
  readonly inputs: readonly ImprovementInput[];
  readonly coverage: readonly StreamCoverage[];
  readonly unsound?: readonly Unsound[];
  readonly setAside?: number;
  readonly at: Instant;
}): MeasureResult {
  const { improvement, at } = ask;
  const { plan } = improvement;
  if (plan.metric === 'criterion') return { is: 'not-yet', because: 'A person judges it: there is nothing to count.' };
  const spans = spansOf(improvement);
  if (spans === undefined) return { is: 'not-yet', because: 'No change has been completed yet.' };
  const until = spans.window.to;
  if (isBefore(at, until)) return { is: 'not-yet', until, because: `The measurement window ends ${until.slice(0, 10)}.` };
  const { inputs, coverage, unsound = [], setAside = 0 } = ask;
  const counted = countedInputs(plan, spans, inputs);
  return {
    is: 'measured',
    measurement: judge({ plan, spans, look: improvement.extensions, inputs: counted, coverage, unsound, setAside, at }),
    counted,
  };
}

/** Of these inputs, those that the plan's metric and counter-metrics look at within the two spans, oldest first. */
export function countedInputs(plan: MetricPlan, spans: MeasurementSpans, inputs: readonly ImprovementInput[]): readonly ImprovementInput[] {
  const scopes = [plan, ...(plan.counterMetrics ?? []).map((counter) => scopeOfCounter(counter, plan))];
  const ids = new Set(
    scopes.flatMap((scope) => metricInputs(scope, inputs).flatMap(({ id, occurredAt }) => (isWithin(spans, occurredAt) ? id : []))),
  );
  return inputs
    .filter(({ id }) => ids.has(id))
    .toSorted((a, b) => (isBefore(a.occurredAt, b.occurredAt) ? -1 : isBefore(b.occurredAt, a.occurredAt) ? 1 : a.id < b.id ? -1 : 1));
}

function isWithin({ baseline, window }: MeasurementSpans, at: Instant): boolean {
  return [baseline, window].some(({ from, to }) => !isBefore(at, from) && isBefore(at, to));
}

/** Everything that a verdict depends on. */
export interface JudgeAsk {
  readonly plan: MetricPlan;
  readonly spans: MeasurementSpans;
  /** 0 for the first look, then one more for each extension. */
  readonly look: number;
  readonly inputs: readonly ImprovementInput[];
  readonly coverage: readonly StreamCoverage[];
  readonly unsound?: readonly Unsound[];
  /** Records of the window that nobody could read. If all of them, at their worst, could turn "effective" over, it is not said. */
  readonly setAside?: number;
  readonly at: Instant;
}

/** The verdict over two given spans: what {@link measure} says once the window has ended, and what repeats it later from what was kept. */
export function judge(ask: JudgeAsk): MetricMeasurement {
  const { plan, spans, look, coverage, unsound = [], setAside = 0, at } = ask;
  const counted = metricInputs(plan, ask.inputs);
  const before = groupOf(plan, counted, spans.baseline);
  const after = groupOf(plan, counted, spans.window);
  const compared = compare(plan, before, after);
  const direction = directionOf(plan);
  const pValue = direction === 'down' ? compared.pFall : compared.pRise;
  const target = targetOf(plan, compared.before);
  const succeeds = (than: Comparison): boolean =>
    target !== undefined &&
    than.after !== undefined &&
    reaches(direction, than.after, target) &&
    (direction === 'down' ? than.pFall : than.pRise) <= (levels[look] ?? 0);
  const counters = (plan.counterMetrics ?? []).map((counter) => judgeCounter(counter, plan, spans, ask.inputs));
  const hole = firstHole(coverage, spans);
  const judged = verdict({
    gap: hole !== undefined || unsound.length > 0,
    before: before.observations.length,
    after: after.observations.length,
    minimum: plan.minimumSample,
    isCount: plan.metric === 'weekly-rate',
    isMean: plan.metric === 'survey-mean',
    told: compared.before !== undefined && compared.after !== undefined,
    met: target !== undefined && compared.after !== undefined && reaches(direction, compared.after, target),
    excluded: pValue <= (levels[look] ?? 0),
    counters,
  });
  const isShaky = judged[0] === 'effective' && setAside > 0 && !succeeds(compare(plan, before, atWorst(plan, after, setAside)));
  const [result, reason] = isShaky ? (['inconclusive', 'data-gap'] as const) : judged;
  const final = result !== 'inconclusive' || look >= maxExtensions;
  const { effect } = compared;
  return {
    at,
    result,
    ...(reason === undefined ? {} : { reason }),
    sentence: sentenceOf({ plan, before, after, compared, result, reason, hole, unsound: unsound[0], setAside, pValue, target, counters }),
    baseline: spanOf(spans.baseline, before, compared.before, compared.valuesBefore),
    window: spanOf(spans.window, after, compared.after, compared.valuesAfter),
    ...(effect?.kind === 'ratio' ? { ratio: { value: effect.value, low: effect.low ?? 0, high: effect.high ?? Number.MAX_VALUE } } : {}),
    ...(effect === undefined ? {} : { effect }),
    pValue,
    dispersion: compared.dispersion,
    ...(counters.length === 0 ? {} : { counters }),
    method: compared.method,
    final,
  };
}

/** What was observed in a span of so many weeks. */
export interface Observed {
  readonly observations: readonly Observation[];
  /** Records that do not tell the metric: left out. */
  readonly silent: number;
  readonly weeks: number;
}

/** What the counted records say in one span. */
export function groupOf(measure: Parameters<typeof observe>[0], counted: readonly ImprovementInput[], span: Interval): Observed {
  return { ...observe(measure, counted, span), weeks: weeksIn(span) };
}

/** The group with so many more records, spread over its weeks, that say the worst that a record can say. */
function atWorst(plan: MetricPlan, group: Observed, more: number): Observed {
  const [first] = group.observations;
  const seen = group.observations.map(({ value }) => value);
  const isDown = directionOf(plan) === 'down';
  const worst = {
    'weekly-rate': 1,
    share: isDown ? 1 : 0,
    'breach-ratio': isDown ? 1 : 0,
    duration: isDown ? Number.POSITIVE_INFINITY : 0,
    'survey-mean': isDown ? Math.max(...seen) : Math.min(...seen),
  }[plan.metric];
  // More of a rate that is to rise would be for the better: the worst is that they are none.
  if (plan.metric === 'weekly-rate' && !isDown) return group;
  const added = Array.from({ length: more }, (_each, at): Observation => ({
    ...(first as Observation),
    week: at % group.weeks,
    value: worst,
  }));
  return { ...group, observations: [...group.observations, ...added] };
}

function spanOf(span: Interval, group: Observed, value: number | undefined, values: Comparison['valuesBefore']): MeasuredSpan {
  const weekly = countsOf(group);
  return {
    ...span,
    weekly,
    rate: mean(weekly),
    ...(value === undefined ? {} : { value }),
    ...(values === undefined ? {} : { values }),
  };
}

/** The order matters: what makes the numbers worthless comes before what they say. */
function verdict(ask: {
  readonly gap: boolean;
  readonly before: number;
  readonly after: number;
  readonly minimum: number;
  readonly isCount: boolean;
  readonly isMean: boolean;
  readonly told: boolean;
  readonly met: boolean;
  readonly excluded: boolean;
  readonly counters: readonly CounterResult[];
}): readonly [MetricMeasurement['result'], string | undefined] {
  if (ask.gap) return ['inconclusive', 'data-gap'];
  if (ask.before === 0) return ['inconclusive', 'no-baseline'];
  if (ask.before + ask.after < ask.minimum) return ['inconclusive', 'small-sample'];
  if (!ask.isCount && ask.after === 0) return ['inconclusive', 'small-sample'];
  if (ask.isMean && Math.min(ask.before, ask.after) < leastAnswers) return ['inconclusive', 'small-sample'];
  if (!ask.told) return ['inconclusive', 'not-over'];
  if (!ask.met) return ['not-effective', 'target-missed'];
  if (ask.counters.some(({ is }) => is === 'worse')) return ['not-effective', 'counter-metric-worse'];
  if (!ask.excluded) return ['inconclusive', 'not-significant'];
  if (ask.counters.some(({ is }) => is === 'perhaps-worse')) return ['inconclusive', 'counter-metric-unclear'];
  if (ask.counters.some(({ is }) => is === 'unknown')) return ['inconclusive', 'counter-metric-unknown'];
  return ['effective', undefined];
}
