import { describe, expect, test } from '@jest/globals';
import {
  type Improvement,
  type ImprovementInput,
  isWatched,
  type MetricPlan,
  plusDays,
  type Regression,
  step,
  watchForRegression,
  watchSpans,
} from '../../../src/domain/index.js';
import { context, input, measurement, proposed } from '../world.js';
import { everything, from } from './series.js';

const window = { from: plusDays(from, 30 * 7), to: plusDays(from, 38 * 7) };

/** Closed as effective: 8 weeks were measured. */
function closed(): Improvement {
  const base = proposed();
  const found = measurement(base, 'effective', window.to);
  if (found.judged !== undefined) throw new Error('it is measured');
  return {
    ...base,
    status: 'closed',
    measurements: [{ ...found, window: { ...found.window, ...window }, final: true }],
    closure: { at: plusDays(window.to, 3), by: 'olga', result: 'effective', notes: 'Works' },
  };
}

function weekly(rate: number, firstWeek: number, weeks: number): readonly ImprovementInput[] {
  return Array.from({ length: weeks * rate }, (_each, index) =>
    input(`${firstWeek}-${index}`, plusDays(from, 7 * firstWeek + (7 * (index + 0.5)) / rate)),
  );
}

function look(after: number, n = 1, coverage = everything): Regression | undefined {
  const improvement = closed();
  const spans = watchSpans(improvement, n);
  if (spans === undefined) throw new Error('it is not watched');
  const inputs = [...weekly(4, 30, 8), ...weekly(after, 38, 40)];
  const plan = improvement.plan as MetricPlan;
  return watchForRegression({ improvement, plan, spans, inputs, coverage, unsound: [], at: plusDays(from, 90 * 7) });
}

describe('after closure', () => {
  test('a level that was lost again is noted in the register, once, and nothing moves', () => {
    const regression = look(9);
    expect(regression?.sentence).toMatch(
      /^After closure it got worse again: 4\.0 a week when it was measured, 9\.0 a week from 2025-09-24 to 2025-11-19; by chance /,
    );
    if (regression === undefined) return;
    const noted = step(closed(), { is: 'regressed', at: regression.at, regression }, context);
    expect(noted).toMatchObject({ is: 'unchanged', moves: [], improvement: { status: 'closed', regression } });
    expect(
      step(noted.improvement, { is: 'regressed', at: plusDays(from, 700), regression: { ...regression, sentence: 'again' } }, context)
        .improvement,
    ).toBe(noted.improvement);
    expect(isWatched(noted.improvement, plusDays(window.to, 60))).toBe(false);
  });

  test('a level that holds, gets better or was not read is not', () => {
    expect([look(4), look(5), look(2)]).toEqual([undefined, undefined, undefined]);
    expect(look(9, 1, [{ stream: 'snow/incident', complete: [{ from, to: plusDays(from, 40 * 7) }] }])).toBeUndefined();
  });

  test('it is watched for four windows and no longer, and only what was effective', () => {
    expect(isWatched(closed(), plusDays(window.to, 60))).toBe(true);
    expect(isWatched(closed(), plusDays(window.to, 4 * 56 + 15))).toBe(false);
    expect(watchSpans({ ...closed(), closure: { at: from, by: 'olga', result: 'inconclusive', notes: 'x' } }, 1)).toBeUndefined();
    expect(watchSpans(closed(), 2)?.window).toEqual({ from: plusDays(window.to, 56), to: plusDays(window.to, 112) });
  });
});
