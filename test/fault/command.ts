import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { watched } from './alive.js';

const bin = fileURLToPath(new URL('../../src/cli/bin.js', import.meta.url));

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line under way. */
export interface Command {
  readonly ended: Promise<Ended>;
  signal(signal: NodeJS.Signals): void;
  /** Resolves when it has said so on stderr; fails when it ends without. */
  says(words: string): Promise<void>;
}

/** Runs one command line of the product as its users do. */
export function golden(args: readonly string[], env: NodeJS.ProcessEnv): Command {
  const child = watched(spawn(process.execPath, [bin, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] }));
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = (once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>).then(([code, signal]) => ({
    code,
    signal,
    stdout,
    stderr,
  }));
  return {
    ended,
    signal: (signal) => void child.kill(signal),
    says: async (words) => {
      while (!stderr.includes(words)) {
        const more = await Promise.race([once(child.stderr, 'data'), ended]);
        if ('code' in more && !stderr.includes(words)) throw new Error(`it never said "${words}":\n${stderr}`);
      }
    },
  };
}
