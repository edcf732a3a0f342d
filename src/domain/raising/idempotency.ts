import type { Hash } from '../canonical.js';
import type { Improvement } from '../improvement.js';

/** What a write into another system *is*, whatever number the improvement has today: a restored backup hands out the same numbers again. */
export interface WriteIdentity {
  /** Id of this installation. */
  readonly installation: string;
  readonly rule: string;
  /** The stable key of the case. */
  readonly caseKey: string;
  /** `refText` of the first trigger. */
  readonly firstTrigger: string;
  readonly episode: number;
  /** System and resource that is written to: `jira-prod/issue`. */
  readonly target: string;
  /** `create`, `link:<ref>`, `status:<historyId>`, … */
  readonly step: string;
}

/** 64 hex characters (SHA-256 comes in as `hash`). Equal for the same write for ever; the running number is no part of it. */
export function idempotencyKey(identity: WriteIdentity, hash: Hash): string {
  const { installation, rule, caseKey, firstTrigger, episode, target, step } = identity;
  return hash(JSON.stringify(['golden-thread', 1, installation, rule, caseKey, firstTrigger, episode, target, step]));
}

/** The identity of one write for an improvement. */
export function identityOf(
  improvement: Improvement,
  ask: { readonly installation: string; readonly target: string; readonly step: string },
): WriteIdentity {
  const { rule, firstTrigger, episode } = improvement;
  return { ...ask, rule, caseKey: improvement.caseKeys[0] ?? `record:${firstTrigger}`, firstTrigger, episode };
}
