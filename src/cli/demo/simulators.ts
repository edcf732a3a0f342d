import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A simulator in a process of its own, and the way to act in it as people would. */
export interface Simulator {
  readonly url: string;
  /** One call of its control interface below `/_sim/`; fails with the simulator's own sentence. */
  control<T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T>;
  stop(): Promise<void>;
}

/** Starts the simulator that lies beside a built-in connector, with its clock standing at `now`. */
export async function startSimulator(
  connector: 'servicenow' | 'jira',
  options: { readonly seed: number; readonly now: string },
): Promise<Simulator> {
  const main = fileURLToPath(new URL(`../../../connectors/${connector}/simulator/main.js`, import.meta.url));
  const child = spawn(process.execPath, [main, '--port', '0', '--seed', String(options.seed), '--now', options.now], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
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
