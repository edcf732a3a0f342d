import type { Status, Transition } from './types.js';

/** The statuses of the default site. */
export const defaultStatuses: readonly Status[] = [
  { id: '10001', name: 'Proposed', category: 'new' },
  { id: '10002', name: 'Approved', category: 'indeterminate' },
  { id: '10003', name: 'Rejected', category: 'done' },
  { id: '10004', name: 'Deferred', category: 'new' },
  { id: '10005', name: 'On Hold', category: 'indeterminate' },
  { id: '10006', name: 'Withdrawn', category: 'done' },
  { id: '10007', name: 'Implementing', category: 'indeterminate' },
  { id: '10008', name: 'Reviewing', category: 'indeterminate' },
  { id: '10009', name: 'Closed', category: 'done' },
  { id: '10010', name: 'Open', category: 'new' },
  { id: '3', name: 'In Progress', category: 'indeterminate' },
];

const proposed = '10001';
const approved = '10002';
const rejected = '10003';
const deferred = '10004';
const onHold = '10005';
const withdrawn = '10006';
const implementing = '10007';
const reviewing = '10008';
const closed = '10009';
const open = '10010';
const inProgress = '3';

const rationale = 'customfield_10050';
const reviewDate = 'customfield_10054';
const closureNotes = 'customfield_10056';
const cause = 'customfield_10080';
const similarElsewhere = 'customfield_10081';
const lightPath = 'customfield_10082';
const done = '10000';
const declined = '10001';

/** Improvement: several edges lead to one status, some with a screen and required fields, some without. */
export const improvementTransitions: readonly Transition[] = [
  { id: '11', name: 'Approve', from: [proposed], to: approved, screen: { [rationale]: true, [cause]: false, [lightPath]: false } },
  { id: '12', name: 'Approve without comment', from: [proposed], to: approved },
  { id: '13', name: 'Reject', from: [proposed], to: rejected, screen: { [rationale]: true, resolution: true } },
  { id: '14', name: 'Defer', from: [proposed], to: deferred, screen: { [rationale]: false, [reviewDate]: true } },
  { id: '15', name: 'Reconsider', from: [deferred], to: proposed },
  { id: '16', name: 'Propose again', from: [rejected, withdrawn, closed], to: proposed },
  { id: '17', name: 'Reopen review', from: [closed], to: reviewing },
  { id: '21', name: 'Start implementing', from: [approved], to: implementing },
  { id: '22', name: 'Start review', from: [implementing], to: reviewing },
  { id: '23', name: 'Back to approved', from: [implementing], to: approved },
  { id: '24', name: 'Close', from: [reviewing], to: closed, screen: { [closureNotes]: true, [similarElsewhere]: false, resolution: true } },
  { id: '25', name: 'Close without notes', from: [reviewing, implementing, approved], to: closed, resolves: done },
  { id: '26', name: 'Back to implementing', from: [reviewing], to: implementing },
  { id: '31', name: 'Put on hold', from: [proposed, approved, implementing, reviewing], to: onHold, screen: { [rationale]: false } },
  { id: '32', name: 'Resume as proposed', from: [onHold], to: proposed },
  { id: '33', name: 'Resume as approved', from: [onHold], to: approved },
  { id: '34', name: 'Resume implementing', from: [onHold], to: implementing },
  { id: '35', name: 'Resume reviewing', from: [onHold], to: reviewing },
  {
    id: '41',
    name: 'Withdraw',
    from: [proposed, approved, deferred, onHold, implementing, reviewing],
    to: withdrawn,
    screen: { [rationale]: false },
    resolves: declined,
  },
  { id: '51', name: 'Send back for approval', from: [approved, implementing, reviewing], to: proposed },
];

/** Audit Finding. */
export const findingTransitions: readonly Transition[] = [
  { id: '11', name: 'Start', from: [open], to: inProgress },
  { id: '21', name: 'Close', from: [open, inProgress], to: closed, screen: { resolution: true } },
  { id: '31', name: 'Reopen', from: [inProgress, closed], to: open },
];

/** A workflow from its edges: name, statuses that it leaves from, status that it leads to, and what else it has. */
export function workflowOf(
  edges: readonly (readonly [string, readonly string[], string, Pick<Transition, 'screen' | 'resolves'>?])[],
): readonly Transition[] {
  return edges.map(([name, from, to, more], index) => ({ id: String(11 + 10 * index), name, from, to, ...more }));
}
