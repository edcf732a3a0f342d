import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { costGoals } from './cost.js';
import { type Goal, judge, toMarkdown } from './goals.js';
import type { GraphBench } from './graph.js';
import { probeHealth } from './health.js';
import type { JournalBench } from './journal.js';
import type { MappingBench } from './mapping.js';
import { measure, median } from './measure.js';
import { memoryGoals } from './memory.js';
import { describeProbe, type Pair, pullGoals, type Round, runPair, runRound } from './pulls.js';
import { startRemotes } from './remote.js';
import { scaleGoals } from './scale.js';
import { root } from './site.js';

const sizes = {
  full: { records: 50_000, rounds: 3, pairs: 12, graph: 1_000_000, few: 30_000, many: 300_000 },
  quick: { records: 10_000, rounds: 3, pairs: 0, graph: 100_000, few: 5_000, many: 20_000 },
} as const;

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, large: { type: 'boolean', default: false } },
});
const size = options.quick ? sizes.quick : sizes.full;
const folder = mkdtempSync(join(tmpdir(), 'golden-thread-bench-'));
const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function pulls(): Promise<{ readonly goals: readonly Goal[]; readonly rounds: readonly Pair[] }> {
  const remotes = await startRemotes(size.records);
  try {
    const rounds: Round[] = [];
    for (let round = 1; round <= size.rounds; round += 1) {
      say(`pull of ${size.records}: round ${round} of ${size.rounds}`);
      rounds.push(await runRound(remotes, join(folder, `round${round}`)));
    }
    const further: Pair[] = [];
    for (let pair = 1; pair <= size.pairs; pair += 1) {
      say(`pull and floor once more: ${pair} of ${size.pairs}`);
      further.push(await runPair(remotes, join(folder, `pair${pair}`), pair % 2 === 1));
    }
    return { goals: pullGoals(rounds, further, options.quick), rounds: [...rounds, ...further] };
  } finally {
    await remotes.stop();
  }
}

async function mapping(): Promise<readonly Goal[]> {
  say('mapping');
  const { ours, jsonata, ratio } = await measure<MappingBench>('mapping', []);
  const behind = `${jsonata.toFixed(0)} µs ÷ ${ours.toFixed(1)} µs a record`;
  return [{ what: "mapping 15 fields, jsonata's evaluator ÷ ours", measured: ratio, unit: '×', goal: { is: 'least', limit: 20 }, behind }];
}

async function graph(): Promise<readonly Goal[]> {
  say(`golden threads among ${size.graph} nodes`);
  const rounds: GraphBench[] = [];
  for (let round = 0; round < size.rounds; round += 1) rounds.push(await measure<GraphBench>('graph', [String(size.graph)]));
  const of = (pick: (bench: GraphBench) => number): number => median(rounds.map(pick));
  const behind = `p99 ${of(({ p99 }) => p99).toFixed(2)} ms; ${of(({ threadNodes }) => threadNodes)} nodes a thread, ${of(({ edges }) => edges).toLocaleString('en')} links`;
  const what = `a golden thread of 30 nodes among ${size.graph.toLocaleString('en')}, median`;
  return [{ what, measured: of(({ p50 }) => p50), unit: 'ms', goal: { is: 'most', limit: 1 }, behind }];
}

/** The journal of many years, verified whole. */
async function journal(): Promise<readonly Goal[]> {
  const entries = 100_000;
  say(`a journal of ${entries} entries`);
  const { verifyMs, verifyCpuMs, proveMs } = await measure<JournalBench>('journal', [String(entries)]);
  const behind = `${verifyCpuMs.toFixed(0)} ms of CPU; to prove one of them: ${proveMs.toFixed(0)} ms`;
  return [{ what: '100,000 keyed journal entries verified', measured: verifyMs, unit: 'ms', goal: { is: 'most', limit: 2000 }, behind }];
}

/** A store of many years, which takes minutes to fill. */
async function scale(): Promise<readonly Goal[]> {
  if (!options.large) return [];
  say('a store with 1,000,000 inputs');
  return await scaleGoals(1_000_000, 20_000, 5_000, folder);
}

/** No goal: what a first load of a large instance does to health. */
async function large(): Promise<readonly Goal[]> {
  if (!options.large) return [];
  const records = 500_000;
  say(`pull of ${records}`);
  const remotes = await startRemotes(records);
  try {
    const probe = await probeHealth(remotes, join(folder, 'large'));
    const what = `/readyz while ${records.toLocaleString('en')} incidents are pulled, p99`;
    return [{ what, measured: probe.p99, unit: 'ms', behind: describeProbe([probe]) }];
  } finally {
    await remotes.stop();
  }
}

try {
  const started = performance.now();
  const { goals: ofPulls, rounds } = await pulls();
  const goals = [
    ...ofPulls,
    ...(await costGoals()),
    ...(await mapping()),
    ...(await memoryGoals(size.few, size.many, folder)),
    ...(await graph()),
    ...(await journal()),
    ...(await scale()),
    ...(await large()),
  ];
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(`${toMarkdown(goals)}\n`);
  const results = goals.map((goal) => ({ ...goal, verdict: judge(goal) }));
  writeFileSync(
    join(root, 'bench-results.json'),
    `${JSON.stringify({ quick: options.quick, node: process.version, seconds, goals: results, rounds }, null, 2)}\n`,
  );
  say(`${seconds} s; all figures in bench-results.json`);
  process.exitCode = results.some(({ verdict }) => verdict === 'missed') ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
