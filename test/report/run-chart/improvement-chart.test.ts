import { describe, expect, test } from '@jest/globals';
import { type Improvement, type ImprovementInput, judge, type MetricPlan, PlanTemplate, plusDays } from '../../../src/domain/index.js';
import { chartOf, runChart } from '../../../src/report/index.js';

const start = '2025-06-02T00:00:00.000Z';
const baseline = { from: start, to: plusDays(start, 42) };
/** Not on the grid of the baseline's weeks: two whole weeks and three days behind it. */
const window = { from: plusDays(start, 59), to: plusDays(start, 73) };

function planOf(template: object): MetricPlan {
  const parsed = PlanTemplate.parse({ baselineWeeks: 6, windowWeeks: 2, settleDays: 3, ...template });
  if (parsed.metric === 'criterion') throw new Error('a criterion counts nothing');
  return { ...parsed, caseKeys: ['k'], categories: ['incident'], baselineEnd: baseline.to };
}

/** So many records in the week that begins at `from`, half a day apart, each with these facts. */
const records = (from: string, count: number, facts: ImprovementInput['facts'] = {}): readonly ImprovementInput[] =>
  Array.from({ length: count }, (_, i) => {
    const id = `${from} ${i}`;
    return {
      id,
      category: 'incident',
      caseKeys: ['k'],
      occurredAt: plusDays(from, i / 2),
      trigger: { system: 's', stream: 'incident', key: id },
      facts,
    } as unknown as ImprovementInput;
  });

/** An improvement that was raised, decided, carried out and measured. */
function measured(plan: MetricPlan, inputs: readonly ImprovementInput[]): Improvement {
  const coverage = [{ stream: 's/incident', complete: [{ from: start, to: window.to }] }];
  const state = {
    type: 'normal',
    phase: 'completed',
    approval: 'approved',
    startedAt: plusDays(start, 54),
    endedAt: plusDays(start, 56),
  };
  return {
    id: 'IMP-0007',
    title: 'Recurring incident',
    raisedAt: plusDays(start, 49),
    plan,
    extensions: 0,
    evidence: [],
    changes: [{ required: true, ref: { system: 's', stream: 'change_request', key: '1' }, state }],
    measurements: [judge({ plan, spans: { baseline, window }, look: 0, inputs, coverage, at: window.to })],
  } as unknown as Improvement;
}

const only = (improvement: Improvement) => improvement.measurements[0] as Improvement['measurements'][number];

describe('the chart of an improvement', () => {
  const counts = [5, 4, 6, 5, 4, 6];
  const inputs = [
    ...counts.flatMap((count, week) => records(plusDays(start, 7 * week), count)),
    ...records(baseline.to, 9),
    ...records(plusDays(baseline.to, 7), 3),
    ...records(window.from, 2),
    ...records(plusDays(window.from, 7), 1),
  ];
  const improvement = measured(planOf({ metric: 'weekly-rate', reduceBy: 0.4 }), inputs);

  test('shows each week as it was measured, the whole weeks between, and what happened in them', () => {
    const chart = chartOf(improvement, only(improvement), inputs);
    expect(chart?.weeks.map(({ value }) => value)).toEqual([...counts, 9, 3, 2, 1]);
    expect(chart?.weeks.at(-2)?.weekFrom).toBe(window.from);
    expect(chart).toMatchObject({ unit: 'records a week', better: 'down', target: 3, verdict: only(improvement).sentence });
    expect(chart?.phases.map(({ name, from, to }) => `${name} ${from.slice(0, 10)} ${to.slice(0, 10)}`)).toEqual([
      'what raised it 2025-07-14 2025-07-21',
      'decision and planning 2025-07-21 2025-07-26',
      'change 2025-07-26 2025-07-28',
      'settling 2025-07-28 2025-07-31',
    ]);
  });

  test('is the same from the JSON that a write keeps of it', () => {
    const chart = chartOf(improvement, only(improvement), inputs);
    expect(runChart(JSON.parse(JSON.stringify(chart)) as NonNullable<typeof chart>)).toBe(runChart(chart as NonNullable<typeof chart>));
  });

  test('without the records between, those weeks stay empty', () => {
    expect(chartOf(improvement, only(improvement), undefined)?.weeks).toHaveLength(8);
  });

  test('shows times in the unit that suits them, and shares in per cent', () => {
    const timed = [
      ...counts.flatMap((_, week) => records(plusDays(start, 7 * week), 3, { resolutionSeconds: (10 + week) * 3600, breached: week > 1 })),
      ...[0, 1].flatMap((week) => records(plusDays(window.from, 7 * week), 3, { resolutionSeconds: 5 * 3600, breached: false })),
    ];
    const slow = measured(planOf({ metric: 'duration', fact: 'resolutionSeconds', target: 6 * 3600 }), timed);
    const hours = chartOf(slow, only(slow), []);
    expect(hours?.unit).toMatch(/^hours by week: the median/);
    expect(hours).toMatchObject({ target: 6 });
    expect(hours?.weeks.map(({ value }) => value)).toEqual([10, 11, 12, 13, 14, 15, undefined, undefined, 5, 5]);
    const late = measured(planOf({ metric: 'breach-ratio', reduceBy: 0.5 }), timed);
    const shares = chartOf(late, only(late), []);
    expect(shares?.weeks.map(({ value }) => value)).toEqual([0, 0, 100, 100, 100, 100, undefined, undefined, 0, 0]);
    expect(shares?.target).toBeCloseTo(100 / 3, 6);
  });

  test('there is none where a person judged, or nothing was measured', () => {
    const judged = { ...improvement, plan: { metric: 'criterion', criterion: 'It works', settleDays: 7 } } as unknown as Improvement;
    expect(chartOf(judged, { ...only(improvement), baseline: undefined, window: undefined } as never, [])).toBeUndefined();
  });
});
