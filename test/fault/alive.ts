import type { ChildProcess } from 'node:child_process';

const alive = new Set<ChildProcess>();

/** Remembers a process until it ends. */
export function watched<T extends ChildProcess>(child: T): T {
  alive.add(child);
  child.once('exit', () => alive.delete(child));
  return child;
}

/** Kills what this test file started and what still lives: where an expectation failed in between, nobody else does, and it would hold our output open. */
export function killAlive(): void {
  for (const child of alive) child.kill('SIGKILL');
}
