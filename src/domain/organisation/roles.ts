import { z } from 'zod';
import { policyId } from './policy-id.js';

export const improvementKinds = ['service', 'sms', 'supplier', 'corrective-action'] as const;
export const priorityBands = ['p1', 'p2', 'p3', 'p4'] as const;

/** What one person may approve: everything that fits all the lists which are not empty. */
export type ApprovalRight = z.infer<typeof ApprovalRight>;
export const ApprovalRight = z.strictObject({
  /** Person id of the directory. */
  person: z.string(),
  kinds: z.array(z.enum(improvementKinds)).default([]),
  /** Directory ids. */
  services: z.array(policyId).default([]),
  bands: z.array(z.enum(priorityBands)).default([]),
});

/** Who decides. Deputies are named in the directory: they act for who is away or has left. */
export type Roles = z.infer<typeof Roles>;
export const Roles = z.strictObject({
  /** Person ids. Used where the directory names nobody for the service. */
  defaultOwner: z.string(),
  defaultApprover: z.string(),
  /** May approve anything. */
  approvers: z.array(z.string()).default([]),
  /** May approve a part of it. */
  mayApprove: z.array(ApprovalRight).default([]),
  /** May accept an inconclusive or missed result with a reason. */
  acceptors: z.array(z.string()).default([]),
  /** The owner of an improvement may not approve it. */
  separateOwnerAndApprover: z.boolean().default(true),
  /** Who last edited target, criterion or scope may not approve it. */
  separateEditorAndApprover: z.boolean().default(true),
  /** Who proposed it may not approve it. */
  separateProposerAndApprover: z.boolean().default(true),
});
