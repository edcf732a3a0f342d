import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openReader, recentRuns } from '../../src/store/index.js';
import type { Remotes } from './remote.js';
import { databaseOf, imageMemory, makeSite, root } from './site.js';

/** How `/readyz` answered while a daemon pulled. Times in milliseconds. */
export interface HealthProbe {
  readonly records: number;
  readonly requests: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
  /** p99 of a server that does nothing, asked at the same moments: what the machine itself adds. */
  readonly idleP99: number;
}

const everyMs = 20;
const incidents = { system: 'servicenow-prod', stream: 'incident' } as const;

/**
 * Starts the bundle's daemon on an empty database, as the image starts it, and asks `/readyz` every 20 ms from another process until all incidents are in. A request
 * does not wait for the one before it, so that a long silence counts as many late answers and not as one.
 */
export async function probeHealth(remotes: Remotes, dir: string): Promise<HealthProbe> {
  const env = makeSite(dir, { servicenow: remotes.servicenow.url, jira: remotes.jira.url });
  const daemon = spawn(process.execPath, [join(root, 'build/src/cli/bin.js'), 'start', '--config', join(dir, 'config')], {
    env: { ...process.env, ...env, ...imageMemory() },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const idle = fork(fileURLToPath(new URL('./programs/idle.js', import.meta.url)));
  try {
    const [port] = (await once(idle, 'message')) as [number];
    const url = await urlOf(daemon);
    const probe = startProbe(`${url}/readyz`);
    const beside = startProbe(`http://127.0.0.1:${port}/`);
    const { records, seconds } = await pulled(databaseOf(dir), daemon);
    const { p99: idleP99 } = await beside.end();
    return { records, seconds, ...(await probe.end()), idleP99 };
  } finally {
    idle.disconnect();
    daemon.kill('SIGTERM');
    if (daemon.exitCode === null && daemon.signalCode === null) await once(daemon, 'exit');
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The address that the daemon logs when it serves. */
async function urlOf(daemon: ChildProcess): Promise<string> {
  if (daemon.stderr === null) throw new Error('the daemon has no log');
  const lines: string[] = [];
  const log = createInterface({ input: daemon.stderr });
  for await (const line of log) {
    lines.push(line);
    const { url } = JSON.parse(line.startsWith('{') ? line : '{}') as { readonly url?: string };
    if (url === undefined) continue;
    daemon.stderr.resume();
    return url;
  }
  throw new Error(`the daemon did not start: ${lines.join('\n')}`);
}

async function pulled(database: string, daemon: ChildProcess): Promise<{ readonly records: number; readonly seconds: number }> {
  const started = performance.now();
  const reader = openReader(database);
  try {
    for (;;) {
      const [run] = await recentRuns(reader.read, { ...incidents, limit: 1 });
      if (run?.outcome === 'complete') return { records: run.received, seconds: (performance.now() - started) / 1000 };
      if ((run !== undefined && run.outcome !== 'running') || daemon.exitCode !== null)
        throw new Error(`the daemon did not pull: ${JSON.stringify(run?.failure)}`);
      await sleep(100);
    }
  } finally {
    reader.close();
  }
}

type Answers = Omit<HealthProbe, 'records' | 'seconds' | 'idleP99'>;

function startProbe(url: string): { end(): Promise<Answers> } {
  const agent = new Agent({ keepAlive: true });
  const times: number[] = [];
  const pending = new Set<Promise<void>>();
  const ask = (): void => {
    const started = performance.now();
    const answer = new Promise<void>((resolve, reject) => {
      get(url, { agent }, (response) => {
        if (response.statusCode !== 200) reject(new Error(`/readyz answered ${response.statusCode}`));
        response.resume().on('end', () => {
          times.push(performance.now() - started);
          resolve();
        });
      }).on('error', reject);
    });
    pending.add(answer);
    void answer.finally(() => pending.delete(answer));
  };
  const timer = setInterval(ask, everyMs);
  return {
    end: async () => {
      clearInterval(timer);
      await Promise.all(pending);
      agent.destroy();
      const sorted = times.toSorted((a, b) => a - b);
      const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
      return { requests: sorted.length, p50: at(0.5), p99: at(0.99), longest: at(1) };
    },
  };
}
