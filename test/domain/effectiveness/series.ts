import {
  firedRules,
  measure,
  type FiredRule,
  type Improvement,
  type ImprovementInput,
  type MetricMeasurement,
  PlanTemplate,
  type Policy,
  plusDays,
  raise,
  spansOf,
  type StreamCoverage,
} from '../../../src/domain/index.js';
import { change, directory, evidence, input, policy, seeded } from '../world.js';

/** Every series begins here. */
export const from = '2025-01-01T00:00:00.000Z';
export const everything: readonly StreamCoverage[] = [
  { stream: 'snow/incident', complete: [{ from: '2020-01-01T00:00:00.000Z', to: '2060-01-01T00:00:00.000Z' }] },
];

/** An improvement whose change ended at `endedAt`, measured by a baseline that ends where its rule's window began. */
export function implemented(fired: FiredRule, raisedAt: string, endedAt: string): Improvement {
  const raised = raise(fired, { policy, directory, timeZone: 'UTC', at: raisedAt, number: 'IMP-0001', episode: 0 });
  const done = change({ phase: 'completed', approval: 'approved', startedAt: endedAt, endedAt });
  return { ...raised, status: 'reviewing', changes: [done], evidence: [evidence(done.ref, endedAt)] };
}

/** Draws of one seed. */
export interface Random {
  readonly uniform: () => number;
  readonly normal: () => number;
  readonly gamma: (shape: number) => number;
  readonly poisson: (mean: number) => number;
  readonly beta: (a: number, b: number) => number;
}

export function random(seed: number): Random {
  const uniform = seeded(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const gamma = (shape: number): number => {
    // Marsaglia & Tsang (2000)
    if (shape < 1) return gamma(shape + 1) * uniform() ** (1 / shape);
    const d = shape - 1 / 3;
    for (;;) {
      const x = normal();
      const v = (1 + x / Math.sqrt(9 * d)) ** 3;
      if (v > 0 && Math.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  const poisson = (mean: number): number => {
    let count = -1;
    for (let product = 1; product > Math.exp(-mean); count += 1) product *= 1 - uniform();
    return Math.max(0, count);
  };
  const beta = (a: number, b: number): number => {
    const [x, y] = [gamma(a), gamma(b)];
    return x / (x + y);
  };
  return { uniform, normal, gamma, poisson, beta };
}

/** One kind of series. */
export interface Kind {
  readonly plan: object;
  /** Records a week on average; `dispersion` times as much variance as Poisson. */
  readonly rate: number;
  readonly dispersion: number;
  /** The rule: so many of these records in 30 days. */
  readonly count: number;
  readonly severityAtLeast?: 'high';
  /** What a record says; `mood` is drawn once a week, `done` is true after the change. */
  readonly say: (random: Random, mood: number, done: boolean) => Partial<ImprovementInput>;
  readonly mood?: (random: Random) => number;
  /** Rate after the change over rate before it. */
  readonly factor?: number;
}

/** What came of one series. */
export interface Outcome {
  readonly looks: readonly MetricMeasurement[];
  readonly effective: boolean;
  readonly effectiveAtFirst: boolean;
  /** What a reader sees who compares the window with the four weeks before raising: target met? */
  readonly naive: boolean;
}

/** Weeks of history before the rules may fire. */
const historyWeeks = 30;

/**
 * One case: history, then until its raise rule fires, a change four weeks later, and up to three looks as the lifecycle would take them. Undefined when
 * the rule has not fired within 150 weeks.
 */
export function simulate(seed: number, kind: Kind): Outcome | undefined {
  const draws = random(seed);
  const { rate, dispersion, count } = kind;
  const many = (mean: number): number => draws.poisson(dispersion === 1 ? mean : draws.gamma(mean / (dispersion - 1)) * (dispersion - 1));
  let key = 0;
  const week = (index: number, mean: number, done: boolean): readonly ImprovementInput[] => {
    const mood = kind.mood?.(draws) ?? 0;
    return Array.from({ length: many(mean) }, () => plusDays(from, 7 * (index + draws.uniform())))
      .toSorted()
      .map((at) => input(`${(key += 1)}`, at, kind.say(draws, mood, done)));
  };
  const [rule] = policy.rules;
  const rules: Policy = {
    ...policy,
    rules: [
      {
        ...(rule as Policy['rules'][number]),
        recurrence: { count, days: 30 },
        ...(kind.severityAtLeast === undefined ? {} : { severityAtLeast: kind.severityAtLeast }),
        plan: PlanTemplate.parse(kind.plan),
      } as Policy['rules'][number],
    ],
  };
  const raiseFrom = plusDays(from, 7 * historyWeeks);
  const inputs: ImprovementInput[] = [];
  const counted: ImprovementInput[] = [];
  for (let index = 0; index < 150; index += 1) {
    const news = week(index, rate, false);
    inputs.push(...news);
    for (const each of news) {
      if (kind.severityAtLeast !== undefined && each.severity !== 'high') continue;
      counted.push(each);
      // The rule is asked only when it can fire.
      if (index < historyWeeks || (counted.at(-count)?.occurredAt ?? '') <= plusDays(each.occurredAt, -30)) continue;
      const near = counted.slice(-2 * count);
      const [fired] = firedRules(rules, each, near, { raiseFrom });
      if (fired === undefined) continue;
      const end = plusDays(from, 7 * (index + 4));
      for (let after = 1; after <= 32; after += 1)
        inputs.push(...week(index + after, after >= 4 ? rate * (kind.factor ?? 1) : rate, after >= 4));
      return outcome(implemented(fired, each.occurredAt, end), inputs, each.occurredAt);
    }
  }
  return undefined;
}

function outcome(improvement: Improvement, inputs: readonly ImprovementInput[], raisedAt: string): Outcome {
  const inWeeks = (start: string, weeks: number): number =>
    inputs.filter((each) => each.occurredAt >= start && each.occurredAt < plusDays(start, 7 * weeks)).length / weeks;
  const windowFrom = spansOf(improvement)?.window.from ?? '';
  const naive = inWeeks(windowFrom, 8) <= 0.7 * inWeeks(plusDays(raisedAt, -28), 4);
  const looks: MetricMeasurement[] = [];
  for (const extensions of [0, 1, 2]) {
    const found = measure({ improvement: { ...improvement, extensions }, inputs, coverage: everything, at: '2059-01-01T00:00:00.000Z' });
    if (found.is !== 'measured') throw new Error(found.because);
    looks.push(found.measurement);
    if (found.measurement.result !== 'inconclusive') break;
  }
  const last = looks.at(-1);
  return { looks, effective: last?.result === 'effective', effectiveAtFirst: looks[0]?.result === 'effective', naive };
}

const known = new Map<string, readonly Outcome[]>();

/** So many series of a kind whose rule has fired. What was simulated before is not simulated again. */
export function outcomes(cases: number, firstSeed: number, kind: Kind): readonly Outcome[] {
  const name = `${firstSeed}/${cases}`;
  const before = known.get(name);
  if (before !== undefined) return before;
  const found: Outcome[] = [];
  for (let seed = firstSeed; found.length < cases && seed < firstSeed + 20 * cases; seed += 1) {
    const one = simulate(seed, kind);
    if (one !== undefined) found.push(one);
  }
  if (found.length < cases) throw new Error(`the rule has fired in ${found.length} series only, of ${20 * cases}`);
  known.set(name, found);
  return found;
}

/** The share of the outcomes of which it is true. */
export function share(all: readonly Outcome[], is: (outcome: Outcome) => boolean): number {
  return all.filter(is).length / all.length;
}
