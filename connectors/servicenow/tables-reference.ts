import { stamps } from './stamps.js';
import type { TableDefinition } from './tables.js';

const reference = (about: string, number: readonly string[] = ['name']): Omit<TableDefinition, 'name'> => ({
  about,
  own: number,
  volatile: stamps,
  number,
});

/** What tasks refer to. Every instance has these tables; they are read only where a mapping asks for them. */
export const referenceTables = {
  contract_sla: { name: 'contract_sla', ...reference('Service level targets: SLA, OLA or underpinning contract, and their vendors.') },
  cmdb_ci_service: { name: 'cmdb_ci_service', ...reference('Services (CMDB), their owners and suppliers.'), base: 'cmdb_ci' },
  service_offering: { name: 'service_offering', ...reference('Service offerings.'), base: 'cmdb_ci_service' },
  sys_user: { name: 'sys_user', ...reference('People and machine accounts.') },
  sys_user_group: { name: 'sys_user_group', ...reference('Groups.') },
  core_company: { name: 'core_company', ...reference('Companies: customers, vendors, manufacturers.') },
  sys_choice: { name: 'sys_choice', ...reference('Choices of fields, with their labels.', ['name', 'element', 'value']) },
} as const satisfies Readonly<Record<string, TableDefinition>>;
