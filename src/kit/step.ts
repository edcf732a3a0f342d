/**
 * Boundaries at which a process may die: before and after each HTTP request, before and after each commit.
 * They are counted, not listed, so that new code is covered by the crash tests without being told.
 */
const crashAt = Number(process.env['GOLDEN_THREAD_CRASH_AT'] ?? 0);
let count = 0;

/** Counts one boundary; the process kills itself at the one that `GOLDEN_THREAD_CRASH_AT` names. Free of cost otherwise. */
export function step(): void {
  count += 1;
  if (count === crashAt) process.kill(process.pid, 'SIGKILL');
}

/** How many boundaries this process has passed. */
export function stepsTaken(): number {
  return count;
}
