import type { Instant } from '../../kit/index.js';
import { completionEvidenced, completionOf, outcomeOf, requiredChanges, verifyChange } from '../changes/change.js';
import type { Directory } from '../organisation/directory.js';
import type { Improvement } from '../improvement.js';
import { localDate } from '../instant.js';
import type { Policy } from '../organisation/policy.js';
import { approverOf, ownerOf } from '../organisation/responsible.js';
import {
  approvalOf,
  frozenTooLate,
  isAcceptance,
  isOpen,
  lastMeasurement,
  measuredAgainst,
  objectiveOf,
  verdictOf,
} from './thread-facts.js';

/** The links of the golden thread, in order. */
export const threadStages = ['trigger', 'decision', 'change', 'completion', 'effectiveness'] as const;
export type ThreadStage = (typeof threadStages)[number];

/** A link of the thread that is missing or cannot be verified, with who has to mend it and since when. */
export interface Gap {
  readonly stage: ThreadStage;
  /** Stable: reports and alerts go by it. */
  readonly code: string;
  readonly sentence: string;
  /** Directory id of a person. */
  readonly owner: string;
  readonly since: Instant;
}

export interface GapContext {
  readonly policy: Policy;
  readonly directory: Directory;
  readonly timeZone: string;
  readonly at: Instant;
}

/**
 * Everything that an auditor would find missing, in the order of the thread. Of links that are not due yet only the first is named: what an
 * improvement waits for. A rejected, withdrawn or deferred one ends its thread with the decision.
 */
export function gapsOf(improvement: Improvement, context: GapContext): readonly Gap[] {
  return [
    ...triggerGaps(improvement, context),
    ...decisionGaps(improvement, context),
    ...(hasRunOn(improvement)
      ? [...changeGaps(improvement, context), ...completionGaps(improvement), ...effectivenessGaps(improvement)]
      : []),
    ...violationGaps(improvement),
  ];
}

/** Whether the thread goes on behind the decision. */
function hasRunOn(improvement: Improvement): boolean {
  const status = improvement.status === 'on-hold' ? improvement.heldFrom : improvement.status;
  return status === 'approved' || status === 'implementing' || status === 'reviewing' || status === 'closed';
}

function triggerGaps(improvement: Improvement, context: GapContext): readonly Gap[] {
  const { policy, directory, at, timeZone } = context;
  const gap = maker('trigger', improvement.owner, improvement.raisedAt);
  const today = localDate(at, timeZone);
  const open = isOpen(improvement);
  const owner = ownerOf(directory, policy, improvement.serviceIds, today).gap;
  const approver = approverOf(directory, policy, improvement.serviceIds, today).gap;
  const overdue = open && today > improvement.targetDate;
  return [
    ...(improvement.triggers.length === 0 ? [gap('trigger-missing', 'No record stands behind this improvement.')] : []),
    ...(open && owner !== undefined ? [gap(owner.code, owner.sentence)] : []),
    ...(open && approver !== undefined ? [gap(approver.code, approver.sentence)] : []),
    ...(open && improvement.ticket === undefined
      ? [gap('ticket-missing', 'It has no ticket yet, so nobody has been asked to decide.')]
      : []),
    ...(improvement.ticket?.lostAt === undefined
      ? []
      : [
          gap('ticket-lost', `Its ticket ${improvement.ticket.number} was deleted or is no longer visible.`, {
            since: improvement.ticket.lostAt,
          }),
        ]),
    ...(overdue
      ? [
          gap('target-overdue', `Its target date ${improvement.targetDate} has passed.`, {
            since: `${improvement.targetDate}T23:59:59.000Z`,
          }),
        ]
      : []),
  ];
}

