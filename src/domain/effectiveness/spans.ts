import type { Instant } from '../../kit/index.js';
import { completionOf } from '../changes/change.js';
import type { Improvement } from '../improvement.js';
import { earliest, isBefore, latest, millis, plusDays, weekMs } from '../instant.js';

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

/** What a measurement looks at: the two spans of whole weeks. */
export interface MeasurementSpans {
  readonly baseline: Interval;
  readonly window: Interval;
}

/**
 * Baseline and window of an improvement: whole weeks before the firing rule's window, and whole weeks after the last actual end of its changes
 * plus the settle time, longer by each extension. Undefined while no change has ended, and for a plan that a person judges.
 */
export function spansOf(improvement: Improvement): MeasurementSpans | undefined {
  const { plan } = improvement;
  const from = settledFrom(improvement);
  if (from === undefined || plan.metric === 'criterion') return undefined;
  return {
    baseline: { from: plusDays(plan.baselineEnd, -7 * plan.baselineWeeks), to: plusDays(plan.baselineEnd, 0) },
    window: { from, to: plusDays(from, 7 * plan.windowWeeks * (1 + improvement.extensions)) },
  };
}

/**
 * From when on the effect counts: the last actual end of the required changes and the settle time. Where there is no change, the evidence of
 * completion; of a change whose end nobody recorded, its snapshot.
 */
export function settledFrom(improvement: Improvement): Instant | undefined {
  const completion = completionOf(improvement);
  if (!completion.complete) return undefined;
  const end =
    completion.lastEndAt ?? latest(improvement.evidence.filter((each) => each.kind === 'change-completion').map((each) => each.at));
  return end === undefined ? undefined : plusDays(end, improvement.plan.settleDays);
}

/** How many whole weeks a span has. */
export function weeksIn(span: Interval): number {
  return Math.round((millis(span.to) - millis(span.from)) / weekMs);
}

/** The week of the span in which an instant lies, from 0; undefined outside. */
export function weekOf(at: Instant, span: Interval): number | undefined {
  if (isBefore(at, span.from) || !isBefore(at, span.to)) return undefined;
  const week = Math.floor((millis(at) - millis(span.from)) / weekMs);
  return week < weeksIn(span) ? week : undefined;
}

/** Records per whole week of a span. */
export function weeklyCounts(occurred: readonly Instant[], span: Interval): readonly number[] {
  const counts = Array.from({ length: weeksIn(span) }, () => 0);
  for (const at of occurred) {
    const week = weekOf(at, span);
    if (week !== undefined) counts[week] = (counts[week] ?? 0) + 1;
  }
  return counts;
}

/** A part of a span that a stream was not read completely. */
export interface Hole extends Interval {
  readonly stream: string;
}

/** The first part of baseline or window that a stream was not read completely; no coverage at all is a hole as well. */
export function firstHole(coverage: readonly StreamCoverage[], spans: MeasurementSpans): Hole | undefined {
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

/** What of the coverage lies within the two spans: all that a measurement needs to keep of it. */
export function clipped(coverage: readonly StreamCoverage[], spans: MeasurementSpans): readonly StreamCoverage[] {
  return coverage.map(({ stream, complete }) => ({
    stream,
    complete: complete.flatMap((part) =>
      [spans.baseline, spans.window].flatMap((span) => {
        const from = latest([part.from, span.from]) ?? span.from;
        const to = earliest([part.to, span.to]) ?? span.to;
        return isBefore(from, to) ? [{ from, to }] : [];
      }),
    ),
  }));
}

/** A stretch in which a stream brought nothing at all. */
export interface Silence extends Interval {
  /** On how many days a week something usually occurs. */
  readonly usual: number;
}

/** A silence is told from chance by its length, three weeks, and by on how many days of it something was to be expected: with 14, one in a million. */
const leastSilence = { days: 21, expected: 14 };

/**
 * The longest stretch of baseline or window in which a stream that was read brought no record of any kind, although it usually does: the source was
 * silent, emptied, or in use elsewhere, and what is counted in it says nothing. `perDay`: how many records of the stream occurred, by day
 * (`YYYY-MM-DD`), without those that the plan counts, because they may well have ended. Undefined where that may be chance.
 */
export function silenceIn(perDay: ReadonlyMap<string, number>, spans: MeasurementSpans): Silence | undefined {
  const days = [...perDay].filter(([, count]) => count > 0).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (days.length === 0) return undefined;
  // Days, not records: one wild day is no custom.
  const usual = (days.length * weekMs) / (millis(spans.window.to) - millis(spans.baseline.from));
  const found = [spans.baseline, spans.window].flatMap((span): Silence[] => {
    const within = days.map(([day]) => day).filter((day) => day >= span.from.slice(0, 10) && day <= span.to.slice(0, 10));
    const edges = [span.from, ...within.map((day) => `${day}T00:00:00.000Z`), span.to];
    return edges.slice(1).map((to, index) => ({ from: edges[index] ?? span.from, to, usual }));
  });
  const longest = found.toSorted((a, b) => millis(b.to) - millis(b.from) - (millis(a.to) - millis(a.from)))[0];
  if (longest === undefined) return undefined;
  const weeks = (millis(longest.to) - millis(longest.from)) / weekMs;
  return 7 * weeks >= leastSilence.days && usual * weeks >= leastSilence.expected ? longest : undefined;
}
