import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { imageMemory, root } from './site.js';

/** What one program cost, start-up left out. */
export interface Measured {
  readonly records: number;
  /** CPU microseconds a record, user and system, all threads. */
  readonly cpu: number;
  readonly seconds: number;
  /** Peak resident set of the whole process, MB. */
  readonly peak: number;
}

/** Called in a measured program when its start-up is over; what it returns sends the result to the benchmark and lets the process end. */
export function startMeter(): (records: number) => void {
  const cpu = process.cpuUsage();
  const started = performance.now();
  return (records) => {
    const { user, system } = process.cpuUsage(cpu);
    const seconds = (performance.now() - started) / 1000;
    // maxRSS is in units of 1,024 bytes.
    const peak = (process.resourceUsage().maxRSS * 1024) / 1e6;
    report({ records, cpu: (user + system) / records, seconds, peak } satisfies Measured);
  };
}

/** Sends what a program found to the benchmark. */
export function report(result: unknown): void {
  process.send?.(result);
  process.disconnect?.();
}

/** Runs one of `programs/` in a process of its own, under the image's heap cap, and returns what it reports. */
export async function measure<T = Measured>(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<T> {
  const child = fork(programFile(program), [...args], {
    env: { ...process.env, ...env, ...imageMemory() },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  let result: T | undefined;
  child.on('message', (message) => (result = message as T));
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0 || result === undefined) throw new Error(`${program} ended with ${String(code)}`);
  return result;
}

/** What stands for the product is a bundle, as in the image; everything else is as it was compiled. */
function programFile(program: string): string {
  return program === 'ours'
    ? join(root, 'build-bench/test/bench/programs/ours.js')
    : fileURLToPath(new URL(`./programs/${program}.js`, import.meta.url));
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
