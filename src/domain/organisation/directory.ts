import { z } from 'zod';

/** A service, and what it is called in each system. */
export type DirectoryService = z.infer<typeof DirectoryService>;
export const DirectoryService = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower case letters, digits and hyphens'),
  name: z.string().min(1),
  /** Per system id: the service's ids there (sys_id, Jira component or organisation id). */
  ids: z.record(z.string(), z.array(z.string())).default({}),
  /** Names under which records mention it. Compared without case. */
  aliases: z.array(z.string()).default([]),
  /** Person ids of this directory. */
  owner: z.string().optional(),
  approver: z.string().optional(),
  supplier: z.string().optional(),
  /** How much the business depends on it. Raises the priority of its improvements. */
  criticality: z.enum(['critical', 'high', 'normal', 'low']).optional(),
  /** What was promised to its customers by contract, each in a few words: `99.9 % a month, penalty from 99.5 %`. */
  commitments: z.array(z.string().min(1)).default([]),
  /** The Jira system and project for its improvement tickets; default: policy. */
  ticketSystem: z.string().optional(),
  ticketProject: z.string().optional(),
  /** The system in which its changes are made; default: policy. */
  changeSystem: z.string().optional(),
});

export type DirectoryPerson = z.infer<typeof DirectoryPerson>;
export const DirectoryPerson = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  /** Per system id: the account's immutable id there (Jira accountId, sys_user sys_id). */
  accounts: z.record(z.string(), z.string()).default({}),
  /** Person id. Acts for this one who is away or has left. */
  deputy: z.string().optional(),
  /** Days on which the deputy may act as well, both days included. */
  away: z.array(z.strictObject({ from: z.iso.date(), to: z.iso.date() })).default([]),
  /** Last day with the organisation, `YYYY-MM-DD`. */
  leaves: z.iso.date().optional(),
});

export type DirectorySupplier = z.infer<typeof DirectorySupplier>;
export const DirectorySupplier = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  ids: z.record(z.string(), z.array(z.string())).default({}),
  aliases: z.array(z.string()).default([]),
});

/** `config/directory.yaml`: services, people and suppliers across systems. Names differ per system; this is where they meet. */
export type Directory = z.infer<typeof Directory>;
export const Directory = z.strictObject({
  services: z.array(DirectoryService).default([]),
  people: z.array(DirectoryPerson).default([]),
  suppliers: z.array(DirectorySupplier).default([]),
});
