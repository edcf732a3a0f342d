import type { Directory } from './directory.js';
import { isActive, personById } from './find-in-directory.js';
import type { Improvement } from '../improvement.js';
import type { Policy } from './policy.js';
import { approverOf, deputyOf, ownerOf, standIn } from './responsible.js';
import type { ApprovalRight } from './roles.js';

interface Organisation {
  readonly policy: Policy;
  readonly directory: Directory;
}

/**
 * Who may decide about an improvement on that day: its approver, the directory's approver, who may approve anything, and who may approve what is of this
 * kind, these services and this priority band. For who is away or has left, the deputy may as well.
 */
export function approversOf(improvement: Improvement, { policy, directory }: Organisation, onDate: string): readonly string[] {
  const named = standIn(directory, improvement.approver, onDate);
  const byDirectory = approverOf(directory, policy, improvement.serviceIds, onDate).person;
  const ofPart = policy.roles.mayApprove.filter((right) => isCovered(right, improvement)).map(({ person }) => person);
  const all = [...(named === undefined ? [] : [named]), improvement.approver, byDirectory, ...policy.roles.approvers, ...ofPart];
  return active(directory, all, onDate);
}

/** Who may act as the owner: the owner named in the register, or the deputy. */
export function ownersOf(improvement: Improvement, { policy, directory }: Organisation, onDate: string): readonly string[] {
  const named = standIn(directory, improvement.owner, onDate);
  return active(directory, [named ?? ownerOf(directory, policy, improvement.serviceIds, onDate).person], onDate);
}

/** Who may accept a result that is missed or inconclusive, with a reason. */
export function acceptorsOf({ policy, directory }: Organisation, onDate: string): readonly string[] {
  return active(directory, policy.roles.acceptors, onDate);
}

/** Owner by the register or by the directory: handing the ticket to somebody for a minute does not make the owner independent. */
export function isOwner(person: string, improvement: Improvement, { policy, directory }: Organisation, onDate: string): boolean {
  const byDirectory = ownerOf(directory, policy, improvement.serviceIds, onDate);
  return person === improvement.owner || (byDirectory.gap === undefined && person === byDirectory.person);
}

/** Whether an improvement is within what somebody may approve: in every list that is not empty, with all of its services. */
function isCovered({ kinds, services, bands }: ApprovalRight, { kind, serviceIds, priority }: Improvement): boolean {
  return (
    (kinds.length === 0 || kinds.includes(kind)) &&
    (bands.length === 0 || bands.includes(priority.band)) &&
    (services.length === 0 || (serviceIds.length > 0 && serviceIds.every((id) => services.includes(id))))
  );
}

/** These people as far as they are here, and the deputies of those who are away or have left. */
function active(directory: Directory, people: readonly string[], onDate: string): readonly string[] {
  const all = people.flatMap((id) => [id, ...deputyOf(directory, id, onDate)]);
  return [...new Set(all)].filter((id) => {
    const person = personById(directory, id);
    return person !== undefined && isActive(person, onDate);
  });
}
