import type { LifecycleContext } from './attempt.js';
import type { Improvement, LightPath } from '../improvement.js';
import { approversOf } from '../organisation/entitlement.js';
import type { Policy } from '../organisation/policy.js';
import { standIn } from '../organisation/responsible.js';
import { isMeant } from './path-policy.js';

/** A way to carry an improvement out without a change ticket, and who may authorise it. */
export interface PathWithoutChange {
  readonly form: LightPath['form'];
  /** Person ids, deputies of those who have left included. */
  readonly authorisers: readonly string[];
}

/**
 * The path that the policy opens for this improvement: the amendment of a contract for supplier improvements, else the light path where its kind
 * and services are listed, or where the policy wants no change for it at all. Undefined: it needs a change.
 */
export function pathWithoutChange(improvement: Improvement, context: LifecycleContext, onDate = ''): PathWithoutChange | undefined {
  const { policy, directory } = context;
  const named = (people: readonly string[]): readonly string[] =>
    people.length === 0
      ? approversOf(improvement, context, onDate)
      : [...new Set(people.flatMap((id) => standIn(directory, id, onDate) ?? []))];
  if (improvement.kind === 'supplier' && policy.contractAmendment !== undefined)
    return { form: 'contract-amendment', authorisers: named(policy.contractAmendment.authorisers) };
  const line = policy.lightPath.find((each) => isMeant(each, improvement));
  if (line === undefined && improvement.change !== 'none') return undefined;
  return { form: 'light-path', authorisers: named(line?.authorisers ?? []) };
}

/** How this improvement is to get its change: by the policy's first line that means it, else as the rule said that raised it. */
export function changeWanted(improvement: Improvement, policy: Pick<Policy, 'changes'>): Improvement['change'] {
  return policy.changes.find((line) => isMeant(line, improvement))?.change ?? improvement.change;
}
