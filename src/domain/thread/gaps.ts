import type { Instant } from '../../kit/index.js';
import type { Hash } from '../canonical.js';
import { stateOfEvidence } from '../changes/verify-evidence.js';
import { completionEvidenced, completionOf, outcomeOf, requiredChanges, verifyChange } from '../changes/change.js';
import type { Directory } from '../organisation/directory.js';
import { pathWithoutChange } from '../lifecycle/light-path.js';
import type { Improvement, LinkedChange } from '../improvement.js';
import type { ImprovementInput } from '../inputs/input.js';
import { localDate } from '../instant.js';
import type { Policy } from '../organisation/policy.js';
import { approverOf, ownerOf } from '../organisation/responsible.js';
import { gapKinds, type GapCode, type ThreadStage } from './gap-codes.js';
import { openSuspects } from './suspects.js';
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

/** A link of the thread that is missing or cannot be verified, with who has to mend it and since when. */
export interface Gap {
  readonly stage: ThreadStage;
  /** Stable: reports and alerts go by it. See `gapKinds`. */
  readonly code: GapCode;
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
  /** With it the snapshots are held against their hashes; without, they are taken as they stand. */
  readonly hash?: Hash;
}

/**
 * Everything that an auditor would find missing, in the order of the thread. Of links that are not due yet only the first is named: what an
 * improvement waits for. A rejected, withdrawn or deferred one ends its thread with the decision; one from before adoption has none. It is a function of
 * the improvement alone, so that a whole register is gone through in one sweep; with `inputs`, its triggers, it is also checked that they exist.
 */
export function gapsOf(improvement: Improvement, context: GapContext, inputs?: readonly ImprovementInput[]): readonly Gap[] {
  if (improvement.beforeAdoption !== undefined) return [];
  return [
    ...triggerGaps(improvement, context, inputs),
    ...decisionGaps(improvement, context),
    ...(hasRunOn(improvement)
      ? [
          ...changeGaps(improvement, context),
          ...completionGaps(improvement, context),
          ...effectivenessGaps(improvement),
          ...controlGaps(improvement),
        ]
      : []),
    ...suspectGaps(improvement),
    ...violationGaps(improvement),
  ];
}

/** Whether the thread goes on behind the decision. */
function hasRunOn(improvement: Improvement): boolean {
  const status = improvement.status === 'on-hold' ? improvement.heldFrom : improvement.status;
  return status === 'approved' || status === 'implementing' || status === 'reviewing' || status === 'closed';
}

function triggerGaps(improvement: Improvement, context: GapContext, inputs: readonly ImprovementInput[] | undefined): readonly Gap[] {
  const { policy, directory, at, timeZone } = context;
  const gap = maker(improvement.owner, improvement.raisedAt);
  const today = localDate(at, timeZone);
  const open = isOpen(improvement);
  const owner = ownerOf(directory, policy, improvement.serviceIds, today).gap;
  const approver = approverOf(directory, policy, improvement.serviceIds, today).gap;
  const overdue = open && today > improvement.targetDate;
  return [
    ...(improvement.triggers.length === 0 ? [gap('trigger-missing', 'No record stands behind this improvement.')] : []),
    ...unknownTriggers(improvement, inputs).map((id) => gap('trigger-unknown', `Its trigger ${id} is not in the database.`)),
    ...withdrawn(improvement),
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
    ...astray(improvement),
    ...(overdue
      ? [
          gap('target-overdue', `Its target date ${improvement.targetDate} has passed.`, {
            since: `${improvement.targetDate}T23:59:59.000Z`,
          }),
        ]
      : []),
  ];
}

/** After closure it is a violation, and said as such. */
function astray({ ticket, status, owner }: Improvement): readonly Gap[] {
  if (ticket?.astray === undefined || ticket.lostAt !== undefined || status === 'closed' || ticket.astray.to === status) return [];
  const { at, to } = ticket.astray;
  return [maker(owner, at)('ticket-astray', `Its ticket ${ticket.number} was moved to ${to} by hand; the improvement is ${status}.`)];
}

function unknownTriggers({ triggers }: Improvement, inputs: readonly ImprovementInput[] | undefined): readonly string[] {
  if (inputs === undefined) return [];
  const known = new Set(inputs.map(({ id }) => id));
  return triggers.filter((id) => !known.has(id));
}