function decisionGaps(improvement: Improvement, { policy, at, timeZone }: GapContext): readonly Gap[] {
  const gap = maker('decision', improvement.approver, improvement.raisedAt);
  const last = improvement.decisions.at(-1);
  if (improvement.status === 'proposed') {
    const undone = approvalOf(improvement) === undefined ? '' : ' again, because target, criterion or scope changed';
    return [gap('decision-missing', `Nobody has decided about it${undone}.`, last === undefined ? {} : { since: last.at })];
  }
  if (improvement.status === 'deferred') {
    const due = last?.reviewDate !== undefined && localDate(at, timeZone) > last.reviewDate;
    return due
      ? [
          gap('review-date-passed', `Its review date ${last.reviewDate ?? ''} has passed.`, {
            since: `${last.reviewDate ?? ''}T23:59:59.000Z`,
          }),
        ]
      : [];
  }
  if (!hasRunOn(improvement)) return [];
  const approval = approvalOf(improvement);
  if (approval === undefined) return [gap('decision-missing', 'There is no approval.')];
  return [
    ...(approval.rationale === '' ? [gap('rationale-missing', 'The approval gives no rationale.', { since: approval.at })] : []),
    ...(objectiveOf(policy, approval.objective) === undefined
      ? [gap('objective-missing', 'The approval names no objective of the policy.', { since: approval.at })]
      : []),
    ...(approval.plan === undefined ? [gap('plan-missing', 'The approval has no measurement plan.', { since: approval.at })] : []),
    ...(frozenTooLate(improvement)
      ? [
          gap('plan-frozen-late', 'The plan was approved after the work had begun, so its criterion may have been chosen in hindsight.', {
            since: approval.at,
          }),
        ]
      : []),
  ];
}

function changeGaps(improvement: Improvement, { policy, at }: GapContext): readonly Gap[] {
  const gap = maker('change', improvement.owner, approvalOf(improvement)?.at ?? improvement.raisedAt);
  const required = requiredChanges(improvement);
  if (required.length === 0) return improvement.change === 'none' ? [] : [gap('change-missing', 'No change is linked to it.')];
  return required.flatMap((change) => {
    const since = { since: change.missingSince ?? change.state?.startedAt ?? change.linkedAt ?? improvement.raisedAt };
    const outcome = outcomeOf(change);
    if (outcome === 'not-done') {
      const gone = change.missingSince !== undefined ? 'was deleted or is no longer visible' : 'failed, was cancelled or was rejected';
      return [gap('change-not-done', `Change ${change.number} ${gone}; another must be linked.`, since)];
    }
    const verification = verifyChange(change, policy, at);
    return verification.is === 'verified' ? [] : [gap(verification.code, verification.sentence, since)];
  });
}

function completionGaps(improvement: Improvement): readonly Gap[] {
  const required = requiredChanges(improvement);
  const since = approvalOf(improvement)?.at ?? improvement.raisedAt;
  const gap = maker('completion', improvement.owner, completionOf(improvement).firstStartAt ?? since);
  const nothingToComplete = required.length === 0 && improvement.change !== 'none';
  if (nothingToComplete && improvement.status !== 'closed') return [];
  const { complete, lastEndAt } = completionOf(improvement);
  if (!complete) return [gap('completion-missing', 'Not every required change is completed.')];
  return [
    ...(completionEvidenced(improvement) ? [] : [gap('completion-evidence-missing', 'No snapshot shows that it was completed.')]),
    ...(required.length > 0 && lastEndAt === undefined
      ? [gap('change-end-unknown', 'Nobody recorded when the work of its changes ended.')]
      : []),
  ];
}

function effectivenessGaps(improvement: Improvement): readonly Gap[] {
  const { complete, lastEndAt } = completionOf(improvement);
  const last = lastMeasurement(improvement);
  const gap = maker('effectiveness', improvement.owner, last?.at ?? lastEndAt ?? improvement.raisedAt);
  if (!complete && improvement.status !== 'closed') return [];
  if (!measuredAgainst(improvement, approvalOf(improvement)?.plan)) {
    const sofar = last === undefined ? '' : ` So far: ${last.sentence}`;
    return [gap('effectiveness-missing', `It is not shown yet whether it worked.${sofar}`)];
  }
  const settled =
    improvement.followOn?.decided !== undefined || improvement.decisions.some((decision) => isAcceptance(improvement, decision));
  if (verdictOf(improvement) !== 'effective' && !settled)
    return [gap('follow-on-missing', 'Its result is not effective, and neither a follow-on nor an acceptance is decided.')];
  return improvement.status === 'reviewing' ? [gap('closure-missing', 'Its result is known; the owner has not closed it.')] : [];
}

function violationGaps(improvement: Improvement): readonly Gap[] {
  return improvement.violations.map((violation) => ({
    stage: violation.code === 'closed-without-guard' || violation.code === 'reopened-after-closure' ? 'effectiveness' : 'decision',
    code: violation.code,
    sentence: violation.what,
    owner: improvement.owner,
    since: violation.at,
  }));
}

function maker(
  stage: ThreadStage,
  owner: string,
  since: Instant,
): (code: string, sentence: string, more?: { readonly since?: Instant }) => Gap {
  return (code, sentence, more = {}) => ({ stage, code, sentence, owner, since: more.since ?? since });
}
