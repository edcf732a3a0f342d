import { z } from 'zod';
import { severities } from '../inputs/input.js';

/** What a metric plan may measure. `criterion` is the sixth kind of plan: judged by a person instead of counted. */
export const metrics = ['weekly-rate', 'share', 'duration', 'breach-ratio', 'survey-mean'] as const;
export type Metric = (typeof metrics)[number];

/**
 * A condition on one record: a fact that its mapping gave (`closeCode`) with the values that fulfil it, or a least severity. A record that does not
 * have the fact at all neither fulfils nor misses the condition: it is left out.
 */
export type Condition = z.infer<typeof Condition>;
export const Condition = z
  .union([
    z.strictObject({ fact: z.string().min(1), is: z.array(z.union([z.string(), z.number(), z.boolean()])).min(1) }),
    z.strictObject({ severityAtLeast: z.enum(severities) }),
  ])
  .meta({ id: 'Condition' });

/** Which records are counted. Without `categories` those of the rule; without a scope those of the case that was raised. */
export type RecordFilter = z.infer<typeof RecordFilter>;
export const RecordFilter = z
  .strictObject({
    categories: z.array(z.string()).min(1).optional(),
    /** `case`: records with one of its keys. `services`, `processes`, `suppliers`: records that name one of the improvement's. `all`: every one. */
    scope: z.enum(['case', 'services', 'processes', 'suppliers', 'all']).optional(),
    /** All of them must be fulfilled. `{ fact: type, is: [emergency] }` counts emergency changes only. */
    where: z.array(Condition).optional(),
  })
  .meta({ id: 'RecordFilter' });

const weeks = {
  baselineWeeks: z.int().min(4).max(104).default(26),
  /** After the last actual end of the changes, before counting starts. */
  settleDays: z.int().min(0).max(180).default(7),
  windowWeeks: z.int().min(2).max(104).default(8),
  /** Fewer records than this in baseline and window together: inconclusive. */
  minimumSample: z.int().min(1).default(10),
};

const rate = { metric: z.literal('weekly-rate').optional().default('weekly-rate') };
const share = { metric: z.literal('share'), of: Condition };
const duration = {
  metric: z.literal('duration'),
  /** A fact with a number of seconds, instead of two instants. */
  fact: z.string().min(1).optional(),
  /** A fact with the instant at which it began; without it, when the record occurred. */
  from: z.string().min(1).optional(),
  /** A fact with the instant at which it ended. Default `resolvedAt`. */
  to: z.string().min(1).optional(),
  statistic: z.enum(['median', 'p90']).default('median'),
};
const breachRatio = {
  metric: z.literal('breach-ratio'),
  /** What a breach is. By default the fact `breached` is true. */
  of: Condition.optional(),
};
const surveyMean = {
  metric: z.literal('survey-mean'),
  /** The fact with the score. */
  fact: z.string().min(1).default('score'),
};

/**
 * Something that must not get worse meanwhile. It is worse when its value has moved the wrong way by more than the tolerated share of what it was
 * before.
 */
export type CounterMetric = z.infer<typeof CounterMetric>;
const counter = {
  /** For people: `reopened incidents`. */
  name: z.string().min(1),
  /** Which way is better. Default `down`; `up` for a survey. */
  direction: z.enum(['down', 'up']).optional(),
  tolerance: z.number().min(0).max(10).default(0.1),
  filter: RecordFilter.optional(),
};
export const CounterMetric = z
  .discriminatedUnion('metric', [
    z.strictObject({ ...rate, ...counter }),
    z.strictObject({ ...share, ...counter }),
    z.strictObject({ ...duration, ...counter }),
    z.strictObject({ ...breachRatio, ...counter }),
    z.strictObject({ ...surveyMean, ...counter }),
  ])
  .meta({ id: 'CounterMetric' });

