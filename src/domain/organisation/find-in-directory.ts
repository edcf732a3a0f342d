import type { Directory, DirectoryPerson, DirectoryService, DirectorySupplier } from './directory.js';

/** The service that a record of `system` means: by its id there, by the directory's own id, or by name or alias (compared without case). */
export function resolveService(directory: Directory, system: string, idOrName: string): DirectoryService | undefined {
  return (
    directory.services.find((service) => service.ids[system]?.includes(idOrName)) ??
    directory.services.find((service) => service.id === idOrName) ??
    directory.services.find((service) => isNamed(service, idOrName))
  );
}

/** Directory ids of the services that a record mentions, each once; what the directory does not know is left out. */
export function resolveServices(directory: Directory, system: string, idsOrNames: readonly string[]): readonly string[] {
  const found = idsOrNames.flatMap((idOrName) => resolveService(directory, system, idOrName)?.id ?? []);
  return [...new Set(found)];
}

export function resolveSupplier(directory: Directory, system: string, idOrName: string): DirectorySupplier | undefined {
  return (
    directory.suppliers.find((supplier) => supplier.ids[system]?.includes(idOrName)) ??
    directory.suppliers.find((supplier) => supplier.id === idOrName || isNamed(supplier, idOrName))
  );
}

/** Whose account this is in that system; undefined for an account that the directory does not know: such an account decides nothing. */
export function personOf(directory: Directory, system: string, account: string): DirectoryPerson | undefined {
  return directory.people.find((person) => person.accounts[system] === account);
}

/** The person with this directory id. */
export function personById(directory: Directory, id: string): DirectoryPerson | undefined {
  return directory.people.find((person) => person.id === id);
}

/** Whom people mean by a name, an id or an account, as tables of people spell it; compared without case. */
export function personNamed(directory: Directory, written: string): DirectoryPerson | undefined {
  const wanted = written.trim().toLowerCase();
  const spellings = (person: DirectoryPerson): readonly string[] => [person.id, person.name, ...Object.values(person.accounts)];
  return directory.people.find((person) => spellings(person).some((spelling) => spelling.trim().toLowerCase() === wanted));
}

/** A person's name for people, or the id where the directory has nobody under it. */
export function nameOf(directory: Directory, id: string): string {
  return personById(directory, id)?.name ?? id;
}

/** The person's account in a system, for assigning a ticket to them. */
export function accountOf(directory: Directory, system: string, personId: string): string | undefined {
  return personById(directory, personId)?.accounts[system];
}

/** Whether a person is still with the organisation on that day (`YYYY-MM-DD`, the last day included). */
export function isActive(person: DirectoryPerson, onDate: string): boolean {
  return person.leaves === undefined || onDate <= person.leaves;
}

function isNamed(candidate: { readonly name: string; readonly aliases: readonly string[] }, name: string): boolean {
  const wanted = name.trim().toLowerCase();
  return [candidate.name, ...candidate.aliases].some((alias) => alias.trim().toLowerCase() === wanted);
}

/** A service's name for people, or the id where the directory has none under it. */
export function nameOfService(directory: Directory, id: string): string {
  return directory.services.find((service) => service.id === id)?.name ?? id;
}
