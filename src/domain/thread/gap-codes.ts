/** The links of the golden thread, in order; the last where the plan names controls that are to be updated. */
export const threadStages = ['trigger', 'decision', 'change', 'completion', 'effectiveness', 'updated-controls'] as const;
export type ThreadStage = (typeof threadStages)[number];

/** Who has to mend a gap: somebody in the register, or who keeps policy, directory and mappings. */
export type GapMender = 'owner' | 'approver' | 'administrator';

/** One kind of gap. */
export interface GapKind {
  readonly stage: ThreadStage;
  /** What it means, in one sentence. */
  readonly meaning: string;
  readonly mendedBy: GapMender;
  /** What to do about it. */
  readonly todo: string;
}

const of = (stage: ThreadStage, meaning: string, mendedBy: GapMender, todo: string): GapKind => ({ stage, meaning, mendedBy, todo });

/** Every gap that a thread can have, by its stable code. Reports, alerts and docs/auditor.md go by this table. */
export const gapKinds = {
  'trigger-missing': of('trigger', 'No record stands behind the improvement.', 'owner', 'Link the record that it answers, or withdraw it.'),
  'trigger-unknown': of(
    'trigger',
    'A trigger is named that is not in the database.',
    'administrator',
    'Restore it from a backup, or find out who removed it.',
  ),
  'trigger-withdrawn': of(
    'trigger',
    'Every record behind it was withdrawn before it was decided.',
    'owner',
    'Withdraw the improvement, or say in the ticket what it still answers.',
  ),
  'suspect-trigger': of(
    'trigger',
    'Something material changed in a trigger after the approval relied on it.',
    'owner',
    'Look at the record; then clear it with `suspects clear`, or withdraw the improvement.',
  ),
  'owner-unmatched': of('trigger', 'The directory names no owner for its services.', 'administrator', 'Name one in directory.yaml.'),
  'owner-inactive': of('trigger', 'The owner has left and has no deputy.', 'administrator', 'Name an owner or a deputy in directory.yaml.'),
  'approver-unmatched': of('trigger', 'The directory names no approver for its services.', 'administrator', 'Name one in directory.yaml.'),
  'approver-inactive': of(
    'trigger',
    'The approver has left and has no deputy.',
    'administrator',
    'Name an approver or a deputy in directory.yaml.',
  ),
  'ticket-missing': of('trigger', 'It has no ticket yet.', 'administrator', 'Look at `outbox` and `status`: why was it not written?'),
  'ticket-lost': of(
    'trigger',
    'Its ticket was deleted or is no longer visible.',
    'administrator',
    'Restore the ticket, or give our account its rights back.',
  ),
  'ticket-astray': of(
    'trigger',
    'Somebody moved its ticket where a guard did not want it, and it stands there still.',
    'owner',
    'Move it to where the improvement stands, or ask the administrator of the project to.',
  ),
  'target-overdue': of('trigger', 'Its target date has passed.', 'owner', 'Finish it, or set another due date in the ticket.'),
  'decision-missing': of(
    'decision',
    'Nobody entitled has decided about it, or not about the plan as it stands now.',
    'approver',
    'Decide: approve, reject or defer it, with a rationale.',
  ),
  'decision-not-entitled': of(
    'decision',
    'Nothing shows that who approved it was entitled to.',
    'approver',
    'Let an entitled person approve it again.',
  ),
  'rationale-missing': of('decision', 'The approval gives no rationale.', 'approver', 'Approve it again, with a rationale.'),
  'objective-missing': of(
    'decision',
    'The approval names no objective of the policy.',
    'approver',
    'Approve it again, naming one; or put the objective back into policy.yaml.',
  ),
  'plan-missing': of('decision', 'The approval has no measurement plan.', 'approver', 'Approve it again, with a plan.'),
  'plan-frozen-late': of(
    'decision',
    'The plan was approved after the work had begun.',
    'approver',
    'Nothing mends it; the result needs a follow-on or an acceptance.',
  ),
  'cause-missing': of(
    'decision',
    'A corrective action without the cause of the nonconformity.',
    'owner',
    'Write the cause into the ticket.',
  ),
  'review-date-passed': of('decision', 'It was deferred, and its review date has passed.', 'approver', 'Decide about it.'),
  'suspect-decision': of(
    'decision',
    'Something material changed in the ticket after the approval was taken from it.',
    'approver',
    'Look at the ticket; then clear it with `suspects clear`, or approve it again.',
  ),
  'change-missing': of('change', 'No change is linked to it.', 'owner', 'Link a change to the ticket or to one of the records behind it.'),
  'light-path-not-authorised': of(
    'change',
    'It is to be carried out without a change, and nobody entitled has authorised that.',
    'approver',
    'Write into the field Light path why it may, before the work begins.',
  ),
  'amendment-not-authorised': of(
    'change',
    'Its contract is to be amended, and nobody entitled has authorised that.',
    'approver',
    'Write into the field Light path why it may, before the work begins.',
  ),
  'third-party-missing': of(
    'change',
    'A supplier improvement that names no third party it depends on.',
    'administrator',
    'Name the supplier of its service in directory.yaml.',
  ),
  'change-unread': of('change', 'A linked change has not been read yet.', 'administrator', 'Look at `status`: is its stream read?'),
  'change-not-done': of(
    'change',
    'A change failed, was cancelled, rejected or deleted.',
    'owner',
    'Link another change, or withdraw the improvement.',
  ),
  'change-rejected': of(
    'change',
    'A change was carried out although it was rejected.',
    'owner',
    'Nothing mends it; explain it to the auditor, and see why change control let it pass.',
  ),
  'change-approval-waiting': of('change', 'A change waits for its approval.', 'owner', 'Get it approved in change management.'),
  'change-template-unknown': of(
    'change',
    'A standard change names no approved template.',
    'owner',
    'Name its template in the change, or let it be approved.',
  ),
  'change-not-approved': of(
    'change',
    'The work of a change began without an approval.',
    'owner',
    'Nothing mends it; see why change control let it pass.',
  ),
  'change-approval-undated': of(
    'change',
    'A change is approved, but nothing shows when.',
    'owner',
    'Have the approval recorded with its time.',
  ),
  'change-start-unknown': of(
    'change',
    'Nobody recorded when the work of a change began.',
    'owner',
    'Enter the actual start in the change.',
  ),
  'change-started-before-approval': of(
    'change',
    'The work of a change began before its approval.',
    'owner',
    'Nothing mends it; see why change control let it pass.',
  ),
  'change-approved-late': of(
    'change',
    'An emergency change was not approved within the days of the policy.',
    'owner',
    'Nothing mends it; see why the approval came late.',
  ),
  'suspect-change': of(
    'change',
    'Something material changed in a change after its completion was relied on.',
    'owner',
    'Look at the change; then clear it with `suspects clear`.',
  ),
  'completion-missing': of('completion', 'Not every required change is completed.', 'owner', 'Complete the change, or link another.'),
  'completion-evidence-missing': of(
    'completion',
    'No snapshot, document or link shows that it was completed.',
    'owner',
    'Without a change: put a link into Completion evidence, or attach the file. With one it is taken by itself.',
  ),
  'change-end-unknown': of(
    'completion',
    'Nobody recorded when the work of its changes ended.',
    'owner',
    'Enter the actual end in the change.',
  ),
  'evidence-altered': of(
    'completion',
    'A kept snapshot does not match its hash.',
    'administrator',
    'Compare with a backup: somebody wrote into the database.',
  ),
  'suspect-completion': of(
    'completion',
    'State, close code or end of a change were altered after it was taken as completed.',
    'owner',
    'Look at the change; then clear it with `suspects clear`.',
  ),
  'effectiveness-missing': of('effectiveness', 'It is not shown yet whether it worked.', 'owner', 'Wait for the end of the window.'),
  'effectiveness-off-plan': of(
    'effectiveness',
    'It was judged against another plan than the one that was approved.',
    'owner',
    'Wait for the measurement against the plan in force.',
  ),
  'follow-on-missing': of(
    'effectiveness',
    'Its result is not effective, and neither a follow-on nor an acceptance is decided.',
    'approver',
    'Decide the follow-on, or accept the result with a reason.',
  ),
  'similar-elsewhere-missing': of(
    'effectiveness',
    'A corrective action that does not say whether similar nonconformities exist elsewhere.',
    'owner',
    'Write it into the field Similar elsewhere.',
  ),
  'closure-missing': of('effectiveness', 'Its result is known, and the owner has not closed it.', 'owner', 'Close the ticket, with notes.'),
  'suspect-effectiveness': of(
    'effectiveness',
    'The records that its result counted are others by now, and would give another verdict.',
    'owner',
    'Look at what changed; then clear it with `suspects clear`, or raise a follow-on.',
  ),
  'closed-without-guard': of(
    'effectiveness',
    'The ticket was closed by hand before the improvement could be.',
    'owner',
    'Nothing removes it; the register shows it for ever.',
  ),
  'reopened-after-closure': of(
    'effectiveness',
    'The ticket was reopened after closure.',
    'owner',
    'Nothing removes it; what is left to do stands in the linked improvement.',
  ),
  'control-not-updated': of(
    'updated-controls',
    'A control, document or contract that the plan names was not updated.',
    'owner',
    'Update it, and name it with its address in Updated controls.',
  ),
} as const satisfies Readonly<Record<string, GapKind>>;
export type GapCode = keyof typeof gapKinds;
