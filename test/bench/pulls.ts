import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Goal } from './goals.js';
import { type HealthProbe, probeHealth } from './health.js';
import { type Measured, measure, median } from './measure.js';
import { columnsAsked, type Remotes } from './remote.js';
import { makeSite } from './site.js';

/** One round: every program once, one right after the other, so that what else the machine does hits all of them alike. */
export interface Round {
  readonly first: Measured;
  readonly again: Measured;
  readonly floor: Measured;
  readonly naive: Measured;
  readonly health: HealthProbe;
}

/** Records that the naive program reads: it would need minutes for all. */
const naiveRecords = 2000;

/** A pull and the floor, one right behind the other. On a machine with neighbours the two differ by a fifth from one minute to the next, so that it takes many pairs. */
export type Pair = Pick<Round, 'first' | 'floor'>;

/** One pair, whose order is the caller's to turn round. */
export async function runPair(remotes: Remotes, folder: string, floorFirst: boolean): Promise<Pair> {
  const site = join(folder, 'pull');
  const env = makeSite(site, { servicenow: remotes.servicenow.url, jira: remotes.jira.url });
  const columns = await columnsAsked(remotes.servicenow);
  const runFloor = (): Promise<Measured> => measure('floor', [remotes.servicenow.url, columns, join(folder, 'floor.db')]);
  const runPull = (): Promise<Measured> => measure('ours', [site, 'first'], env);
  try {
    if (floorFirst) {
      const floor = await runFloor();
      return { first: await runPull(), floor };
    }
    return { first: await runPull(), floor: await runFloor() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function runRound(remotes: Remotes, folder: string): Promise<Round> {
  const site = join(folder, 'pull');
  const env = makeSite(site, { servicenow: remotes.servicenow.url, jira: remotes.jira.url });
  try {
    const first = await measure('ours', [site, 'first'], env);
    const again = await measure('ours', [site, 'again'], env);
    const columns = await columnsAsked(remotes.servicenow);
    const floor = await measure('floor', [remotes.servicenow.url, columns, join(folder, 'floor.db')]);
    const naive = await measure('naive', [remotes.servicenow.url, columns, join(folder, 'naive.db'), String(naiveRecords)]);
    const health = await probeHealth(remotes, join(folder, 'daemon'));
    return { first, again, floor, naive, health };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * What the rounds say: ratios are taken within each round, then the median of them; only the first is that of the CPU of all pairs together, because the two sides of
 * a pair vary by themselves. `quick`: a tenth of the records.
 */
export function pullGoals(rounds: readonly Round[], further: readonly Pair[], quick: boolean): readonly Goal[] {
  const pairs: readonly Pair[] = [...rounds, ...further];
  const ratios = pairs.map(({ first, floor }) => first.cpu / floor.cpu).toSorted((a, b) => a - b);
  const [least = 0, most = 0] = [ratios[0], ratios.at(-1)];
  const inPairs = (pick: (pair: Pair) => number): number => median(pairs.map(pick));
  const of = (pick: (round: Round) => number): number => median(rounds.map(pick));
  const records = rounds[0]?.first.records ?? 0;
  const many = records.toLocaleString('en');
  const micro = (name: keyof Omit<Round, 'health'>): string => `${of((round) => round[name].cpu).toFixed(0)} µs`;
  return [
    {
      what: `CPU a record, ${many} incidents: pull ÷ floor`,
      measured: total(pairs.map(({ first }) => first.cpu)) / total(pairs.map(({ floor }) => floor.cpu)),
      unit: '×',
      // With few records the just-in-time compiler's own work weighs more than theirs.
      goal: { is: 'most', limit: quick ? 6 : 4 },
      behind: `${inPairs(({ first }) => first.cpu).toFixed(0)} ÷ ${inPairs(({ floor }) => floor.cpu).toFixed(0)} µs in the median of ${ratios.length} pairs, single ones ${least.toFixed(2)} to ${most.toFixed(2)}; ${inPairs(({ first }) => first.seconds).toFixed(1)} s wall`,
    },
    {
      what: `CPU a record, read again unchanged ÷ first time`,
      measured: of(({ first, again }) => again.cpu / first.cpu),
      unit: '×',
      goal: { is: 'most', limit: 0.65 },
      behind: `${micro('again')} ÷ ${micro('first')}`,
    },
    {
      what: `CPU a record, naive program ÷ pull`,
      measured: of(({ first, naive }) => naive.cpu / first.cpu),
      unit: '×',
      behind: `${micro('naive')} ÷ ${micro('first')}; ${naiveRecords.toLocaleString('en')} records: offset pages of 100, jsonata's evaluator, a transaction a record`,
    },
    {
      what: `/readyz while ${many} incidents are pulled, p99`,
      measured: of(({ health }) => health.p99),
      unit: 'ms',
      goal: { is: 'most', limit: 50 },
      behind: describeProbe(rounds.map(({ health }) => health)),
    },
  ];
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

export function describeProbe(probes: readonly HealthProbe[]): string {
  const of = (pick: (probe: HealthProbe) => number): number => median(probes.map(pick));
  return `an idle server beside it ${of(({ idleP99 }) => idleP99).toFixed(0)} ms; p50 ${of(({ p50 }) => p50).toFixed(1)} ms, longest ${of(({ longest }) => longest).toFixed(0)} ms, ${of(({ requests }) => requests)} requests in ${of(({ seconds }) => seconds).toFixed(1)} s`;
}
