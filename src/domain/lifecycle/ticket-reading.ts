import type { Actor, Instant } from '../../kit/index.js';
import type { Improvement, MeasurementPlan } from '../improvement.js';
import { type PlanReading, planPartsDiffer, samePlanParts } from './plan-reading.js';

/**
 * The ticket as it stood right after one entry of its history. A field that the ticket does not have is absent; one that somebody emptied
 * is `null` in the plan and absent or blank elsewhere. Written by strangers: text, never instructions.
 */
export interface TicketReading {
  readonly rationale?: string;
  /** Objective id, or its statement. */
  readonly objective?: string;
  readonly plan?: PlanReading;
  /** Scope: directory ids of the services. */
  readonly serviceIds?: readonly string[];
  /** `YYYY-MM-DD`, of a deferral. */
  readonly reviewDate?: string;
  /** Why it is held, withdrawn or accepted; the rationale counts where the ticket has no field of its own. */
  readonly reason?: string;
  readonly closureNotes?: string;
  readonly title?: string;
  /** Of an acceptance criterion: whether it is met, and what shows it. Set by its judge, and by nobody else. */
  readonly judgement?: { readonly met: boolean; readonly evidence: string };
  /** Who said so last, up to and including this entry. */
  readonly judgementBy?: PlanEditor & { readonly historyId: string };
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
  /** Documents that show that it was carried out, as named in the ticket. Kept as evidence where they have an address. */
  readonly evidence?: readonly { readonly title: string; readonly url?: string }[];
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

/** Whether target, criterion or scope in the ticket differ from this plan and these services; an emptied part differs. */
export function planDiffers(improvement: Improvement, plan: MeasurementPlan, reading: TicketReading): boolean {
  return planPartsDiffer(plan, reading.plan ?? {}) || scopeDiffers(improvement.serviceIds, reading.serviceIds);
}

/** Whether two readings differ in target, criterion or scope: then who made the later one is the last editor. */
export function samePlan(a: TicketReading, b: TicketReading): boolean {
  return samePlanParts(a.plan ?? {}, b.plan ?? {}) && !scopeDiffers(a.serviceIds ?? [], b.serviceIds ?? []);
}

function scopeDiffers(ours: readonly string[], theirs: readonly string[] | undefined): boolean {
  if (theirs === undefined) return false;
  return ours.length !== theirs.length || ours.toSorted().join('\n') !== theirs.toSorted().join('\n');
}
