import { z } from 'zod';
import { PlanTemplate } from '../effectiveness/plan-template.js';
import { severities } from '../inputs/input.js';
import { policyId } from '../organisation/policy-id.js';
import { improvementKinds } from '../organisation/roles.js';

/** Values of facts, as mappings yield them: a record is meant when each of these facts has one of its values. */
const facts = z.record(z.string(), z.array(z.union([z.string(), z.number(), z.boolean()])).min(1));
const severity = z.enum(severities);
const share = z.number().min(0).max(1);
const days = z.int().min(1).max(730);

/** What every rule says: which records it looks at, and what becomes of it when it fires. */
const common = {
  id: policyId,
  description: z.string().min(1),
  categories: z.array(z.string()).min(1),
  severityAtLeast: severity.optional(),
  facts: facts.optional(),
  kind: z.enum(improvementKinds).default('service'),
  plan: PlanTemplate.prefault({}),
  change: z.enum(['create', 'link', 'ask', 'none']).default('create'),
  /** Instead of the policy's. */
  coolDownDays: z.int().min(0).optional(),
};

/** What rules over many records say besides: what belongs together, and under which name it is one case. */
const scoped = {
  /** Rules with the same name here share one case per scope; the default is the rule's own id. */
  case: policyId.optional(),
};
const by = z.enum(['service', 'supplier', 'process', 'requirement', 'all']);
const period = z.enum(['month', 'quarter']).default('month');

/** One record alone, or several of one case within some days. */
export type RecordsRule = z.infer<typeof RecordsRule>;
export const RecordsRule = z.strictObject({
  looksAt: z.literal('records').optional(),
  ...common,
  /** Without it one record alone fires the rule; with it, `count` distinct records of one case within `days`. */
  recurrence: z.strictObject({ count: z.int().min(2), days: z.int().min(1).max(365) }).optional(),
});

/** The rate of a scope is significantly up against its own past. */
export type TrendRule = z.infer<typeof TrendRule>;
export const TrendRule = z.strictObject({
  looksAt: z.literal('trend'),
  ...common,
  ...scoped,
  by: by.default('service'),
  weeks: z.int().min(1).max(26).default(4),
  baselineWeeks: z.int().min(4).max(104).default(26),
  /** 0.5: at least half as many again a week as in the baseline. */
  risesBy: z.number().gt(0).max(20).default(0.5),
  /**
   * Chance of such a rise at one look if nothing had changed, at the most. A scope is looked at on every day with a record, so the chance over a year is
   * far larger: at 0.0005 fewer than one in twenty scopes a year is raised for nothing.
   */
  level: z.number().gt(0).max(0.2).default(0.0005),
  /** Fewer in the window never fire. */
  minimumRecords: z.int().min(2).default(10),
});

/** Service level targets of a calendar period: a number of misses, or their share of the records of other categories. */
export type ServiceLevelsRule = z.infer<typeof ServiceLevelsRule>;
export const ServiceLevelsRule = z
  .strictObject({
    looksAt: z.literal('service-levels'),
    ...common,
    ...scoped,
    by: by.default('service'),
    period,
    atMost: z.int().min(0).optional(),
    atMostShare: share.optional(),
    /** Categories whose records are the whole. */
    of: z.array(z.string()).min(1).optional(),
    /** A whole of fewer records is not judged. */
    minimumRecords: z.int().min(1).default(10),
  })
  .refine((rule) => (rule.atMost === undefined) !== (rule.atMostShare === undefined), {
    message: 'give either atMost (a number of misses) or atMostShare (their share of the records in "of")',
    path: ['atMost'],
  })
  .refine((rule) => (rule.atMostShare === undefined) === (rule.of === undefined), {
    message: 'atMostShare and of belong together: of names the categories whose records are the whole',
    path: ['of'],
  });

/** The share of such changes (by severity or facts: failed, emergency) in all changes of a calendar period (8.5.1.3). */
export type ChangesRule = z.infer<typeof ChangesRule>;
export const ChangesRule = z
  .strictObject({
    looksAt: z.literal('changes'),
    ...common,
    ...scoped,
    by: by.default('all'),
    period,
    atMostShare: share,
    minimumRecords: z.int().min(1).default(10),
  })
  .refine((rule) => rule.severityAtLeast !== undefined || rule.facts !== undefined, {
    message: 'say which changes are meant, by severityAtLeast or facts: else their share is always 100 %',
    path: ['facts'],
  });

