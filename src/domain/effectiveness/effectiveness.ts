import type { Instant } from '../../kit/index.js';
import { completionOf } from '../changes/change.js';
import { distinctRecords } from '../inputs/case.js';
import type { Improvement, MeasurementPlan, Measurement, VerdictResult } from '../improvement.js';
import type { ImprovementInput } from '../inputs/input.js';
import { earliest, instantOf, isBefore, latest, millis, plusDays, weekMs } from '../instant.js';
import { compareRates, mean, method, sum } from './statistics.js';

/** Half-open: `from` is inside, `to` is not. */
export interface Interval {
  readonly from: Instant;
  readonly to: Instant;
}

/** When a stream that the metric reads was read completely. What is not in an interval may be missing records. */
export interface StreamCoverage {
  /** `servicenow-prod/incident` */
  readonly stream: string;
  readonly complete: readonly Interval[];
}

/** What a measurement looks at: the two spans of whole weeks, and where the window begins to be readable. */
export interface MeasurementSpans {
  readonly baseline: Interval;
  readonly window: Interval;
}

/** An inconclusive window is extended at most this often, each time by its planned length. */
export const maxExtensions = 2;

/**
 * The level of the test at the first look and at each extension. They add up to 5 %, so that looking again does not make chance look like
 * success (Bonferroni).
 */
export const levels: readonly number[] = [0.03, 0.01, 0.01];

export type MeasureResult =
  | { readonly is: 'measured'; readonly measurement: Measurement }
  | { readonly is: 'not-yet'; readonly until?: Instant; readonly because: string };

/** What the metric of a plan counts: active inputs with one of its keys and one of its categories, each record once, oldest first. */
export function metricInputs(plan: MeasurementPlan, inputs: readonly ImprovementInput[]): readonly ImprovementInput[] {
  return distinctRecords(
    inputs.filter((input) => plan.categories.includes(input.category) && input.caseKeys.some((key) => plan.caseKeys.includes(key))),
  );
}

/**
 * Baseline and window of an improvement: whole weeks before the firing rule's window, and whole weeks after the last actual end of its changes
 * plus the settle time, longer by each extension. Undefined while no change has ended.
 */
export function spansOf(improvement: Improvement): MeasurementSpans | undefined {
  const { plan } = improvement;
  const end = endOfImplementation(improvement);
  if (end === undefined) return undefined;
  const from = plusDays(end, plan.settleDays);
  return {
    baseline: { from: plusDays(plan.baselineEnd, -7 * plan.baselineWeeks), to: plusDays(plan.baselineEnd, 0) },
    window: { from, to: plusDays(from, 7 * plan.windowWeeks * (1 + improvement.extensions)) },
  };
}

/** The last actual end of the required changes; where there is no change, the evidence of completion. A change whose end nobody recorded: its snapshot. */
function endOfImplementation(improvement: Improvement): Instant | undefined {
  const completion = completionOf(improvement);
  if (!completion.complete) return undefined;
  return completion.lastEndAt ?? latest(improvement.evidence.filter((each) => each.kind === 'change-completion').map((each) => each.at));
}

/**
 * The verdict: *effective* when the target is met **and** the test excludes "no change"; the target met alone is *inconclusive*; the target missed
 * is *not effective*. A hole in what was read, or too few records, is inconclusive whatever the numbers say: an outage of ours must never
 * look like an improvement. Before the window has ended and has been read: not yet.
 */
export function measure(ask: {
  readonly improvement: Improvement;
  /** All inputs of the case; what the plan counts is chosen here. */
  readonly inputs: readonly ImprovementInput[];
  readonly coverage: readonly StreamCoverage[];
  readonly at: Instant;
}): MeasureResult {
  const { improvement, at } = ask;
  const spans = spansOf(improvement);
  if (spans === undefined) return { is: 'not-yet', because: 'No change has been completed yet.' };
  const until = spans.window.to;
  if (isBefore(at, until)) return { is: 'not-yet', until, because: `The measurement window ends ${until.slice(0, 10)}.` };
  const occurred = metricInputs(improvement.plan, ask.inputs).map((input) => input.occurredAt);
  return { is: 'measured', measurement: judge(improvement, spans, occurred, ask.coverage, at) };
}

function judge(
  improvement: Improvement,
  spans: MeasurementSpans,
  occurred: readonly Instant[],
  coverage: readonly StreamCoverage[],
  at: Instant,
): Measurement {
  const { plan } = improvement;
  const before = weeklyCounts(occurred, spans.baseline);
  const after = weeklyCounts(occurred, spans.window);
  const compared = compareRates(before, after);
  const hole = firstHole(coverage, spans);
  const target = (1 - plan.reduceBy) * mean(before);
  const met = mean(after) <= target && sum(before) > 0;
  const level = levels[improvement.extensions] ?? 0;
  const [result, reason] = verdict({
    hole,
    total: sum(before) + sum(after),
    before: sum(before),
    minimum: plan.minimumSample,
    met,
    excluded: compared.pValue <= level,
  });
  const final = result !== 'inconclusive' || improvement.extensions >= maxExtensions;
  return {
    at,
    result,
    ...(reason === undefined ? {} : { reason }),
    sentence: sentenceOf({ plan, before, after, result, reason, hole, pValue: compared.pValue, ratio: compared.ratio?.value }),
    baseline: { ...spans.baseline, weekly: before, rate: mean(before) },
    window: { ...spans.window, weekly: after, rate: mean(after) },
    ...(compared.ratio === undefined ? {} : { ratio: compared.ratio }),
    pValue: compared.pValue,
    dispersion: compared.dispersion,
    method,
    final,
  };
}