/** Some of several triggers may be withdrawn; when all are, nothing stands behind the improvement any more. */
function withdrawn({ triggers, withdrawnTriggers = [], owner }: Improvement): readonly Gap[] {
  const gone = triggers.flatMap((id) => withdrawnTriggers.find(({ input }) => input === id) ?? []);
  const last = gone.at(-1);
  if (last === undefined || gone.length < triggers.length) return [];
  const sentence = `Every record behind it was withdrawn: ${gone.map(({ number }) => number).join(', ')}.`;
  return [maker(owner, last.at)('trigger-withdrawn', sentence)];
}

function decisionGaps(improvement: Improvement, { policy, at, timeZone }: GapContext): readonly Gap[] {
  const gap = maker(improvement.approver, improvement.raisedAt);
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
  const since = { since: approval.at };
  return [
    ...(approval.entitledAs === undefined
      ? [gap('decision-not-entitled', 'Nothing shows that who approved it was entitled to.', since)]
      : []),
    ...(approval.rationale === '' ? [gap('rationale-missing', 'The approval gives no rationale.', since)] : []),
    ...(objectiveOf(policy, approval.objective) === undefined
      ? [gap('objective-missing', 'The approval names no objective of the policy.', since)]
      : []),
    ...(approval.plan === undefined ? [gap('plan-missing', 'The approval has no measurement plan.', since)] : []),
    ...(frozenTooLate(improvement)
      ? [
          gap('plan-frozen-late', 'The plan was approved after the work had begun, so its criterion may have been chosen in hindsight.', {
            since: approval.at,
          }),
        ]
      : []),
    ...(improvement.kind === 'corrective-action' && (improvement.cause ?? '') === ''
      ? [{ ...gap('cause-missing', 'The cause of the nonconformity is not stated.', since), owner: improvement.owner }]
      : []),
  ];
}

function changeGaps(improvement: Improvement, context: GapContext): readonly Gap[] {
  const { policy, at } = context;
  const gap = maker(improvement.owner, approvalOf(improvement)?.at ?? improvement.raisedAt);
  const required = requiredChanges(improvement);
  const thirdParty =
    improvement.kind === 'supplier' && improvement.dependencies.length === 0
      ? [gap('third-party-missing', 'It names no third party that it depends on.')]
      : [];
  if (required.length === 0) return [...thirdParty, ...pathGaps(improvement, context)];
  return [...thirdParty, ...required.flatMap((change) => changeGap(change, improvement, policy, at))];
}

function pathGaps(improvement: Improvement, context: GapContext): readonly Gap[] {
  if (improvement.lightPath !== undefined) return [];
  const since = approvalOf(improvement)?.at ?? improvement.raisedAt;
  if (improvement.change !== 'none') return [maker(improvement.owner, since)('change-missing', 'No change is linked to it.')];
  const gap = maker(improvement.approver, since);
  return [
    pathWithoutChange(improvement, context)?.form === 'contract-amendment'
      ? gap('amendment-not-authorised', 'Nobody entitled has authorised the amendment of the contract.')
      : gap('light-path-not-authorised', 'Nobody entitled has authorised that it is carried out without a change.'),
  ];
}

function changeGap(change: LinkedChange, improvement: Improvement, policy: Policy, at: Instant): readonly Gap[] {
  const since = change.missingSince ?? change.state?.startedAt ?? change.linkedAt ?? improvement.raisedAt;
  const gap = maker(improvement.owner, since);
  if (outcomeOf(change) === 'not-done') {
    const gone = change.missingSince !== undefined ? 'was deleted or is no longer visible' : 'failed, was cancelled or was rejected';
    return [gap('change-not-done', `Change ${change.number} ${gone}; another must be linked.`)];
  }
  const verification = verifyChange(change, policy, at);
  return verification.is === 'verified' ? [] : [gap(verification.code, verification.sentence)];
}