/** Incidents that a change caused, soon after it was carried out (8.5.3). */
export type DeploymentsRule = z.infer<typeof DeploymentsRule>;
export const DeploymentsRule = z.strictObject({
  looksAt: z.literal('deployments'),
  ...common,
  /** Categories of the changes. */
  changes: z.array(z.string()).min(1).default(['change']),
  days: days.default(7),
  count: z.int().min(1).default(1),
});

/** Misses of one supplier across services: one improvement with the supplier, parent of the cases that it gathers. */
export type SupplierRule = z.infer<typeof SupplierRule>;
export const SupplierRule = z.strictObject({
  looksAt: z.literal('supplier'),
  ...common,
  ...scoped,
  kind: z.enum(improvementKinds).default('supplier'),
  count: z.int().min(1).default(3),
  days: days.default(90),
  /** Across at least so many services. */
  services: z.int().min(1).default(1),
});

/** What a closed problem was to end has come back (8.6.3). */
export type ProblemResolutionRule = z.infer<typeof ProblemResolutionRule>;
export const ProblemResolutionRule = z.strictObject({
  looksAt: z.literal('problem-resolution'),
  ...common,
  /** Categories of the problems. */
  problems: z.array(z.string()).min(1).default(['problem']),
  /** After the problem was closed. */
  days: days.default(90),
  count: z.int().min(1).default(1),
});

/** The same requirement is not met again (10.1). */
export type FindingsRule = z.infer<typeof FindingsRule>;
export const FindingsRule = z.strictObject({
  looksAt: z.literal('findings'),
  ...common,
  ...scoped,
  kind: z.enum(improvementKinds).default('corrective-action'),
  count: z.int().min(2).default(2),
  days: days.default(365),
});

/** Scores of a periodic assessment of the processes: below target, or falling. */
export type AssessmentRule = z.infer<typeof AssessmentRule>;
export const AssessmentRule = z
  .strictObject({
    looksAt: z.literal('assessment'),
    ...common,
    ...scoped,
    kind: z.enum(improvementKinds).default('sms'),
    by: by.default('process'),
    below: z.number().optional(),
    /** So many assessments in a row, each lower than the one before. */
    falling: z.int().min(1).max(12).optional(),
    asksTo: z.enum(['improve', 'simplify', 'remove']).default('improve'),
  })
  .refine((rule) => rule.below !== undefined || rule.falling !== undefined, {
    message: 'give below (a score), falling (a number of assessments), or both',
    path: ['below'],
  });

/** When records become an improvement. `looksAt` tells the kinds of rules apart; a rule without it looks at records. */
export type RaiseRule = z.infer<typeof RaiseRule>;
export const RaiseRule = z.discriminatedUnion('looksAt', [
  RecordsRule,
  TrendRule,
  ServiceLevelsRule,
  ChangesRule,
  DeploymentsRule,
  SupplierRule,
  ProblemResolutionRule,
  FindingsRule,
  AssessmentRule,
]);

/** Rules that weigh many records at once, by scope instead of by what the records share. */
export type ScopeRule = TrendRule | ServiceLevelsRule | ChangesRule | SupplierRule | FindingsRule | AssessmentRule;

/** Whether a rule weighs a whole scope; the others weigh one case. */
export function isScopeRule(rule: RaiseRule): rule is ScopeRule {
  return rule.looksAt !== undefined && !['records', 'deployments', 'problem-resolution'].includes(rule.looksAt);
}

/** Whether a rule looks at single records or their recurrence. */
export function isRecordsRule(rule: RaiseRule): rule is RecordsRule {
  return rule.looksAt === undefined || rule.looksAt === 'records';
}

/** How often and how fast records of one case must come for the rule; undefined for rules that ask something else. */
export function recurrenceOf(rule: RaiseRule): RecordsRule['recurrence'] {
  return isRecordsRule(rule) ? rule.recurrence : undefined;
}
