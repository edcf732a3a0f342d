import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type RunChart, runChart, runChartNumbers, type WeeklyValue } from '../../../src/report/index.js';

const start = Date.parse('2025-03-03T00:00:00.000Z');
const week = (at: number): string => new Date(start + at * 7 * 86_400_000).toISOString();

/** A chart with so many weeks of baseline, burst and window. */
function chart(baseline: readonly (number | undefined)[], burst: readonly number[], window: readonly (number | undefined)[]): RunChart {
  const weeks: WeeklyValue[] = [...baseline, ...burst, ...window].map((value, at) => ({ weekFrom: week(at), value }));
  const [from, to] = [baseline.length, baseline.length + burst.length];
  return {
    title: 'IMP-0001 Recurring incident',
    unit: 'records a week',
    better: 'down',
    weeks,
    baseline: { from: week(0), to: week(from) },
    window: { from: week(to), to: week(weeks.length) },
    phases: [{ name: 'the rise that raised it', from: week(from), to: week(to) }],
    target: 3,
    floor: 0,
    verdict: 'Effective.',
  };
}

/** Well-formed as far as our own output can go wrong: every tag closed in order, no bare special character in text. */
function tagsOf(svg: string): readonly string[] {
  const open: string[] = [];
  const seen: string[] = [];
  for (const [, end, name = '', rest = '', text = ''] of svg.matchAll(/<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"<]*")*\s*\/?)>([^<]*)/gi)) {
    if (end === '/') expect(open.pop()).toBe(name);
    else {
      seen.push(name);
      if (!rest.endsWith('/')) open.push(name);
    }
    if (name !== 'style') expect(text).not.toMatch(/&(?!#\d+;)|>/);
  }
  expect(open).toEqual([]);
  expect(svg.replace(/<(\/?)([a-z]+)((?:\s+[\w:-]+="[^"<]*")*\s*\/?)>/gi, '')).not.toContain('<');
  return seen;
}

describe('a run chart', () => {
  test('rests its limits on the baseline alone: neither burst nor window moves them', () => {
    const calm = runChartNumbers(chart([4, 6, 5, 7, 4, 6], [6], [2, 1]));
    const wild = runChartNumbers(chart([4, 6, 5, 7, 4, 6], [600], [40, 90]));
    expect(wild.limits).toEqual(calm.limits);
    expect(wild.signals.map(({ weekFrom, rule }) => `${weekFrom.slice(0, 10)} ${rule}`)).toContain('2025-04-14 outside-limits');
    expect(calm.windowMean).toBe(1.5);
  });

  test('is readable without eyes: an image with a title and a description that says limits, target and verdict', () => {
    const svg = runChart(chart([4, 6, 5, 7, 4, 6], [20], [2, 1]));
    expect(svg).toMatch(/^<svg [^>]*role="img"/);
    expect(svg).toContain('<title>IMP-0001 Recurring incident</title>');
    expect(svg).toMatch(/<desc>[^<]*Baseline mean 5.3, limits 0.01 to 10.7\.[^<]*Window mean 1.5\. Target 3\.[^<]*Effective\.<\/desc>/);
  });

  test('holds nothing that runs or loads, whatever strangers wrote into a ticket', () => {
    const title = '</title><script>alert(1)</script> "quoted" & \'single\' \u0000\u0007\ud800 \u202eright to left <![CDATA[';
    const svg = runChart({
      ...chart([4, 5, 6], [9], [1]),
      title,
      unit: title,
      verdict: title,
      phases: [{ ...chart([4], [5], [6]).phases[0], name: title } as never],
    });
    const tags = new Set(tagsOf(svg));
    expect([...tags].toSorted()).toEqual(['circle', 'desc', 'g', 'path', 'rect', 'style', 'svg', 'text', 'title']);
    // eslint-disable-next-line no-control-regex
    expect(svg).not.toMatch(/[\u0000-\u0008\u202e]|on\w+=|href|url\(/);
    expect(svg.isWellFormed()).toBe(true);
  });

  test('is drawn for any values, any length and any gap, within its width and without a number that is none', () => {
    const value = fc.option(
      fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 100_000 }), fc.double({ min: 0, max: 1, noNaN: true })),
      {
        nil: undefined,
        freq: 8,
      },
    );
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 104 }),
        fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 12 }),
        fc.array(value, { minLength: 1, maxLength: 104 }),
        fc.string({ unit: 'binary', maxLength: 300 }),
        (baseline, burst, window, title) => {
          const svg = runChart({ ...chart(baseline, burst, window), title, verdict: title });
          tagsOf(svg);
          expect(svg).not.toMatch(/NaN|Infinity|undefined/);
          for (const [, x = ''] of svg.matchAll(/ c?x="([-\d.]+)"/g)) {
            expect(Number(x)).toBeGreaterThanOrEqual(0);
            expect(Number(x)).toBeLessThanOrEqual(640);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  test('a burst a hundred times higher does not flatten what is judged: it is cut, and its number is written', () => {
    const svg = runChart(chart([4, 6, 5, 7, 4, 6], [700, 650], [2, 1]));
    expect(svg).toContain('700 and 1 more, off the scale');
    expect(runChart(chart([4, 6, 5, 7, 4, 6], [9], [2, 1]))).not.toContain('off the scale');
  });

  test('without a baseline it says that there are no limits', () => {
    const svg = runChart(chart([], [7, 8], [2, 1]));
    expect(svg).toContain('No limits: the baseline has no two weeks in a row');
    expect(svg).not.toContain('upper limit');
  });

  test('the same chart gives the same bytes', () => {
    const once = chart([4, 6, 5], [9], [2, 1]);
    expect(runChart(JSON.parse(JSON.stringify(once)) as RunChart)).toBe(runChart(once));
  });
});
