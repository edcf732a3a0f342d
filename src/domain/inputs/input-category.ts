import { z } from 'zod';
import { policyId } from '../organisation/policy-id.js';
import { severities } from './input.js';

/** A source that the organisation has approved as a trigger of improvements: one entry of the inputs register. */
export type InputCategory = z.infer<typeof InputCategory>;
export const InputCategory = z.strictObject({
  id: policyId,
  definition: z.string().min(1),
  /** Person id of the directory. */
  owner: z.string().optional(),
  /** Streams that feed it: `servicenow-prod/incident`, or `incident` of whichever system. For people, and for noticing a source that is not read. */
  sources: z.array(z.string().regex(/^[a-z0-9._-]+(\/[a-z0-9._-]+)?$/i, 'a stream as system/stream, or the name of a stream')).default([]),
  /** How many days it may bring nothing before it is overdue. Without it, it is never overdue. */
  cadenceDays: z.int().min(1).max(1100).optional(),
  /** Clauses of ISO/IEC 20000-1:2018 that ask for this source: `8.6.1`. */
  clauses: z.array(z.string()).default([]),
  /**
   * Of which of its records a clause asks, where not of all: clause 8.6.1 asks for major incidents, not for every incident. Several entries of one clause are
   * alternatives; a clause without an entry asks for all.
   */
  onlyFor: z
    .array(
      z
        .strictObject({
          clause: z.string(),
          severityAtLeast: z.enum(severities).optional(),
          facts: z.record(z.string(), z.array(z.union([z.string(), z.number(), z.boolean()])).min(1)).optional(),
        })
        .refine(({ severityAtLeast, facts }) => severityAtLeast !== undefined || facts !== undefined, {
          message: 'say which records are meant, by severityAtLeast or facts',
          path: ['facts'],
        }),
    )
    .optional(),
});

/** A part of a category that a clause asks for. */
export type CategoryPart = NonNullable<InputCategory['onlyFor']>[number];

/** The category whose records the product makes itself: an approved input that has brought nothing within its cadence. */
export const overdueCategory = 'input-overdue';
