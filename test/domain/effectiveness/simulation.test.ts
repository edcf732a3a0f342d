import { afterAll, describe, expect, test } from '@jest/globals';
import { type Kind, type Outcome, outcomes, type Random, share } from './series.js';

/**
 * Series of which the truth is known, each through a raise rule that really fired. So few by default that the tests stay fast; the figures in
 * docs/auditor.md are those of GOLDEN_THREAD_SERIES=2000.
 */
const series = Number(process.env['GOLDEN_THREAD_SERIES'] ?? 100);
const fewer = Math.max(40, Math.round(series / 4));
const report: string[] = [];
afterAll(() => {
  if (process.env['GOLDEN_THREAD_SERIES'] !== undefined) process.stdout.write(`${report.join('\n')}\n`);
});

function atMostFivePercent(found: readonly Outcome[], name: string): void {
  const wrong = share(found, ({ effective }) => effective);
  report.push(
    `${name}: ${(100 * wrong).toFixed(2)} % of ${found.length} called effective, ${(100 * share(found, ({ naive }) => naive)).toFixed(0)} % by a naive look`,
  );
  expect(wrong).toBeLessThanOrEqual(0.05);
}

const same: Kind['say'] = () => ({});
const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

describe('a rate at which nothing changed, and a burst that passed', () => {
  const plan = { metric: 'weekly-rate' };
  test('is called effective in at most 5 % of the series when counts are Poisson, over all looks, where a naive look would praise a quarter', () => {
    const found = outcomes(series, 1, { plan, rate: 4, dispersion: 1, count: 26, say: same });
    atMostFivePercent(found, 'rate 4 a week, Poisson');
    expect(share(found, ({ naive }) => naive)).toBeGreaterThan(0.25);
  });

  test('is called effective in at most 5 % of the series when weeks vary three times as much', () => {
    const found = outcomes(series, 100_000, { plan, rate: 4, dispersion: 3, count: 32, say: same });
    atMostFivePercent(found, 'rate 4 a week, variance threefold');
    expect(share(found, ({ naive }) => naive)).toBeGreaterThan(0.25);
  });

  test('of ten a week is called effective in at most 5 % of the series, with and without overdispersion', () => {
    atMostFivePercent(outcomes(fewer, 200_000, { plan, rate: 10, dispersion: 1, count: 52, say: same }), 'rate 10 a week, Poisson');
    atMostFivePercent(
      outcomes(fewer, 300_000, { plan, rate: 10, dispersion: 3, count: 58, say: same }),
      'rate 10 a week, variance threefold',
    );
  });

  test('so rare that the sample is small is inconclusive and nothing else', () => {
    const found = outcomes(fewer, 400_000, { plan: { ...plan, minimumSample: 40 }, rate: 0.3, dispersion: 1, count: 3, say: same });
    expect(found.flatMap(({ looks }) => looks.map(({ result, reason }) => `${result} ${reason}`))).not.toContain('effective undefined');
    expect(share(found, ({ looks }) => looks[0]?.reason === 'small-sample')).toBeGreaterThan(0.99);
  });
});

describe('a rate of ten a week that halves', () => {
  const half = { plan: { metric: 'weekly-rate' }, rate: 10, factor: 0.5, say: same };
  test.each([
    ['Poisson', 1, 52, 0.9, 500_000],
    ['variance threefold', 3, 58, 0.5, 600_000],
  ] as const)('is found at the first look (%s)', (name, dispersion, count, least, seed) => {
    const found = outcomes(Math.max(50, series / 2), seed, { ...half, dispersion, count });
    const [first, all] = [share(found, ({ effectiveAtFirst }) => effectiveAtFirst), share(found, ({ effective }) => effective)];
    report.push(
      `power, rate 10 a week halved, 26 + 8 weeks, ${name}: ${percent(first)} at the first look, ${percent(all)} over all, of ${found.length}`,
    );
    expect(first).toBeGreaterThanOrEqual(least);
    expect(all).toBeGreaterThanOrEqual(first);
  });

  test('has a ratio of one half in its interval nine times in ten', () => {
    for (const [dispersion, count, seed] of [
      [1, 52, 500_000],
      [3, 58, 600_000],
    ] as const) {
      const found = outcomes(Math.max(50, series / 2), seed, { ...half, dispersion, count });
      const covered = share(found, ({ looks }) => (looks[0]?.ratio?.low ?? 1) <= 0.5 && 0.5 <= (looks[0]?.ratio?.high ?? 0));
      report.push(`coverage of the ratio's 90 % interval, dispersion ${dispersion}: ${percent(covered)} of ${found.length}`);
      expect(covered).toBeGreaterThanOrEqual(0.84);
    }
  });
});

/** A share, duration or score whose records are independent, or whose weeks have moods. */
interface Case {
  readonly name: string;
  readonly kind: Kind;
  /** What is better, for the power. */
  readonly better: Kind['say'];
  /** The least power that the test insists on. */
  readonly least?: number;
  readonly seed: number;
}

const hit = (isHit: boolean): { severity: 'high' | 'low'; facts: { breached: boolean } } => ({
  severity: isHit ? 'high' : 'low',
  facts: { breached: isHit },
});
const resolvedIn = (hours: number): { facts: { resolutionSeconds: number } } => ({
  facts: { resolutionSeconds: Math.round(3600 * hours) },
});
const scored = (score: number): { severity: 'high' | 'low'; facts: { score: number } } => ({
  severity: score <= 2 ? 'high' : 'low',
  facts: { score },
});
const grade = (value: number): number => Math.min(5, Math.max(1, Math.round(value)));
/** Beta with mean p and correlation 0.2 within a week: a design effect of about 3 with ten records a week. */
const shareOfWeek = (random: Random, p: number): number => random.beta(4 * p, 4 * (1 - p));