/** Records per whole week of a span. */
export function weeklyCounts(occurred: readonly Instant[], span: Interval): readonly number[] {
  const from = millis(span.from);
  const weeks = Math.round((millis(span.to) - from) / weekMs);
  const counts = Array.from({ length: weeks }, () => 0);
  for (const at of occurred) {
    if (isBefore(at, span.from) || !isBefore(at, span.to)) continue;
    const week = Math.floor((millis(at) - from) / weekMs);
    if (week < weeks) counts[week] = (counts[week] ?? 0) + 1;
  }
  return counts;
}

interface Hole extends Interval {
  readonly stream: string;
}

/** The first part of baseline or window that a stream was not read completely; no coverage at all is a hole as well. */
function firstHole(coverage: readonly StreamCoverage[], spans: MeasurementSpans): Hole | undefined {
  if (coverage.length === 0) return { stream: 'every stream', ...spans.baseline };
  const holes = coverage.flatMap((stream) => [spans.baseline, spans.window].flatMap((span) => holesIn(stream, span)));
  return holes.toSorted((a, b) => millis(a.from) - millis(b.from))[0];
}

/** What of a span no interval covers. */
export function holesIn(coverage: StreamCoverage, span: Interval): readonly Hole[] {
  const holes: Hole[] = [];
  let reached = span.from;
  for (const part of coverage.complete.toSorted((a, b) => millis(a.from) - millis(b.from))) {
    if (!isBefore(reached, span.to)) break;
    if (isBefore(reached, part.from)) holes.push({ stream: coverage.stream, from: reached, to: earliest([part.from, span.to]) ?? span.to });
    if (isBefore(reached, part.to)) reached = part.to;
  }
  if (isBefore(reached, span.to)) holes.push({ stream: coverage.stream, from: reached, to: span.to });
  return holes.filter((hole) => isBefore(hole.from, hole.to));
}

function verdict(ask: {
  readonly hole: Hole | undefined;
  readonly total: number;
  readonly before: number;
  readonly minimum: number;
  readonly met: boolean;
  readonly excluded: boolean;
}): readonly [VerdictResult, string | undefined] {
  if (ask.hole !== undefined) return ['inconclusive', 'data-gap'];
  if (ask.before === 0) return ['inconclusive', 'no-baseline'];
  if (ask.total < ask.minimum) return ['inconclusive', 'small-sample'];
  if (!ask.met) return ['not-effective', 'target-missed'];
  return ask.excluded ? ['effective', undefined] : ['inconclusive', 'not-significant'];
}

function sentenceOf(ask: {
  readonly plan: MeasurementPlan;
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly result: VerdictResult;
  readonly reason: string | undefined;
  readonly hole: Hole | undefined;
  readonly pValue: number;
  readonly ratio: number | undefined;
}): string {
  const rate = (counts: readonly number[]): string => `${mean(counts).toFixed(1)} a week (${sum(counts)} in ${counts.length} weeks)`;
  const numbers = `Before ${rate(ask.before)}, after ${rate(ask.after)}; the target is at least ${Math.round(100 * ask.plan.reduceBy)} % fewer`;
  if (ask.hole !== undefined) {
    const days = `${instantOf(millis(ask.hole.from)).slice(0, 10)} to ${instantOf(millis(ask.hole.to)).slice(0, 10)}`;
    return `Inconclusive, data gap: ${ask.hole.stream} was not read completely from ${days}. ${numbers}.`;
  }
  if (ask.reason === 'no-baseline') return `Inconclusive: the baseline holds no record, so there is nothing to compare with. ${numbers}.`;
  if (ask.reason === 'small-sample')
    return `Inconclusive: fewer than ${ask.plan.minimumSample} records are too few to judge by. ${numbers}.`;
  const change = ask.ratio === undefined ? 0 : Math.round(100 * (1 - ask.ratio));
  const moved = change === 0 ? 'unchanged' : `${Math.abs(change)} % ${change > 0 ? 'fewer' : 'more'}`;
  if (ask.result === 'not-effective') return `Not effective: ${moved}. ${numbers}.`;
  const chance = `if nothing had changed, a fall this large would be seen ${chanceOf(ask.pValue)}`;
  return `${ask.result === 'effective' ? 'Effective' : 'Inconclusive, it may be chance'}: ${moved}. ${numbers}; ${chance}.`;
}

function chanceOf(p: number): string {
  return p < 0.001 ? 'less than once in 1,000 times' : `about ${Math.max(1, Math.round(1000 * p))} times in 1,000`;
}
