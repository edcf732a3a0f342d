import { z } from 'zod';
import { PlanTemplate } from '../effectiveness/plan-template.js';
import { severities } from '../inputs/input.js';
import { policyId } from '../organisation/policy-id.js';

/** When records become an improvement. */
export type RaiseRule = z.infer<typeof RaiseRule>;
export const RaiseRule = z.strictObject({
  id: policyId,
  description: z.string().min(1),
  categories: z.array(z.string()).min(1),
  severityAtLeast: z.enum(severities).optional(),
  /** Without it one record alone fires the rule; with it, `count` distinct records of one case within `days`. */
  recurrence: z.strictObject({ count: z.int().min(2), days: z.int().min(1).max(365) }).optional(),
  kind: z.enum(['service', 'sms', 'supplier', 'corrective-action']).default('service'),
  plan: PlanTemplate.prefault({}),
  change: z.enum(['create', 'link', 'ask', 'none']).default('create'),
});
