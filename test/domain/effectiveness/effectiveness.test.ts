import { describe, expect, test } from '@jest/globals';
import {
  holesIn,
  measure,
  metricInputs,
  plusDays,
  spansOf,
  type ImprovementInput,
  type MeasureResult,
  type MeasurementPlan,
  type MetricMeasurement,
  type Policy,
  type StreamCoverage,
} from '../../../src/domain/index.js';
import { change, day, input, policy } from '../world.js';
import { everything, from, implemented } from './series.js';

/** `rates[week]` records in each week, evenly spread. */
function weekly(rates: readonly number[]): readonly ImprovementInput[] {
  return rates.flatMap((rate, week) =>
    Array.from({ length: rate }, (_each, index) => input(`${week}-${index}`, plusDays(from, 7 * week + (7 * index + 1) / (rate + 1)))),
  );
}

const constant = (rate: number, weeks: number): readonly number[] => Array.from({ length: weeks }, () => rate);

/** Baseline of 26 weeks, burst of 4, change and settle of 2, then the window. */
function verdictOn(
  rates: { readonly before: number; readonly after: number },
  coverage = everything,
  plan: object = {},
): MetricMeasurement {
  const inputs = weekly([...constant(rates.before, 26), ...constant(20, 4), ...constant(5, 2), ...constant(rates.after, 8)]);
  const rule = policy.rules[0] as Policy['rules'][number];
  const fired = { rule, windowFrom: plusDays(from, 26 * 7), triggers: inputs.filter((each) => each.id.startsWith('in-26')) };
  const improvement = implemented(fired, plusDays(from, 30 * 7), plusDays(from, 31 * 7));
  const result = measure({
    improvement: { ...improvement, plan: { ...improvement.plan, ...plan } as MeasurementPlan },
    inputs,
    coverage,
    at: plusDays(from, 40 * 7),
  });
  return measured(result);
}

function measured(result: MeasureResult): MetricMeasurement {
  if (result.is !== 'measured') throw new Error(result.because);
  return result.measurement;
}

describe('a verdict', () => {
  test('is effective when the target is met and chance is excluded, and says so in numbers', () => {
    const found = verdictOn({ before: 10, after: 4 });
    expect(found).toMatchObject({ result: 'effective', final: true, baseline: { rate: 10 }, window: { rate: 4 } });
    expect(found.sentence).toBe(
      'Effective: 60 % fewer. Before 10.0 a week (260 in 26 weeks), after 4.0 a week (32 in 8 weeks); the target is at least 30 % fewer; ' +
        'if nothing had changed, a fall this large would be seen less than once in 1,000 times.',
    );
    expect(found.ratio?.value).toBeCloseTo(0.4, 6);
    expect(found.ratio?.high).toBeLessThan(0.6);
  });

  test('is not effective when the target is missed, however certain the fall', () => {
    expect(verdictOn({ before: 20, after: 15 })).toMatchObject({ result: 'not-effective', reason: 'target-missed' });
  });

  test('is inconclusive when the target is met but chance is not excluded', () => {
    expect(verdictOn({ before: 2, after: 1 }, everything, { minimumSample: 5 })).toMatchObject({
      result: 'inconclusive',
      reason: 'not-significant',
      final: false,
    });
  });

  test('is inconclusive when there are too few records', () => {
    expect(verdictOn({ before: 1, after: 0 }, everything, { minimumSample: 100 })).toMatchObject({
      result: 'inconclusive',
      reason: 'small-sample',
    });
  });

  test('is inconclusive when the baseline is empty, because nothing can fall below nothing', () => {
    expect(verdictOn({ before: 0, after: 0 })).toMatchObject({ result: 'inconclusive', reason: 'no-baseline' });
  });

  test('the burst that raised the improvement is not in its baseline', () => {
    expect(verdictOn({ before: 5, after: 5 })).toMatchObject({ result: 'not-effective', baseline: { rate: 5 }, window: { rate: 5 } });
  });

  test('is inconclusive when a stream was paused for half the window, and names stream and days: an outage of ours never looks like an improvement', () => {
    const paused: readonly StreamCoverage[] = [
      {
        stream: 'snow/incident',
        complete: [
          { from: '2020-01-01T00:00:00.000Z', to: plusDays(from, 36 * 7) },
          { from: plusDays(from, 40 * 7), to: '2040-01-01T00:00:00.000Z' },
        ],
      },
    ];
    const found = verdictOn({ before: 10, after: 0 }, paused);
    expect(found).toMatchObject({ result: 'inconclusive', reason: 'data-gap' });
    expect(found.sentence).toContain('data gap: snow/incident was not read completely from 2025-09-10 to 2025-10-08');
  });

  test('is inconclusive when one of two streams was not read over the baseline, or when nothing is known of any', () => {
    const second: StreamCoverage = { stream: 'snow/problem', complete: [{ from: plusDays(from, 10), to: '2040-01-01T00:00:00.000Z' }] };
    expect(verdictOn({ before: 10, after: 4 }, [...everything, second])).toMatchObject({ reason: 'data-gap' });
    expect(verdictOn({ before: 10, after: 4 }, [])).toMatchObject({ reason: 'data-gap' });
  });

  test('waits for the end of the window, which an extension moves', () => {
    const inputs = weekly(constant(5, 60));
    const fired = { rule: policy.rules[0] as Policy['rules'][number], windowFrom: plusDays(from, 182), triggers: inputs.slice(-5) };
    const improvement = implemented(fired, plusDays(from, 200), plusDays(from, 210));
    const until = plusDays(from, 210 + 7 + 56);
    expect(measure({ improvement, inputs, coverage: everything, at: plusDays(until, -1) })).toMatchObject({ is: 'not-yet', until });
    expect(measure({ improvement, inputs, coverage: everything, at: until }).is).toBe('measured');
    expect(measure({ improvement: { ...improvement, extensions: 1 }, inputs, coverage: everything, at: until })).toMatchObject({
      is: 'not-yet',
      until: plusDays(until, 56),
    });
    expect(spansOf({ ...improvement, changes: [change({ phase: 'implementing' })] })).toBeUndefined();
  });
});

test('the metric counts each record once, by its keys and categories, without those that have ended', () => {
  const { plan } = implemented(
    { rule: policy.rules[0] as Policy['rules'][number], windowFrom: day(0), triggers: [input('1', day(1))] },
    day(1),
    day(2),
  );
  const twice = { ...input('1', day(1)), id: 'by-another-mapping' };
  const others = [
    input('2', day(2), { recurrenceKey: 'other' }),
    input('3', day(3), { category: 'audit-finding' }),
    input('4', day(4), { endedAt: day(5) }),
  ];
  expect(metricInputs(plan, [input('1', day(1)), twice, ...others]).map((each) => each.id)).toEqual(['in-1']);
});

test('holes are found before, between and after what was read', () => {
  const span = { from: day(0), to: day(10) };
  const holes = (...complete: readonly (readonly [number, number])[]): readonly string[] =>
    holesIn({ stream: 's', complete: complete.map(([a, b]) => ({ from: day(a), to: day(b) })) }, span).map(
      (hole) => `${hole.from}..${hole.to}`,
    );
  expect(holes([-5, 20])).toEqual([]);
  expect(holes([0, 5], [5, 10])).toEqual([]);
  expect(holes([2, 4], [3, 8])).toEqual([`${day(0)}..${day(2)}`, `${day(8)}..${day(10)}`]);
  expect(holes()).toEqual([`${day(0)}..${day(10)}`]);
  expect(holes([20, 30])).toEqual([`${day(0)}..${day(10)}`]);
});
