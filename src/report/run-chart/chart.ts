import type { Instant } from '../../kit/index.js';
import { type Signal, signalsIn } from './signals.js';
import { type Xmr, xmr } from './xmr.js';

/** One week of the measure: the seven days from `weekFrom` on. Without a value nothing is known of it: nothing was read, or it is not over. */
export interface WeeklyValue {
  readonly weekFrom: Instant;
  readonly value?: number | undefined;
}

/** Half-open: `from` is inside, `to` is not. */
export interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

/** A stretch of time on the chart, named for people: `change`, `settling`. */
export interface Phase extends Span {
  readonly name: string;
}

/** Everything that a run chart shows, as data: fit for JSON, so that the same chart can be drawn again. Texts may be written by strangers. */
export interface RunChart {
  readonly title: string;
  /** What a value is: `records a week`, `hours (median of the week)`, `% breached`. */
  readonly unit: string;
  /** Which way is better. */
  readonly better: 'down' | 'up';
  /** Oldest first. Weeks may be missing, and need not be aligned across phases. */
  readonly weeks: readonly WeeklyValue[];
  /** The limits rest on the weeks of this span alone, and are carried on over everything behind it. */
  readonly baseline: Span;
  readonly window: Span;
  /** What lies between them, oldest first. */
  readonly phases: readonly Phase[];
  readonly target?: number;
  /** No value can be lower: 0 for counts, shares and durations. */
  readonly floor?: number;
  /** One sentence that says how it ended. */
  readonly verdict?: string;
}

/** The numbers behind a chart: for machines, and for who cannot see it. */
export interface RunChartNumbers {
  /** Undefined where the baseline has no two weeks in a row. */
  readonly limits?: Xmr;
  readonly target?: number;
  readonly signals: readonly (Signal & { readonly weekFrom: Instant })[];
  /** Mean of the weeks of the window. */
  readonly windowMean?: number;
}

/** Limits of the baseline, and the signals that they find in all weeks. */
export function runChartNumbers(chart: RunChart): RunChartNumbers {
  const values = chart.weeks.map(({ value }) => value);
  const limits = xmr(weeksIn(chart, chart.baseline).map(({ value }) => value));
  const inWindow = weeksIn(chart, chart.window).flatMap(({ value }) => value ?? []);
  return {
    ...(limits !== undefined && { limits }),
    ...(chart.target !== undefined && { target: chart.target }),
    signals:
      limits === undefined ? [] : signalsIn(values, limits).map((one) => ({ ...one, weekFrom: chart.weeks[one.at]?.weekFrom ?? '' })),
    ...(inWindow.length > 0 && { windowMean: inWindow.reduce((total, value) => total + value, 0) / inWindow.length }),
  };
}

/** The weeks that begin within a span. */
export function weeksIn({ weeks }: Pick<RunChart, 'weeks'>, { from, to }: Span): readonly WeeklyValue[] {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  return weeks.filter(({ weekFrom }) => Date.parse(weekFrom) >= start && Date.parse(weekFrom) < end);
}
