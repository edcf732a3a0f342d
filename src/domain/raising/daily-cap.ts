import type { Instant } from '../../kit/index.js';
import type { Improvement } from '../improvement.js';
import { localDate, millis } from '../instant.js';
import type { Policy } from '../organisation/policy.js';

/** Which improvements may get their ticket today, and which are held and listed. */
export interface DailyCap {
  readonly now: readonly Improvement[];
  readonly held: readonly Improvement[];
}

/**
 * A flood of new tickets is worse than a late one: at most `newTicketsPerDay` a day of the organisation, the most urgent first, then the oldest.
 * `createdAt` are the instants at which tickets were created so far; only those of today count.
 */
export function withinDailyCap(
  waiting: readonly Improvement[],
  createdAt: readonly Instant[],
  ask: { readonly policy: Pick<Policy, 'newTicketsPerDay'>; readonly timeZone: string; readonly at: Instant },
): DailyCap {
  const today = localDate(ask.at, ask.timeZone);
  const used = createdAt.filter((at) => localDate(at, ask.timeZone) === today).length;
  const left = Math.max(0, ask.policy.newTicketsPerDay - used);
  const urgency = (a: Improvement, b: Improvement): number =>
    b.priority.score - a.priority.score || millis(a.raisedAt) - millis(b.raisedAt) || (a.id < b.id ? -1 : 1);
  const ordered = waiting.toSorted(urgency);
  return { now: ordered.slice(0, left), held: ordered.slice(left) };
}
