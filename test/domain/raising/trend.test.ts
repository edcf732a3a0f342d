import { afterAll, expect, test } from '@jest/globals';
import { judgeTrend, TrendRule } from '../../../src/domain/index.js';
import { random } from '../effectiveness/series.js';

/**
 * Scopes of which the truth is known, asked as the product asks: on every day with a record, over the weeks up to that day. After a raise nobody asks for the
 * cool-down of 90 days. So few by default that it stays fast; the figures in docs/auditor.md are those of GOLDEN_THREAD_SERIES=1000.
 */
const wanted = process.env['GOLDEN_THREAD_SERIES'];
const scopes = Number(wanted ?? 60);
const rates = wanted === undefined ? [4, 10] : [1, 2, 4, 10, 30];
const coolDownDays = 90;
const report: string[] = [];
afterAll(() => {
  if (wanted !== undefined) process.stdout.write(`${report.join('\n')}\n`);
});

interface Kind {
  readonly rate: number;
  /** Variance over mean of its weeks. */
  readonly dispersion: number;
  readonly rule: TrendRule;
  /** Weeks that are asked about, and the rate in them over that before. */
  readonly weeks: number;
  readonly factor: number;
}

function shipped(weeks: number, more: object = {}): TrendRule {
  return TrendRule.parse({ id: 'trend', looksAt: 'trend', description: 'More than before.', categories: ['incident'], weeks, ...more });
}

/** How often one scope is raised. */
function raises(seed: number, { rate, dispersion, rule, weeks, factor }: Kind): number {
  const draws = random(seed);
  const before = rule.baselineWeeks + rule.weeks;
  const days = Array.from({ length: before + weeks }, (_each, week) => {
    const mean = week < before ? rate : rate * factor;
    const count = draws.poisson(dispersion === 1 ? mean : draws.gamma(mean / (dispersion - 1)) * (dispersion - 1));
    const on = Array.from({ length: count }, () => Math.floor(7 * draws.uniform()));
    return Array.from({ length: 7 }, (_none, weekday) => on.filter((each) => each === weekday).length);
  }).flat();
  const through = [0];
  for (const count of days) through.push((through.at(-1) ?? 0) + count);
  const weekly = (end: number, count: number): readonly number[] =>
    Array.from({ length: count }, (_each, at) => {
      const to = end - 7 * (count - 1 - at);
      return (through[to] ?? 0) - (through[to - 7] ?? 0);
    });
  let found = 0;
  for (let day = 7 * before; day < days.length; day += 1) {
    if (days[day] === 0) continue;
    const baseline = weekly(day + 1 - 7 * rule.weeks, rule.baselineWeeks);
    if (judgeTrend(rule, baseline, weekly(day + 1, rule.weeks)) === undefined) continue;
    found += 1;
    day += coolDownDays;
  }
  return found;
}

function perScope(seed: number, kind: Kind, of = scopes): number {
  const { rate, dispersion, rule, weeks, factor } = kind;
  const found = Array.from({ length: of }, (_each, at) => raises(seed + at, kind));
  const share = (factor === 1 ? found.reduce((sum, each) => sum + each, 0) : found.filter((each) => each > 0).length) / of;
  const what = factor === 1 ? 'false raises a scope and year' : `found within ${weeks} weeks, at ${factor} times the rate`;
  report.push(
    `trend over ${rule.weeks} weeks at level ${rule.level}, rate ${rate} a week, variance ${dispersion}x: ${share.toFixed(3)} ${what}, of ${of}`,
  );
  return share;
}

const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;

test.each([
  ['records independent', 4, 1, 10_000_000],
  ['records independent', 8, 1, 20_000_000],
  ['weeks vary threefold', 4, 3, 30_000_000],
  ['weeks vary threefold', 8, 3, 40_000_000],
] as const)(
  'a scope in which nothing changes is raised less than once in twenty years (%s, %i weeks)',
  (_name, weeks, dispersion, seed) => {
    const rule = shipped(weeks);
    expect(mean(rates.map((rate) => perScope(seed + 1e5 * rate, { rate, dispersion, rule, weeks: 52, factor: 1 })))).toBeLessThan(0.05);
  },
);

test('looking at one look only would let it seem safe: at 1 % a look, the same scopes are raised several times as often', () => {
  const kind: Kind = { rate: 4, dispersion: 3, rule: shipped(8, { level: 0.01 }), weeks: 52, factor: 1 };
  expect(perScope(50_000_000, kind)).toBeGreaterThan(0.1);
});

test('a service whose rate doubles from ten a week is raised within a quarter', () => {
  for (const [weeks, dispersion, least] of [
    [4, 1, 0.8],
    [8, 1, 0.95],
    [8, 3, 0.55],
  ] as const)
    expect(perScope(60_000_000, { rate: 10, dispersion, rule: shipped(weeks), weeks: 13, factor: 2 })).toBeGreaterThan(least);
  for (const [rate, factor, dispersion] of [
    [4, 2, 1],
    [4, 3, 3],
  ] as const)
    perScope(70_000_000, { rate, dispersion, rule: shipped(8), weeks: 13, factor });
});