function completionGaps(improvement: Improvement, { hash }: GapContext): readonly Gap[] {
  const required = requiredChanges(improvement);
  const since = approvalOf(improvement)?.at ?? improvement.raisedAt;
  const { complete, lastEndAt, firstStartAt } = completionOf(improvement);
  const gap = maker(improvement.owner, firstStartAt ?? since);
  const altered =
    hash === undefined
      ? []
      : improvement.evidence
          .filter((each) => stateOfEvidence(each, hash) === 'altered')
          .map((each) => ({
            ...gap('evidence-altered', `Snapshot ${each.hash.slice(0, 12)} does not match its hash.`),
            since: each.at,
          }));
  if (required.length === 0) {
    if (improvement.lightPath === undefined) return altered;
    const filed = completionEvidenced(improvement);
    return filed ? altered : [...altered, gap('completion-evidence-missing', 'No document or link shows that it was completed.')];
  }
  if (!complete) {
    // One that was never read, or came to nothing, is named as such already.
    const under = required.filter((change) => ['planned', 'started'].includes(outcomeOf(change)));
    return under.length === 0 ? altered : [...altered, gap('completion-missing', 'Not every required change is completed.')];
  }
  return [
    ...altered,
    ...(completionEvidenced(improvement) ? [] : [gap('completion-evidence-missing', 'No snapshot shows that it was completed.')]),
    ...(lastEndAt === undefined ? [gap('change-end-unknown', 'Nobody recorded when the work of its changes ended.')] : []),
  ];
}

function effectivenessGaps(improvement: Improvement): readonly Gap[] {
  const { complete, lastEndAt } = completionOf(improvement);
  const last = lastMeasurement(improvement);
  const gap = maker(improvement.owner, last?.at ?? lastEndAt ?? improvement.raisedAt);
  const closed = improvement.status === 'closed';
  if (!complete && !closed) return [];
  const plan = approvalOf(improvement)?.plan;
  if (plan !== undefined && !measuredAgainst(improvement, plan)) {
    if (last?.final === true) return [gap('effectiveness-off-plan', 'It was judged against another plan than the one that was approved.')];
    const sofar = last === undefined ? '' : ` So far: ${last.sentence}`;
    return [gap('effectiveness-missing', `It is not shown yet whether it worked.${sofar}`)];
  }
  const settled =
    improvement.followOn?.decided !== undefined || improvement.decisions.some((decision) => isAcceptance(improvement, decision));
  const elsewhere = improvement.kind === 'corrective-action' && (improvement.similarElsewhere ?? '') === '';
  return [
    ...(elsewhere
      ? [gap('similar-elsewhere-missing', 'It is not stated whether similar nonconformities exist, or could occur, elsewhere.')]
      : []),
    ...(verdictOf(improvement) !== 'effective' && !settled
      ? [
          {
            ...gap('follow-on-missing', 'Its result is not effective, and neither a follow-on nor an acceptance is decided.'),
            owner: improvement.approver,
          },
        ]
      : improvement.status === 'reviewing'
        ? [gap('closure-missing', 'Its result is known; the owner has not closed it.')]
        : []),
  ];
}

/** Due once the result is known: what was promised with the approval is to be found among what was updated, by its name. */
function controlGaps(improvement: Improvement): readonly Gap[] {
  const due = improvement.status === 'closed' || (improvement.status === 'reviewing' && verdictOf(improvement) !== undefined);
  if (!due) return [];
  const gap = maker(improvement.owner, improvement.closure?.at ?? lastMeasurement(improvement)?.at ?? improvement.raisedAt);
  return controlsNotUpdated(improvement).map((name) =>
    gap('control-not-updated', `${name} was to be updated, and nothing shows that it was.`),
  );
}

/** The controls that the approval names and that the ticket does not name as updated yet. */
export function controlsNotUpdated(improvement: Pick<Improvement, 'decisions' | 'updatedControls'>): readonly string[] {
  const { updatedControls = [] } = improvement;
  const plain = (name: string): string => name.trim().toLowerCase();
  return (approvalOf(improvement)?.controls ?? []).filter(
    (name) => !updatedControls.some(({ title }) => plain(title).includes(plain(name))),
  );
}

function suspectGaps(improvement: Improvement): readonly Gap[] {
  return openSuspects(improvement).map(({ stage, number, field, was, is, since, afterClosure, because }) => {
    const when = afterClosure ? 'after closure' : 'after it was relied on';
    const owner = stage === 'decision' ? improvement.approver : improvement.owner;
    return maker(owner, since)(
      `suspect-${stage}`,
      because ?? `${number} changed ${when}: ${field} was ${was || 'empty'}, is ${is || 'empty'}.`,
    );
  });
}

function violationGaps(improvement: Improvement): readonly Gap[] {
  return improvement.violations.map(({ code, what, at }) => maker(improvement.owner, at)(code, what));
}

function maker(owner: string, since: Instant): (code: GapCode, sentence: string, more?: { readonly since?: Instant }) => Gap {
  return (code, sentence, more = {}) => ({ stage: gapKinds[code].stage, code, sentence, owner, since: more.since ?? since });
}
