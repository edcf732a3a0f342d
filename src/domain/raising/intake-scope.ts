import type { Instant } from '../../kit/index.js';
import type { Improvement } from '../improvement.js';
import { isBefore } from '../instant.js';
import type { ImprovementInput } from '../inputs/input.js';
import type { Policy } from '../organisation/policy.js';
import { coolDownEnd, joiningOf, lastSettled, openOf } from './intake.js';
import type { FiredRule } from './rules.js';

/** At most so many records stand for a scope in its improvement; how many were counted is in its text, and all of them are in the store. */
export const mostRepresentatives = 200;

/** What a finding about a scope does to the improvements of its case. */
export type ScopeIntake =
  | { readonly do: 'raise'; readonly fired: FiredRule; readonly recursAfter?: string }
  | {
      readonly do: 'join';
      readonly how: 'join-as-trigger' | 'join-silently' | 'effect-data';
      readonly improvementId: string;
      readonly inputs: readonly ImprovementInput[];
    }
  | { readonly do: 'suppressed'; readonly improvementId: string; readonly until: Instant }
  | { readonly do: 'nothing'; readonly because: string };

/**
 * The table "a new input on a case", for a rule over a scope that fired: at most one improvement of the case is open. While one is, the records that are
 * new in the finding join it, as many as it holds. `hasDoubled` is asked only within the cool-down.
 */
export async function takeInScope(
  ofCase: readonly Improvement[],
  fired: FiredRule,
  policy: Policy,
  hasDoubled: (since: Improvement) => Promise<boolean>,
): Promise<ScopeIntake> {
  const open = openOf(ofCase);
  if (open !== undefined) {
    const room = Math.max(0, mostRepresentatives - open.triggers.length - open.joined.length);
    const known = new Set([...open.triggers, ...open.joined]);
    const inputs = fired.triggers
      .filter(({ id, occurredAt }) => !known.has(id) && !isBefore(occurredAt, open.plan.baselineEnd))
      .slice(-room);
    if (inputs.length === 0 || room === 0) return { do: 'nothing', because: `${open.id} knows it already` };
    return { do: 'join', how: joiningOf(open), improvementId: open.id, inputs };
  }
  const last = lastSettled(ofCase);
  if (last === undefined) return { do: 'raise', fired };
  if (last.status === 'closed') return { do: 'raise', fired, recursAfter: last.id };
  const until = coolDownEnd(last, fired, policy);
  const newest = fired.triggers.at(-1)?.occurredAt;
  if ((newest !== undefined && !isBefore(newest, until)) || (await hasDoubled(last))) return { do: 'raise', fired };
  return { do: 'suppressed', improvementId: last.id, until };
}
