import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
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
const program = fileURLToPath(new URL('./worker.js', import.meta.url));
/** While nothing is open, the second step is beyond every index lag; while something is, a restart comes before the index has caught up. */
const atRestMs = [300_000];
const openMs = [5_000, 30_000, 300_000];
const mostRounds = 60;

/** Moves both clocks on and says what time it is now. */
export async function advance({ servicenow, jira }: Systems, ms: number): Promise<string> {
  await servicenow.advance(ms);
  return (await jira.advance(ms)).now;
}

/** Runs a worker, cycle after cycle, time passing and people acting in between, until it dies or nothing is left to do. Fails when it ends in any other way. */
export async function live(
  systems: Systems,
  options: { readonly config: string; readonly env: NodeJS.ProcessEnv; readonly crashAt?: number; readonly mutant?: string },
): Promise<Life> {
  const { crashAt = 0, mutant } = options;
  const child = fork(program, ['--config', options.config], {
    execArgv: mutant === undefined ? [] : ['--import', hooks],
    env: { ...options.env, GOLDEN_THREAD_CRASH_AT: String(crashAt), ...(mutant !== undefined && { GOLDEN_THREAD_MUTANT: mutant }) },
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const send = (order: Order): void => void child.send(order, () => undefined); // what cannot be delivered shows in how the process ended
  const answer = async (): Promise<Report | undefined> =>
    Promise.race([once(child, 'message').then(([report]) => report as Report), exit.then(() => undefined)]);

  let last: Report | undefined;
  let idleWrites: readonly string[] = [];
  for (let round = 0, still = 0; round < mostRounds; round += 1) {
    const steps = isOpen(last) ? openMs : atRestMs;
    const passed = steps[Math.min(still, steps.length - 1)] ?? 0;
    const now = await advance(systems, passed);
    await actAsPeople(systems);
    const before = await writes(systems);
    send({ now });
    const report = await answer();
    if (report === undefined) break;
    idleWrites = (await writes(systems)).slice(before.length);
    still = madeProgress(last, report) ? 0 : still + 1;
    last = report;
    if (report.idle && passed === atRestMs.at(-1)) {
      send({ end: true });
      break;
    }
  }
  const [code, signal] = await exit;
  if (signal === 'SIGKILL' && crashAt > 0) return { killed: true, last, idleWrites };
  if (code !== 0)
    throw new Error(
      `the worker ended by ${signal ?? `exit code ${code}`} instead of coming to rest:\n${stderr}${JSON.stringify(last?.failures)}`,
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
