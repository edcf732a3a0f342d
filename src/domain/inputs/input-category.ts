import { z } from 'zod';
import { policyId } from '../organisation/policy-id.js';

/** A source that the organisation has approved as a trigger of improvements. */
export type InputCategory = z.infer<typeof InputCategory>;
export const InputCategory = z.strictObject({
  id: policyId,
  definition: z.string().min(1),
  /** Person id of the directory. */
  owner: z.string().optional(),
  /** Clauses of ISO/IEC 20000-1:2018 that ask for this source: `8.6.1`. */
  clauses: z.array(z.string()).default([]),
});
