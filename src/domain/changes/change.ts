import type { Instant } from '../../kit/index.js';
import { sameRef } from '../inputs/case.js';
import type { Evidence, Improvement, LinkedChange } from '../improvement.js';
import { earliest, isBefore, latest, plusDays } from '../instant.js';
import type { Policy } from '../organisation/policy.js';

/** Where one change stands, as far as the improvement is concerned. */
export type ChangeOutcome = 'unread' | 'planned' | 'started' | 'done' | 'done-with-issues' | 'not-done';

/**
 * A function of what was last read. Failed, cancelled and rejected is *not done*; so is a change that vanished before it was completed.
 * One that vanished afterwards stays done: its evidence was kept.
 */
export function outcomeOf(change: LinkedChange): ChangeOutcome {
  const { state } = change;
  if (state?.phase === 'completed' && state.approval !== 'rejected') return 'done';
  if (state?.phase === 'completed-with-issues' && state.approval !== 'rejected') return 'done-with-issues';
  if (change.missingSince !== undefined) return 'not-done';
  if (state === undefined) return 'unread';
  if (state.phase === 'failed' || state.phase === 'cancelled' || state.approval === 'rejected') return 'not-done';
  return state.phase === 'implementing' || state.startedAt !== undefined ? 'started' : 'planned';
}

/** All changes of an improvement together. */
export interface Completion {
  /** At least one required change, and every required one is done; or evidence of what was authorised without one. */
  readonly complete: boolean;
  /** The work on a required change has begun and none of them has come to nothing. */
  readonly started: boolean;
  /** Required changes that came to nothing and that no later change stands in for. */
  readonly notDone: readonly LinkedChange[];
  /** Some change was completed with issues: done, and flagged. */
  readonly flagged: boolean;
  readonly firstStartAt?: Instant;
  /** The settle time starts here. */
  readonly lastEndAt?: Instant;
}

/** The changes that count: required, and not replaced by one that was linked after they came to nothing. */
export function requiredChanges(improvement: Pick<Improvement, 'changes'>): readonly LinkedChange[] {
  return improvement.changes.filter((change) => change.required && change.supersededBy === undefined);
}

/** What completion is a function of. */
type CarriedOut = Pick<Improvement, 'changes' | 'evidence' | 'lightPath'>;

/**
 * Completion as a function of the changes' states. Where no change is required, the path without one counts: begun when it was authorised, ended
 * with the first evidence that was filed after that.
 */
export function completionOf(improvement: CarriedOut): Completion {
  const required = requiredChanges(improvement);
  if (required.length === 0) return completionWithoutChange(improvement);
  const outcomes = required.map(outcomeOf);
  const notDone = required.filter((change) => outcomeOf(change) === 'not-done');
  const done = (outcome: ChangeOutcome): boolean => outcome === 'done' || outcome === 'done-with-issues';
  const firstStartAt = earliest(required.map((change) => change.state?.startedAt));
  const lastEndAt = latest(required.map((change) => change.state?.endedAt));
  return {
    complete: outcomes.every(done),
    started: notDone.length === 0 && outcomes.some((outcome) => outcome === 'started' || done(outcome)),
    notDone,
    flagged: outcomes.includes('done-with-issues'),
    ...(firstStartAt === undefined ? {} : { firstStartAt }),
    ...(lastEndAt === undefined ? {} : { lastEndAt }),
  };
}

function completionWithoutChange(improvement: CarriedOut): Completion {
  const nothing: Completion = { complete: false, started: false, notDone: [], flagged: false };
  const { lightPath } = improvement;
  if (lightPath === undefined) return nothing;
  const lastEndAt = earliest(evidenceWithoutChange(improvement).map(({ at }) => at));
  const begun = { ...nothing, started: true, firstStartAt: lightPath.at };
  return lastEndAt === undefined ? begun : { ...begun, complete: true, lastEndAt };
}

/** Every required change has a completion snapshot; without a change, a document or link that was filed after it was authorised. */
export function completionEvidenced(improvement: CarriedOut): boolean {
  const required = requiredChanges(improvement);
  if (required.length === 0) return evidenceWithoutChange(improvement).length > 0;
  return required.every((change) => completionSnapshot(improvement, change) !== undefined);
}

/** The last snapshot that shows a change as completed. */
export function completionSnapshot(improvement: Pick<Improvement, 'evidence'>, { ref }: Pick<LinkedChange, 'ref'>): Evidence | undefined {
  return improvement.evidence.findLast((each) => each.kind === 'change-completion' && each.ref !== undefined && sameRef(each.ref, ref));
}

