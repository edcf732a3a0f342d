import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { watched } from './alive.js';
import { actAsPeople } from './organisation.js';
import type { Systems } from './simulators.js';
import type { Order, Report } from './worker.js';

/** How a worker's life ended. */
export interface Life {
  /** By its own hand, at the boundary that it was told. */
  readonly killed: boolean;
  /** The last cycle's report; undefined when it died before. */
  readonly last: Report | undefined;
  /** Requests in the last cycle that were meant to change something. */
  readonly idleWrites: readonly string[];
}

const hooks = new URL('./mutants/hooks.js', import.meta.url).href;
const compiled = fileURLToPath(new URL('./worker.js', import.meta.url));
/** While nothing is open, the second step is beyond every index lag; while something is, a restart comes before the index has caught up. */
const atRestMs = [300_000];
const openMs = [5_000, 30_000, 300_000];
const mostRounds = 60;

/** Moves both clocks on and says what time it is now. */
export async function advance({ servicenow, jira }: Systems, ms: number): Promise<string> {
  await servicenow.advance(ms);
  return (await jira.advance(ms)).now;
}

/** How to start a worker. */
export interface WorkerOptions {
  readonly config: string;
  readonly env: NodeJS.ProcessEnv;
  /** It kills itself at this boundary; 0 or nothing = never. */
  readonly crashAt?: number;
  /** A broken variant. */
  readonly mutant?: string;
  /** The worker's file; the compiled one without. Broken variants need that one: their hooks swap single modules. */
  readonly program?: string;
  /** A program, with its arguments, that runs it and watches. */
  readonly under?: readonly string[];
}

/** A worker that waits for orders. */
export interface Worker {
  readonly pid: number;
  /** Has it do one cycle at a time of the parent's choice. Undefined when it died instead. */
  cycle(now: string): Promise<Report | undefined>;
  /** Tells it to end. */
  end(): void;
  kill(): void;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly stderr: string }>;
}

/** Starts a worker; it opens its world when it gets its first order. */
export function startWorker({ config, env, crashAt = 0, mutant, program = compiled, under = [] }: WorkerOptions): Worker {
  const hooked = mutant === undefined ? [] : ['--import', hooks];
  const [command = '', ...args]: readonly string[] = [...under, process.execPath, ...hooked, program, '--config', config];
  const child = watched(
    spawn(command, args, {
      env: { ...env, GOLDEN_THREAD_CRASH_AT: String(crashAt), ...(mutant !== undefined && { GOLDEN_THREAD_MUTANT: mutant }) },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    }),
  );
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const send = (order: Order): void => void child.send(order, () => undefined); // what cannot be delivered shows in how the process ended
  return {
    pid: child.pid ?? 0,
    cycle: (now) => {
      send({ now });
      return Promise.race([once(child, 'message').then(([report]) => report as Report), exit.then(() => undefined)]);
    },
    end: () => send({ end: true }),
    kill: () => void child.kill('SIGKILL'),
    ended: exit.then(([code, signal]) => ({ code, signal, stderr })),
  };
}

/** Runs a worker, cycle after cycle, time passing and people acting in between, until it dies or nothing is left to do. Fails when it ends in any other way. */
export async function live(systems: Systems, options: WorkerOptions): Promise<Life> {
  const worker = startWorker(options);
  let last: Report | undefined;
  let idleWrites: readonly string[] = [];
  for (let round = 0, still = 0; round < mostRounds; round += 1) {
    const steps = isOpen(last) ? openMs : atRestMs;
    const passed = steps[Math.min(still, steps.length - 1)] ?? 0;
    const now = await advance(systems, passed);
    await actAsPeople(systems);
    const before = await writes(systems);
    const report = await worker.cycle(now);
    if (report === undefined) break;
    idleWrites = (await writes(systems)).slice(before.length);
    still = madeProgress(last, report) ? 0 : still + 1;
    last = report;
    if (report.idle && passed === atRestMs.at(-1)) break;
  }
  worker.end();
  const { code, signal, stderr } = await worker.ended;
  if (signal === 'SIGKILL' && (options.crashAt ?? 0) > 0) return { killed: true, last, idleWrites };
  if (code !== 0 || last?.idle !== true)
    throw new Error(
      `the worker ended by ${signal ?? `exit code ${code}`} instead of coming to rest: ${JSON.stringify(last?.outbox)} ${JSON.stringify(last?.failures)}\n${stderr}`,
    );
  return { killed: false, last, idleWrites };
}

function isOpen(report: Report | undefined): boolean {
  return report === undefined || (report.outbox.pending ?? 0) + (report.outbox.sending ?? 0) + (report.outbox['in-doubt'] ?? 0) > 0;
}

function madeProgress(before: Report | undefined, { idle, outbox }: Report): boolean {
  return !idle && JSON.stringify(before?.outbox) !== JSON.stringify(outbox);
}

/** Every request so far that was meant to change something, in both systems. */
export async function writes({ servicenow, jira }: Systems): Promise<readonly string[]> {
  const entries = [...(await servicenow.journal()), ...(await jira.journal())];
  return entries
    .filter(({ method, path }) => method !== 'GET' && !/\/search\/|\/jql\/|bulkfetch|oauth_token/.test(path))
    .map(({ method, path }) => `${method} ${path}`);
}
