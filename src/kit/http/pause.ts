/** Until when one client must leave its remote alone, because an answer said so. */
export interface Pause {
  /** Leave it alone for so long from now; a pause that lasts longer already stays. */
  extend(ms: number): void;
  /** How long still, in milliseconds; 0 when requests may go out. */
  remainingMs(): number;
}

/**
 * Retry-After speaks about the account, not about one request: the other requests of the client wait too. The pause is over when it has passed in real time or
 * by the clock that the schedule goes by (`now`, milliseconds), whichever is first: what is due then must not be turned away.
 */
export function createPause(now: () => number): Pause {
  let until = 0;
  let due = 0;
  return {
    extend(ms) {
      until = Math.max(until, performance.now() + ms);
      due = Math.max(due, now() + ms);
    },
    remainingMs: () => Math.max(0, Math.min(until - performance.now(), due - now())),
  };
}

/** Whether a rate limit concerns the record that was written and nothing else (Jira: `RateLimit-Reason: jira-per-issue-on-write`). */
export function limitsOneRecord(headers: Readonly<Record<string, string>>): boolean {
  return /per-issue/i.test(headers['ratelimit-reason'] ?? headers['x-ratelimit-reason'] ?? '');
}
