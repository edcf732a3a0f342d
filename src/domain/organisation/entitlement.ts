import type { Directory } from './directory.js';
import { isActive, personById } from './find-in-directory.js';
import type { Improvement } from '../improvement.js';
import type { Policy } from './policy.js';
import { approverOf, ownerOf, standIn } from './responsible.js';

interface Organisation {
  readonly policy: Policy;
  readonly directory: Directory;
}

/** Who may decide about an improvement on that day: its approver (or the deputy), the directory's approver, and who may approve anything. */
export function approversOf(improvement: Improvement, { policy, directory }: Organisation, onDate: string): readonly string[] {
  const named = standIn(directory, improvement.approver, onDate);
  const byDirectory = approverOf(directory, policy, improvement.serviceIds, onDate).person;
  const all = [...(named === undefined ? [] : [named]), byDirectory, ...policy.roles.approvers];
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

function active(directory: Directory, people: readonly string[], onDate: string): readonly string[] {
  return [...new Set(people)].filter((id) => {
    const person = personById(directory, id);
    return person !== undefined && isActive(person, onDate);
  });
}
