import type { Directory } from '../organisation/directory.js';
import { nameOfService, resolveSupplier } from '../organisation/find-in-directory.js';
import type { ImprovementInput } from './input.js';

/** What records are counted apart by. */
export type ScopeKind = 'service' | 'supplier' | 'process' | 'requirement' | 'all';

/**
 * The scopes that a record belongs to, as ids: services of the directory, the supplier's id (its name as written where the directory does not know
 * it), processes, the requirement without regard to case and spacing. `all` is one scope for everything.
 */
export function scopesOf(by: ScopeKind, input: ImprovementInput, directory: Directory): readonly string[] {
  switch (by) {
    case 'service':
      return input.serviceIds;
    case 'process':
      return input.processes;
    case 'supplier':
      return input.supplier === undefined || input.supplier.trim() === '' ? [] : [supplierOf(input, input.supplier, directory)];
    case 'requirement':
      return input.requirement === undefined || input.requirement.trim() === '' ? [] : [plain(input.requirement)];
    case 'all':
      return ['all'];
  }
}

/** The case key of a scope: `scope:<case>/<scope>`. Nothing that a record is called has this form. */
export function scopeKey(caseName: string, scope: string): string {
  return `scope:${caseName}/${scope}`;
}

/** Whether an improvement answers a whole scope and not what some records share. */
export function isOfScope({ caseKeys }: { readonly caseKeys: readonly string[] }): boolean {
  return caseKeys[0]?.startsWith('scope:') === true;
}

/** A scope in words. */
export function scopeName(by: ScopeKind, scope: string, directory: Directory): string {
  if (by === 'service') return nameOfService(directory, scope);
  if (by === 'supplier') return directory.suppliers.find(({ id }) => id === scope)?.name ?? scope;
  if (by === 'process') return scope.replaceAll('-', ' ');
  return by === 'all' ? 'all services' : scope;
}

function supplierOf(input: ImprovementInput, supplier: string, directory: Directory): string {
  return resolveSupplier(directory, input.trigger.system, supplier)?.id ?? plain(supplier);
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim().toLowerCase();
}
