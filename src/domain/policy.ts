import { z } from 'zod';
import { severities } from './input.js';

const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower case letters, digits and hyphens');

/** A source that the organisation has approved as a trigger of improvements. */
export type InputCategory = z.infer<typeof InputCategory>;
export const InputCategory = z.strictObject({
  id,
  definition: z.string().min(1),
  /** Person id of the directory. */
  owner: z.string().optional(),
  /** Clauses of ISO/IEC 20000-1:2018 that ask for this source: `8.6.1`. */
  clauses: z.array(z.string()).default([]),
});

/** A measurable service management objective. An approval must name one. */
export type Objective = z.infer<typeof Objective>;
export const Objective = z.strictObject({ id, statement: z.string().min(1), owner: z.string().optional() });

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

/** When records become an improvement. */
export type RaiseRule = z.infer<typeof RaiseRule>;
export const RaiseRule = z.strictObject({
  id,
  description: z.string().min(1),
  categories: z.array(z.string()).min(1),
  severityAtLeast: z.enum(severities).optional(),
  /** Without it one record alone fires the rule; with it, `count` distinct records of one case within `days`. */
  recurrence: z.strictObject({ count: z.int().min(2), days: z.int().min(1).max(365) }).optional(),
  kind: z.enum(['service', 'sms', 'supplier', 'corrective-action']).default('service'),
  plan: PlanTemplate.prefault({}),
  change: z.enum(['create', 'link', 'ask', 'none']).default('create'),
});

const weight = z.number().min(0).max(10);

/** The organisation's answer to clause 10.2: what counts, who decides, how urgent it is. `config/policy.yaml`. */
export type Policy = z.infer<typeof Policy>;
export const Policy = z.strictObject({
  categories: z.array(InputCategory).min(1),
  objectives: z.array(Objective).min(1),
  rules: z.array(RaiseRule).min(1),
  priority: z
    .strictObject({
      customerImpact: weight.default(3),
      recurrence: weight.default(3),
      operationalRisk: weight.default(2),
      complianceRisk: weight.default(2),
      effort: weight.default(1),
    })
    .prefault({}),
  roles: z.strictObject({
    /** Person ids. Used where the directory names nobody for the service. */
    defaultOwner: z.string(),
    defaultApprover: z.string(),
    /** May approve anything. */
    approvers: z.array(z.string()).default([]),
    /** May accept an inconclusive or missed result with a reason. */
    acceptors: z.array(z.string()).default([]),
    /** The owner of an improvement may not approve it. */
    separateOwnerAndApprover: z.boolean().default(true),
  }),
  /** After a rejection or withdrawal: how long the same case stays quiet, unless its rate doubles. */
  coolDownDays: z.int().min(0).default(90),
  /** How many new tickets a day at the most; the rest are held and listed. */
  newTicketsPerDay: z.int().min(1).default(10),
  /** Days for a retrospective approval of an emergency change. */
  emergencyApprovalDays: z.int().min(0).default(5),
  /** Days from raising to the target date of a new improvement, by priority band. */
  targetDays: z
    .strictObject({
      p1: z.int().min(1).default(30),
      p2: z.int().min(1).default(60),
      p3: z.int().min(1).default(90),
      p4: z.int().min(1).default(180),
    })
    .prefault({}),
  /** Close an improvement with an effective result without waiting for the owner's notes. */
  closeEffectiveAutomatically: z.boolean().default(false),
  /** A move in the ticket that a guard refuses is moved back, at most once. */
  moveBack: z.boolean().default(true),
  routing: z.strictObject({
    /** System id and project for improvement tickets, and system id for change tickets, unless the directory says otherwise. */
    ticketSystem: z.string(),
    ticketProject: z.string(),
    changeSystem: z.string(),
  }),
});
