import {
  completionOf,
  directionOf,
  type Improvement,
  type ImprovementInput,
  judge,
  type MeasuredSpan,
  metricInWords,
  type MetricPlan,
  plusDays,
  requiredChanges,
  targetOf,
} from '../../domain/index.js';
import type { Instant } from '../../kit/index.js';
import { type Db, inputsWithKeys } from '../../store/index.js';
import type { Phase, RunChart, WeeklyValue } from './chart.js';

type Measured = Improvement['measurements'][number];
const weekMs = 7 * 86_400_000;

/**
 * The chart of one measurement (the latest by default): the weeks of its baseline and its window as they were measured, and those between from the
 * records as they are now. Undefined where nothing was counted: no measurement, or one that a person judged. Of a metric over more than the case, the
 * weeks between stay empty.
 */
export async function improvementChart(
  db: Db,
  improvement: Improvement,
  measurement: Measured | undefined = improvement.measurements.at(-1),
): Promise<RunChart | undefined> {
  const plan = planOf(improvement, measurement);
  if (plan === undefined || measurement?.baseline === undefined) return undefined;
  const between = { from: measurement.baseline.to, to: measurement.window.from };
  const isOfCase = plan.filter?.scope === undefined || plan.filter.scope === 'case';
  return chartOf(improvement, measurement, isOfCase ? await inputsWithKeys(db, plan.caseKeys, between) : undefined);
}

/** The same from records that are at hand: `between` are those of the case between baseline and window; undefined when they are not known. */
export function chartOf(
  improvement: Improvement,
  measurement: Measured,
  between: readonly ImprovementInput[] | undefined,
): RunChart | undefined {
  const plan = planOf(improvement, measurement);
  const { baseline, window } = measurement;
  if (plan === undefined || baseline === undefined || window === undefined) return undefined;
  const { factor, unit } = unitOf(plan, baseline);
  const target = targetOf(plan, plan.metric === 'weekly-rate' ? baseline.rate : baseline.value);
  return {
    title: `${improvement.id} ${improvement.title}`,
    unit,
    better: directionOf(plan),
    weeks: [
      ...weeksOf(plan, baseline, factor),
      ...(between === undefined ? [] : weeksOf(plan, spanBetween(plan, baseline, window, between), factor)),
      ...weeksOf(plan, window, factor),
    ],
    baseline: { from: baseline.from, to: baseline.to },
    window: { from: window.from, to: window.to },
    phases: phasesOf(improvement, plan, baseline.to, window.from),
    ...(target !== undefined && { target: factor * target }),
    floor: 0,
    verdict: measurement.sentence,
  };
}

/** The plan that was measured: the one that the measurement names, else the improvement's. */
function planOf(improvement: Improvement, measurement: Measured | undefined): MetricPlan | undefined {
  const named = measurement?.baseline === undefined ? undefined : measurement.basis?.plan;
  const plan = named ?? improvement.plan;
  return plan.metric === 'criterion' ? undefined : plan;
}

/** Shares are shown in per cent, times in the unit that suits the baseline. */
function unitOf(plan: MetricPlan, baseline: MeasuredSpan): { readonly factor: number; readonly unit: string } {
  switch (plan.metric) {
    case 'weekly-rate':
      return { factor: 1, unit: 'records a week' };
    case 'share':
    case 'breach-ratio':
      return { factor: 100, unit: `% a week: ${metricInWords(plan)}` };
    case 'duration': {
      const seconds = baseline.value ?? 3600;
      const [factor, name] = seconds < 2 * 3600 ? [1 / 60, 'minutes'] : seconds < 3 * 86_400 ? [1 / 3600, 'hours'] : [1 / 86_400, 'days'];
      return { factor, unit: `${name} by week: ${metricInWords(plan)}` };
    }
    case 'survey-mean':
      return { factor: 1, unit: `score by week: ${metricInWords(plan)}` };
  }
}

/** The whole weeks from the end of the baseline on; what is left over before the window is no week. */
function spanBetween(plan: MetricPlan, baseline: MeasuredSpan, window: MeasuredSpan, inputs: readonly ImprovementInput[]): MeasuredSpan {
  const weeks = Math.max(0, Math.floor((Date.parse(window.from) - Date.parse(baseline.to)) / weekMs));
  const span = { from: baseline.to, to: plusDays(baseline.to, 7 * weeks) };
  if (weeks === 0) return { ...span, weekly: [], rate: 0 };
  return judge({ plan, spans: { baseline, window: span }, look: 0, inputs, coverage: [], at: window.to }).window;
}

function weeksOf(plan: MetricPlan, span: MeasuredSpan, factor: number): readonly WeeklyValue[] {
  const values = plan.metric === 'weekly-rate' ? span.weekly : (span.values ?? []);
  return values.map((value, week) => ({
    weekFrom: plusDays(span.from, 7 * week),
    ...(value !== null && Number.isFinite(value) && { value: Math.round(factor * value * 1000) / 1000 }),
  }));
}

/** What happened between baseline and window, as far as it is known: each phase ends where the next begins. */
function phasesOf(improvement: Improvement, plan: MetricPlan, from: Instant, to: Instant): readonly Phase[] {
  const starts = requiredChanges(improvement).flatMap(({ state }) => state?.startedAt ?? []);
  const ended = completionOf(improvement).lastEndAt ?? plusDays(to, -plan.settleDays);
  const started = starts.toSorted((a, b) => Date.parse(a) - Date.parse(b))[0] ?? ended;
  const borders: readonly (readonly [string, Instant])[] = [
    ['what raised it', improvement.raisedAt],
    ['decision and planning', started],
    ['change', ended],
    ['settling', to],
  ];
  let reached = from;
  return borders.flatMap(([name, end]) => {
    const upTo = Date.parse(end) < Date.parse(to) ? end : to;
    if (Date.parse(upTo) <= Date.parse(reached)) return [];
    const phase = { name, from: reached, to: upTo };
    reached = upTo;
    return [phase];
  });
}