/** What was filed after a path without a change was authorised: what stood in the ticket before that shows work that nobody had authorised. */
export function evidenceWithoutChange({ lightPath, evidence }: Pick<Improvement, 'lightPath' | 'evidence'>): readonly Evidence[] {
  if (lightPath === undefined) return [];
  return evidence.filter((each) => each.kind === 'document' && isBefore(lightPath.at, each.at));
}

/** Whether a change went through change control. A gap is something that cannot be shown; a violation is something that was done wrong. */
export type Verification =
  | { readonly is: 'verified'; readonly because: string }
  | { readonly is: 'gap' | 'violation'; readonly code: ChangeGapCode; readonly sentence: string };

/** What can be wrong with the control of a change. */
export type ChangeGapCode =
  | 'change-unread'
  | 'change-rejected'
  | 'change-template-unknown'
  | 'change-approval-waiting'
  | 'change-not-approved'
  | 'change-approval-undated'
  | 'change-start-unknown'
  | 'change-started-before-approval'
  | 'change-approved-late';

/**
 * A normal change is verified when it was approved before its work began; a standard one by its approved template (or an approval of its own);
 * an emergency one when it was approved within the policy's days after its work began. A start that nobody recorded is a gap, not a violation.
 */
export function verifyChange(change: LinkedChange, policy: Pick<Policy, 'emergencyApprovalDays'>, at: Instant): Verification {
  const { state, number } = change;
  const gap = (code: ChangeGapCode, sentence: string): Verification => ({ is: 'gap', code, sentence });
  const violation = (code: ChangeGapCode, sentence: string): Verification => ({ is: 'violation', code, sentence });
  if (state === undefined) return gap('change-unread', `Change ${number} has not been read yet, so nothing is known of its approval.`);
  const { approval, approvedAt, startedAt } = state;
  if (approval === 'rejected') return violation('change-rejected', `Change ${number} was rejected.`);
  if (state.type === 'standard' && state.template !== undefined)
    return { is: 'verified', because: `pre-approved by the template ${state.template}` };
  const begun = outcomeOf(change) !== 'planned' && outcomeOf(change) !== 'not-done';
  if (approval !== 'approved') {
    if (!begun) return gap('change-approval-waiting', `Change ${number} is not approved yet.`);
    if (state.type === 'standard')
      return gap('change-template-unknown', `Standard change ${number} names no approved template and has no approval of its own.`);
    if (state.type === 'emergency') return retrospective(change, policy, at);
    return violation('change-not-approved', `The work of change ${number} began without an approval.`);
  }
  if (approvedAt === undefined) return gap('change-approval-undated', `Change ${number} is approved, but nothing shows when.`);
  if (startedAt === undefined)
    return begun
      ? gap(
          'change-start-unknown',
          `Nobody recorded when the work of change ${number} began, so it cannot be shown that it was approved before.`,
        )
      : { is: 'verified', because: 'approved, work has not begun' };
  if (!isBefore(startedAt, approvedAt)) return { is: 'verified', because: 'approved before its work began' };
  if (state.type === 'emergency') return retrospective(change, policy, approvedAt);
  return violation(
    'change-started-before-approval',
    `The work of change ${number} began ${startedAt.slice(0, 10)}, before its approval on ${approvedAt.slice(0, 10)}.`,
  );
}

/** An emergency change, approved (or still waiting) at `at`. */
function retrospective(change: LinkedChange, policy: Pick<Policy, 'emergencyApprovalDays'>, at: Instant): Verification {
  const startedAt = change.state?.startedAt;
  if (startedAt === undefined)
    return {
      is: 'gap',
      code: 'change-start-unknown',
      sentence: `Nobody recorded when the work of emergency change ${change.number} began, so its retrospective approval has no deadline.`,
    };
  const inTime = !isBefore(plusDays(startedAt, policy.emergencyApprovalDays), at);
  const days = `${policy.emergencyApprovalDays} days`;
  if (change.state?.approval === 'approved' && inTime)
    return { is: 'verified', because: `emergency, approved within ${days} after its work began` };
  if (inTime)
    return {
      is: 'gap',
      code: 'change-approval-waiting',
      sentence: `Emergency change ${change.number} waits for its approval, due within ${days} after its work began.`,
    };
  return {
    is: 'violation',
    code: 'change-approved-late',
    sentence: `Emergency change ${change.number} was not approved within ${days} after its work began.`,
  };
}
