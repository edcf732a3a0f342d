import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Failure } from '../../kit/index.js';
import { simulatorProgram } from '../places.js';

/** A simulator in a process of its own, and the way to act in it as people would. */
export interface Simulator {
  readonly url: string;
  /** One call of its control interface below `/_sim/`; fails with the simulator's own sentence. */
  control<T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T>;
  stop(): Promise<void>;
}

export interface SimulatorOptions {
  readonly seed: number;
  /** Where its clock stands; without it the clock runs with the real time. */
  readonly now?: string;
  /** 0, the default: any free one. */
  readonly port?: number;
  /** Of Jira. */
  readonly deployment?: string;
}

/** Starts the simulator that lies beside a built-in connector. */
export async function startSimulator(connector: 'servicenow' | 'jira', options: SimulatorOptions): Promise<Simulator> {
  const { seed, now, port = 0, deployment } = options;
  const args = [
    '--port',
    String(port),
    '--seed',
    String(seed),
    ...(now ? ['--now', now] : []),
    ...(deployment ? ['--deployment', deployment] : []),
  ];
  const child = spawn(process.execPath, [simulatorProgram(connector), ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([once(lines, 'line'), once(lines, 'close').then(() => [''])])) as [string];
  if (line === '') throw new Failure('config', `the ${connector} simulator did not start`, { hint: `is port ${port} taken?` });
  child.stderr.pipe(process.stderr);
  const { url } = JSON.parse(line) as { url: string };
  return {
    url,
    control: async <T>(method: string, path: string, body?: unknown): Promise<T> => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const response = await fetch(`${url}/_sim/${path}`, {
        method,
        ...(text !== undefined && { body: text, headers: { 'content-type': 'application/json' } }),
      });
      const answer = (await response.json()) as T & { error?: string };
      if (!response.ok) throw new Error(`${connector} simulator: ${answer.error ?? response.status}`);
      return answer;
    },
    stop: async () => {
      if (child.exitCode !== null) return;
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}
