import { completionOf } from '../changes/change.js';
import type { Decision, Improvement, Measurement, MeasurementPlan, Status, VerdictResult } from '../improvement.js';
import { weeksIn } from '../effectiveness/spans.js';
import { isBefore, millis } from '../instant.js';
import type { Objective } from '../organisation/objective.js';
import type { Policy } from '../organisation/policy.js';

/** Statuses of an improvement that is not settled yet. */
export const openStatuses: readonly Status[] = ['proposed', 'approved', 'deferred', 'implementing', 'reviewing', 'on-hold'];

export function isOpen(improvement: Pick<Improvement, 'status'>): boolean {
  return openStatuses.includes(improvement.status);
}

/** The approval in force: the last one. Those before it were undone by a change of target, criterion or scope. */
export function approvalOf(improvement: Pick<Improvement, 'decisions'>): Decision | undefined {
  return improvement.decisions.findLast((decision) => decision.kind === 'approved');
}

/** The objective with this id or statement (compared without case). */
export function objectiveOf(policy: Policy, idOrStatement: string | undefined): Objective | undefined {
  const wanted = idOrStatement?.trim().toLowerCase() ?? '';
  return policy.objectives.find((objective) => objective.id === wanted || objective.statement.trim().toLowerCase() === wanted);
}

type Measured = Pick<Improvement, 'measurements' | 'decisions'>;

/** The last measurement since the approval in force: earlier ones are kept, but they judged another plan. */
export function lastMeasurement(improvement: Measured): Measurement | undefined {
  const last = improvement.measurements.at(-1);
  const approvedAt = approvalOf(improvement)?.at;
  return last === undefined || (approvedAt !== undefined && isBefore(last.at, approvedAt)) ? undefined : last;
}

/** The verdict, once it is final. */
export function verdictOf(improvement: Measured): VerdictResult | undefined {
  const last = lastMeasurement(improvement);
  return last?.final === true ? last.result : undefined;
}

/** Whether the last measurement is final and was made against this plan: same end of the baseline, same lengths; of a criterion, the same words. */
export function measuredAgainst(improvement: Measured, plan: MeasurementPlan | undefined): boolean {
  const last = lastMeasurement(improvement);
  if (last === undefined || plan === undefined || last.final !== true) return false;
  if (plan.metric === 'criterion') return last.judged?.criterion === plan.criterion;
  if (last.judged !== undefined) return false;
  const windows = weeksIn(last.window) / plan.windowWeeks;
  const sameEnd = millis(last.baseline.to) === millis(plan.baselineEnd);
  return sameEnd && weeksIn(last.baseline) === plan.baselineWeeks && Number.isInteger(windows) && windows >= 1;
}

/** The plan was approved after the work on a required change had begun: a criterion chosen in hindsight proves little. Unknown start: no. */
export function frozenTooLate(improvement: Improvement): boolean {
  const approval = approvalOf(improvement);
  const { firstStartAt } = completionOf(improvement);
  return approval !== undefined && firstStartAt !== undefined && isBefore(firstStartAt, approval.at);
}

/** Whether a decision accepts the result that stands now, and not an earlier one. */
export function isAcceptance(improvement: Improvement, decision: Decision): boolean {
  const last = lastMeasurement(improvement);
  return decision.kind === 'accepted' && last !== undefined && !isBefore(decision.at, last.at);
}
