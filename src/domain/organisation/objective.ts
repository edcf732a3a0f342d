import { z } from 'zod';
import { ObjectiveMeasure } from '../effectiveness/plan-template.js';
import { policyId } from './policy-id.js';

/** A measurable service management objective (clause 6.2). An approval must name one. */
export type Objective = z.infer<typeof Objective>;
export const Objective = z.strictObject({
  id: policyId,
  statement: z.string().min(1),
  /** Person id of the directory. */
  owner: z.string().optional(),
  /** What is to be reached, by the last day of `by`; `unit` says of what. */
  target: z.number().optional(),
  unit: z.string().min(1).optional(),
  by: z.iso.date().optional(),
  /** How its number is counted from the records; without it, a person says whether it is reached. */
  measure: ObjectiveMeasure.optional(),
});

/** What opportunities for improvement are weighed by before they are approved (clause 10.2): asked in every ticket. */
export type EvaluationCriterion = z.infer<typeof EvaluationCriterion>;
export const EvaluationCriterion = z.strictObject({ id: policyId, statement: z.string().min(1), question: z.string().min(1) });
