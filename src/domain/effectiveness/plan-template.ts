import { z } from 'zod';

/** How an improvement is judged after its change: the weekly rate of its case, against its own past. */
export type PlanTemplate = z.infer<typeof PlanTemplate>;
export const PlanTemplate = z.strictObject({
  metric: z.literal('weekly-rate').default('weekly-rate'),
  /** The rate is to fall by at least this share: 0.3 is "30 % fewer a week". */
  reduceBy: z.number().gt(0).max(1).default(0.3),
  baselineWeeks: z.int().min(4).max(104).default(26),
  /** After the last actual end of the changes, before counting starts. */
  settleDays: z.int().min(0).max(180).default(7),
  windowWeeks: z.int().min(2).max(104).default(8),
  /** Fewer records than this in baseline and window together: inconclusive. */
  minimumSample: z.int().min(1).default(10),
});