const cases: readonly Case[] = [
  {
    name: 'share, independent',
    kind: {
      plan: { metric: 'share', of: { severityAtLeast: 'high' } },
      rate: 10,
      dispersion: 1,
      count: 15,
      severityAtLeast: 'high',
      say: (random) => hit(random.uniform() < 0.25),
    },
    better: (random, _mood, done) => hit(random.uniform() < (done ? 0.1 : 0.25)),
    seed: 1_000_000,
  },
  {
    name: 'share, weeks with moods',
    kind: {
      plan: { metric: 'share', of: { severityAtLeast: 'high' } },
      rate: 10,
      dispersion: 1,
      count: 19,
      severityAtLeast: 'high',
      mood: (random) => shareOfWeek(random, 0.25),
      say: (random, mood) => hit(random.uniform() < mood),
    },
    better: (random, mood, done) => hit(random.uniform() < (done ? 0.4 * mood : mood)),
    least: 0.1,
    seed: 1_100_000,
  },
  {
    name: 'breach ratio, independent',
    kind: {
      plan: { metric: 'breach-ratio' },
      rate: 8,
      dispersion: 1,
      count: 18,
      severityAtLeast: 'high',
      say: (random) => hit(random.uniform() < 0.4),
    },
    better: (random, _mood, done) => hit(random.uniform() < (done ? 0.2 : 0.4)),
    seed: 1_200_000,
  },
  {
    name: 'median duration, independent',
    kind: {
      plan: { metric: 'duration', fact: 'resolutionSeconds' },
      rate: 8,
      dispersion: 1,
      count: 44,
      say: (random) => resolvedIn(Math.exp(2 + random.normal())),
    },
    better: (random, _mood, done) => resolvedIn(Math.exp((done ? 1.2 : 2) + random.normal())),
    seed: 1_300_000,
  },
  {
    name: 'median duration, weeks with moods',
    kind: {
      plan: { metric: 'duration', fact: 'resolutionSeconds' },
      rate: 8,
      dispersion: 1,
      count: 44,
      mood: (random) => 0.5 * random.normal(),
      say: (random, mood) => resolvedIn(Math.exp(2 + mood + random.normal())),
    },
    better: (random, mood, done) => resolvedIn(Math.exp((done ? 1.2 : 2) + mood + random.normal())),
    seed: 1_400_000,
  },
  {
    name: '90th percentile of durations, independent',
    kind: {
      plan: { metric: 'duration', fact: 'resolutionSeconds', statistic: 'p90' },
      rate: 12,
      dispersion: 1,
      count: 62,
      say: (random) => resolvedIn(Math.exp(2 + random.normal())),
    },
    better: (random, _mood, done) => resolvedIn(Math.exp((done ? 1 : 2) + random.normal())),
    seed: 1_500_000,
  },
  {
    name: 'survey mean, independent',
    kind: {
      plan: { metric: 'survey-mean' },
      rate: 6,
      dispersion: 1,
      count: 12,
      severityAtLeast: 'high',
      say: (random) => scored(grade(3.2 + random.normal())),
    },
    better: (random, _mood, done) => scored(grade((done ? 4 : 3.2) + random.normal())),
    seed: 1_600_000,
  },
  {
    name: 'survey mean, weeks with moods',
    kind: {
      plan: { metric: 'survey-mean' },
      rate: 6,
      dispersion: 1,
      count: 14,
      severityAtLeast: 'high',
      mood: (random) => 0.5 * random.normal(),
      say: (random, mood) => scored(grade(3.2 + mood + random.normal())),
    },
    better: (random, mood, done) => scored(grade((done ? 4 : 3.2) + mood + random.normal())),
    seed: 1_700_000,
  },
];

describe.each(cases)('$name', ({ name, kind, better, least = 0.5, seed }) => {
  test('is called effective in at most 5 % of the series in which nothing changed', () => {
    atMostFivePercent(outcomes(fewer, seed, kind), name);
  });

  test('is found effective in most series in which it got much better', () => {
    const found = outcomes(Math.max(20, Math.round(fewer / 2)), seed + 50_000, { ...kind, say: better });
    const all = share(found, ({ effective }) => effective);
    report.push(
      `power, ${name}: ${percent(share(found, ({ effectiveAtFirst }) => effectiveAtFirst))} at the first look, ${percent(all)} over all, of ${found.length}`,
    );
    expect(all).toBeGreaterThan(least);
  });
});

describe('the 90 % interval of a difference, where nothing changed', () => {
  test.each(cases.map((one) => [one.name, one] as const))('holds zero nearly nine times in ten or more: %s', (name, { kind, seed }) => {
    const found = outcomes(fewer, seed, kind);
    const covered = share(found, ({ looks }) => (looks[0]?.effect?.low ?? -Infinity) <= 0 && 0 <= (looks[0]?.effect?.high ?? Infinity));
    report.push(`coverage of the 90 % interval, ${name}: ${percent(covered)} of ${found.length}`);
    expect(covered).toBeGreaterThanOrEqual(0.8);
  });
});
