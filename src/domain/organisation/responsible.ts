import type { Directory, DirectoryPerson } from './directory.js';
import { isActive, nameOf, personById } from './find-in-directory.js';
import type { Policy } from './policy.js';

/** Who answers for something, and what was wrong with the directory's answer, if anything. */
export interface Responsible {
  readonly person: string;
  /** Set when the default person had to stand in: a gap until the directory is mended. */
  readonly gap?: { readonly code: `${Role}-${'inactive' | 'unmatched'}`; readonly sentence: string };
}

/** The owner of the first of these services that has one; a deputy for who has left; the default owner, plus a gap, when nobody is found. */
export function ownerOf(directory: Directory, policy: Policy, serviceIds: readonly string[], onDate: string): Responsible {
  return responsible(directory, 'owner', policy.roles.defaultOwner, serviceIds, onDate);
}

/** As {@link ownerOf}, for who decides. */
export function approverOf(directory: Directory, policy: Policy, serviceIds: readonly string[], onDate: string): Responsible {
  return responsible(directory, 'approver', policy.roles.defaultApprover, serviceIds, onDate);
}

/** The person, or the first deputy along the chain who is still here on that day; undefined when there is none. Safe against circles. */
export function standIn(directory: Directory, personId: string, onDate: string): string | undefined {
  const tried = new Set<string>();
  let id: string | undefined = personId;
  while (id !== undefined && !tried.has(id)) {
    tried.add(id);
    const person = personById(directory, id);
    if (person === undefined) return undefined;
    if (isActive(person, onDate)) return id;
    id = person.deputy;
  }
  return undefined;
}

/** Who may act for a person who is away on that day or has left: the first deputy along the chain who is here. Nobody for who is here. */
export function deputyOf(directory: Directory, personId: string, onDate: string): readonly string[] {
  const tried = new Set<string>([personId]);
  const isHere = (person: DirectoryPerson): boolean =>
    isActive(person, onDate) && !person.away.some(({ from, to }) => from <= onDate && onDate <= to);
  let person = personById(directory, personId);
  if (person === undefined || isHere(person)) return [];
  while (person?.deputy !== undefined && !tried.has(person.deputy)) {
    tried.add(person.deputy);
    person = personById(directory, person.deputy);
    if (person !== undefined && isHere(person)) return [person.id];
  }
  return [];
}

type Role = 'owner' | 'approver';

function responsible(directory: Directory, role: Role, fallback: string, serviceIds: readonly string[], onDate: string): Responsible {
  const services = serviceIds.flatMap((id) => directory.services.find((service) => service.id === id) ?? []);
  const named = services.find((service) => service[role] !== undefined);
  const person = named?.[role];
  const here = person === undefined ? undefined : standIn(directory, person, onDate);
  if (here !== undefined) return { person: here };
  const standing = standIn(directory, fallback, onDate) ?? fallback;
  return { person: standing, gap: gapOf(directory, role, serviceIds, person, named?.name, standing) };
}

function gapOf(
  directory: Directory,
  role: Role,
  serviceIds: readonly string[],
  person: string | undefined,
  service: string | undefined,
  standing: string,
): NonNullable<Responsible['gap']> {
  const instead = `${nameOf(directory, standing)} stands in as the default ${role}.`;
  if (person !== undefined)
    return {
      code: `${role}-inactive`,
      sentence: `The ${role} of ${service}, ${nameOf(directory, person)}, is not active and has no deputy; ${instead}`,
    };
  if (serviceIds.length === 0)
    return { code: `${role}-unmatched`, sentence: `No service of the directory matches, so nobody is named; ${instead}` };
  return { code: `${role}-unmatched`, sentence: `The directory names no ${role} for ${serviceIds.join(', ')}; ${instead}` };
}