const target = {
  /** Which way is better. Default `down`; `up` for a survey. */
  direction: z.enum(['down', 'up']).optional(),
  /** Direction down: it is to fall by at least this share of what it was. 0.3 is "30 % fewer". */
  reduceBy: z.number().gt(0).max(1).default(0.3),
  /** Direction up: it is to rise by at least this share of what it was. Default 0.1. */
  increaseBy: z.number().gt(0).max(10).optional(),
  /** A value to be reached, instead of a share: records a week, a share (0.05), seconds, a score. It wins over `reduceBy` and `increaseBy`. */
  target: z.number().min(0).optional(),
  filter: RecordFilter.optional(),
  counterMetrics: z.array(CounterMetric).max(5).optional(),
};

const criterion = z.strictObject({
  metric: z.literal('criterion'),
  /** What must be true afterwards, so that a person can say yes or no. */
  criterion: z.string().min(1),
  /** Directory id of the person who judges it: not the owner. Named in the ticket at the latest. */
  judge: z.string().min(1).optional(),
  /** After the last actual end of the changes, before it may be judged. */
  settleDays: z.int().min(0).max(180).default(7),
});

/**
 * How an improvement is judged after its change: a metric of its records against their own past, or an acceptance criterion that a named person
 * judges. Proposed by the rule that raises it, editable in the ticket until it is approved.
 */
export const PlanTemplate = z
  .discriminatedUnion('metric', [
    z.strictObject({ ...rate, ...target, ...weeks }),
    z.strictObject({ ...share, ...target, ...weeks }),
    z.strictObject({ ...duration, ...target, ...weeks }),
    z.strictObject({ ...breachRatio, ...target, ...weeks }),
    z.strictObject({ ...surveyMean, ...target, ...weeks }),
    criterion,
  ])
  .meta({ id: 'Plan' });

const ofObjective = {
  categories: z.array(z.string()).min(1),
  /** Directory ids: only records on one of these services. */
  services: z.array(z.string()).min(1).optional(),
  where: z.array(Condition).optional(),
  /** Up to the day that is asked about. */
  weeks: z.int().min(1).max(104).default(13),
  direction: z.enum(['down', 'up']).optional(),
  target: z.number().min(0).optional(),
  reduceBy: z.number().gt(0).max(1).optional(),
  increaseBy: z.number().gt(0).max(10).optional(),
};
/**
 * The number of an objective, from the records themselves: the same metrics, over all records of some categories. The target is a value (records a week, a share,
 * seconds, a score), or a share by which it is to fall or rise against the same weeks a year before.
 */
export type ObjectiveMeasure = z.infer<typeof ObjectiveMeasure>;
export const ObjectiveMeasure = z
  .discriminatedUnion('metric', [
    z.strictObject({ ...rate, ...ofObjective }),
    z.strictObject({ ...share, ...ofObjective }),
    z.strictObject({ ...duration, ...ofObjective }),
    z.strictObject({ ...breachRatio, ...ofObjective }),
    z.strictObject({ ...surveyMean, ...ofObjective }),
  ])
  .refine(({ target: value, reduceBy, increaseBy }) => [value, reduceBy, increaseBy].filter((each) => each !== undefined).length === 1, {
    message: 'give one of target (a value), reduceBy and increaseBy (a share of the same weeks a year before)',
    path: ['target'],
  })
  .meta({ id: 'ObjectiveMeasure' });

type Parsed = z.infer<typeof PlanTemplate>;
/** A plan of which records are counted. */
export type MetricTemplate = Exclude<Parsed, { readonly metric: 'criterion' }>;
/** A plan that a person judges. It has none of the numbers of a metric. */
export type CriterionTemplate = z.infer<typeof criterion> & { readonly [Part in NumberPart]?: never };
type NumberPart =
  'direction' | 'reduceBy' | 'increaseBy' | 'target' | 'baselineWeeks' | 'windowWeeks' | 'minimumSample' | 'filter' | 'counterMetrics';
export type PlanTemplate = MetricTemplate | CriterionTemplate;
