import { z } from 'zod';
import { InputCategory } from '../inputs/input-category.js';
import { RaiseRule } from '../raising/raise-rule.js';
import { pathSections } from '../lifecycle/path-policy.js';
import { EvaluationCriterion, Objective } from './objective.js';
import { Roles } from './roles.js';

const weight = z.number().min(0).max(10);

/** The organisation's answer to clause 10.2: what counts, who decides, how urgent it is. `config/policy.yaml`. */
export type Policy = z.infer<typeof Policy>;
export const Policy = z.strictObject({
  categories: z.array(InputCategory).min(1),
  objectives: z.array(Objective).min(1),
  criteria: z.array(EvaluationCriterion).default([]),
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
  roles: Roles,
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
  ...pathSections,
  routing: z.strictObject({
    /** System id and project for improvement tickets, and system id for change tickets, unless the directory says otherwise. */
    ticketSystem: z.string(),
    ticketProject: z.string(),
    changeSystem: z.string(),
    /** Name or id of the Jira security level under which improvements with restricted records are kept. */
    securityLevel: z.string().min(1).optional(),
  }),
});
