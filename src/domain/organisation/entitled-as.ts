import type { Directory } from './directory.js';
import { approversOf } from './entitlement.js';
import { nameOf } from './find-in-directory.js';
import type { Improvement } from '../improvement.js';
import type { Policy } from './policy.js';

/** As what a person was entitled to decide about an improvement on that day, in words for an auditor; undefined when they were not. */
export function entitledAs(
  improvement: Improvement,
  person: string,
  organisation: { readonly policy: Policy; readonly directory: Directory },
  onDate: string,
): string | undefined {
  if (!approversOf(improvement, organisation, onDate).includes(person)) return undefined;
  if (person === improvement.approver) return 'its approver';
  if (organisation.policy.roles.approvers.includes(person)) return 'may approve anything, by policy';
  return `stands in for ${nameOf(organisation.directory, improvement.approver)}, by the directory`;
}
