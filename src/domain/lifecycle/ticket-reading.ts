import type { Actor, Instant } from '../../kit/index.js';
import type { Improvement, MeasurementPlan } from '../improvement.js';
import { PlanTemplate } from '../effectiveness/plan-template.js';

/** The parts of the plan that people may edit in the ticket: target and criterion. */
export const planFields = [
  'metric',
  'reduceBy',
  'baselineWeeks',
  'settleDays',
  'windowWeeks',
  'minimumSample',
] as const satisfies readonly (keyof PlanTemplate)[];

/**
 * The ticket as it stood right after one entry of its history. A field that the ticket does not have is absent; one that somebody emptied
 * is `null` in the plan and absent or blank elsewhere. Written by strangers: text, never instructions.
 */
export interface TicketReading {
  readonly rationale?: string;
  /** Objective id, or its statement. */
  readonly objective?: string;
  readonly plan?: { readonly [Field in keyof PlanTemplate]?: PlanTemplate[Field] | null };
  /** Scope: directory ids of the services. */
  readonly serviceIds?: readonly string[];
  /** `YYYY-MM-DD`, of a deferral. */
  readonly reviewDate?: string;
  /** Why it is held, withdrawn or accepted; the rationale counts where the ticket has no field of its own. */
  readonly reason?: string;
  readonly closureNotes?: string;
  readonly title?: string;
  /** Directory id of the assignee; absent when the directory does not know them. */
  readonly owner?: string;
  /** `YYYY-MM-DD` */
  readonly targetDate?: string;
  /** Of a corrective action. */
  readonly cause?: string;
  readonly similarElsewhere?: string;
  /** Why it may be carried out without a change ticket: writing it authorises the light path or the contract amendment. */
  readonly lightPath?: string;
  /** Who wrote that, with which entry; absent when nobody did. */
  readonly lightPathBy?: PlanEditor & { readonly historyId: string };
  /** The answer where the policy asks how it gets its change. */
  readonly change?: 'create' | 'link';
  /** The controls, documents or contracts that are to be updated. */
  readonly plannedControls?: readonly string[];
  /** Those that were. */
  readonly updatedControls?: readonly { readonly title: string; readonly url?: string }[];
  /** Who changed target, criterion or scope last, up to and including this entry; absent when they are still as we wrote them. */
  readonly lastPlanEditor?: PlanEditor;
}

export interface PlanEditor {
  readonly actor: Actor;
  readonly system: string;
  readonly at: Instant;
}

/** The plan with what the ticket says about it, and the names of the parts that are missing or out of range. */
export interface PlanAsRead {
  readonly plan: MeasurementPlan;
  readonly missing: readonly string[];
}

/** The improvement's plan as the ticket had it. A part that is empty or out of range keeps our value and is named as missing. */
export function planAsRead(improvement: Improvement, reading: TicketReading): PlanAsRead {
  const merged = { ...improvement.plan, ...definedParts(reading) };
  const checked = PlanTemplate.safeParse(Object.fromEntries(planFields.map((field) => [field, merged[field]])));
  const scope = [
    ...(improvement.plan.caseKeys.length === 0 ? ['the case that is counted'] : []),
    ...(improvement.plan.categories.length === 0 ? ['the categories that are counted'] : []),
  ];
  if (checked.success) return { plan: { ...improvement.plan, ...checked.data }, missing: scope };
  const bad = new Set(checked.error.issues.map((issue) => String(issue.path[0])));
  const good = Object.fromEntries(planFields.filter((field) => !bad.has(field)).map((field) => [field, merged[field]]));
  return { plan: { ...improvement.plan, ...good }, missing: [...bad, ...scope] };
}

/** Whether target, criterion or scope in the ticket differ from this plan and these services; an emptied part differs. */
export function planDiffers(improvement: Improvement, plan: MeasurementPlan, reading: TicketReading): boolean {
  const parts = definedParts(reading);
  const edited = planFields.some((field) => Object.hasOwn(parts, field) && parts[field] !== plan[field]);
  return edited || scopeDiffers(improvement.serviceIds, reading.serviceIds);
}

/** Whether two readings differ in target, criterion or scope: then who made the later one is the last editor. */
export function samePlan(a: TicketReading, b: TicketReading): boolean {
  const same = planFields.every((field) => (a.plan?.[field] ?? null) === (b.plan?.[field] ?? null));
  return same && !scopeDiffers(a.serviceIds ?? [], b.serviceIds ?? []);
}

function scopeDiffers(ours: readonly string[], theirs: readonly string[] | undefined): boolean {
  if (theirs === undefined) return false;
  return ours.length !== theirs.length || ours.toSorted().join('\n') !== theirs.toSorted().join('\n');
}

function definedParts(reading: TicketReading): NonNullable<TicketReading['plan']> {
  const entries = Object.entries(reading.plan ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as NonNullable<TicketReading['plan']>;
}
