/** A service of the invented organisation, as directory.yaml has it. The first four are those of the shipped directory. */
export interface DemoService {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly approver?: string;
  readonly supplier?: string;
}

/** Somebody who works there. `account` is the number of their Jira account. */
export interface DemoPerson {
  readonly id: string;
  readonly name: string;
  readonly account: number;
  /** By which the simulated Jira knows who acts. */
  readonly email: string;
  readonly deputy?: string;
  /** Last day, as days after the release. */
  readonly leavesAfterDays?: number;
}

export interface DemoSupplier {
  readonly id: string;
  readonly name: string;
}

export const services = [
  { id: 'checkout', name: 'Checkout', owner: 'm.okafor' },
  { id: 'mail', name: 'E-mail', owner: 'l.weber' },
  { id: 'hr-portal', name: 'HR portal', owner: 'l.weber' },
  { id: 'warehouse', name: 'Warehouse', owner: 'm.okafor', supplier: 'northwind' },
  { id: 'payments', name: 'Payments', owner: 'm.okafor', supplier: 'fabrikam' },
  { id: 'vpn', name: 'VPN', owner: 'l.weber', approver: 's.mehta', supplier: 'contoso' },
  { id: 'telephony', name: 'Telephony', owner: 'j.novak', approver: 's.mehta', supplier: 'contoso' },
  { id: 'erp', name: 'ERP', owner: 'j.novak', approver: 's.mehta' },
  { id: 'portal', name: 'Customer portal', owner: 'm.okafor' },
  { id: 'data-warehouse', name: 'Data warehouse', owner: 'p.lindqvist' },
  { id: 'workplace', name: 'Workplace', owner: 'l.weber' },
  { id: 'identity', name: 'Identity', owner: 'p.lindqvist', approver: 's.mehta' },
  // Paper has an owner as well: procedures, templates, reviews.
  { id: 'sms', name: 'Service management system', owner: 'p.lindqvist' },
] as const satisfies readonly DemoService[];

export type ServiceId = (typeof services)[number]['id'];

export const people: readonly DemoPerson[] = [
  { id: 'm.okafor', name: 'Mary Okafor', account: 2, email: 'owner@example.com' },
  { id: 'a.rahman', name: 'Amir Rahman', account: 3, email: 'approver@example.com' },
  { id: 'l.weber', name: 'Lena Weber', account: 7, email: 'weber@example.com' },
  { id: 'j.novak', name: 'Jan Novak', account: 8, email: 'novak@example.com', deputy: 'p.lindqvist', leavesAfterDays: 175 },
  { id: 'p.lindqvist', name: 'Pia Lindqvist', account: 9, email: 'lindqvist@example.com' },
  { id: 's.mehta', name: 'Sofia Mehta', account: 10, email: 'mehta@example.com', deputy: 'e.berg', leavesAfterDays: 130 },
  { id: 'e.berg', name: 'Emil Berg', account: 11, email: 'berg@example.com' },
  { id: 't.hansen', name: 'Tom Hansen', account: 12, email: 'hansen@example.com' },
];

export const suppliers: readonly DemoSupplier[] = [
  { id: 'northwind', name: 'Northwind Logistics' },
  { id: 'contoso', name: 'Contoso Telecom' },
  { id: 'fabrikam', name: 'Fabrikam Payments' },
];

/** The sys_id of a service in the simulated ServiceNow, as directory.yaml names it. */
export function serviceKey(id: string): string {
  return key(services.findIndex((service) => service.id === id) + 1);
}

/** The sys_id of a supplier there. */
export function supplierKey(id: string): string {
  return key(suppliers.findIndex((supplier) => supplier.id === id) + 101);
}

/** The account id of a person in the simulated Jira. */
export function accountOf({ account }: DemoPerson): string {
  return `712020:00000000-0000-4000-8000-${String(account).padStart(12, '0')}`;
}

/** The e-mail of this person, or of the deputy once they have left. */
export function standInFor(id: string, day: number): string {
  return actingFor(accountId(id), day);
}

/** The e-mail of who acts for the holder of this account on that day after the release: the holder, or the deputy once the holder has left. */
export function actingFor(accountId: string | undefined, day: number): string {
  // What nobody is assigned to belongs to who keeps the register of ideas.
  const holder = people.find((person) => (accountId === undefined ? person.id === 'p.lindqvist' : accountOf(person) === accountId));
  if (holder?.leavesAfterDays !== undefined && day > holder.leavesAfterDays) return emailOf(holder.deputy ?? 'm.okafor');
  return holder?.email ?? 'owner@example.com';
}

function accountId(id: string): string | undefined {
  const person = people.find((each) => each.id === id);
  return person === undefined ? undefined : accountOf(person);
}

/** The e-mail of whoever has this directory id. */
export function emailOf(id: string): string {
  const person = people.find((each) => each.id === id);
  if (person === undefined) throw new Error(`nobody is called ${id}`);
  return person.email;
}

const key = (n: number): string => `5e51ce${String(n).padStart(26, '0')}`;
