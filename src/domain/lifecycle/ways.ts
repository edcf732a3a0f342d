import type { GuardName } from './guards.js';
import type { Status } from '../improvement.js';

/** Who or what takes a way: somebody who moves the ticket, who authorises a path without a change in it, what was read back, or the calendar. */
export type Mover = 'person' | 'authoriser' | 'read-back' | 'calendar';

/** One way from status to status. There is no other way than those of {@link lifecycle}. */
export interface Way {
  readonly from: readonly Status[];
  readonly to: Status;
  readonly by: Mover;
  /** All of them must let it pass. */
  readonly guards: readonly GuardName[];
  /** Why it was taken, for the journal. */
  readonly because: string;
}

const running: readonly Status[] = ['proposed', 'approved', 'deferred', 'implementing', 'reviewing'];
const shown: readonly GuardName[] = ['trigger', 'approval', 'completed', 'completion-evidence', 'measured', 'similar-elsewhere'];

/** The whole lifecycle. Guards that name a person come first, so that a refusal begins with who, then says what. */
export const lifecycle: readonly Way[] = [
  {
    from: ['proposed'],
    to: 'approved',
    by: 'person',
    guards: [
      'person',
      'entitled',
      'not-last-editor',
      'not-owner',
      'not-proposer',
      'category',
      'trigger',
      'rationale',
      'objective',
      'plan-complete',
      'cause',
    ],
    because: 'approved by an entitled person, with rationale, objective and plan',
  },
  {
    from: ['proposed'],
    to: 'rejected',
    by: 'person',
    guards: ['person', 'entitled', 'rationale'],
    because: 'rejected by an entitled person',
  },
  {
    from: ['proposed'],
    to: 'deferred',
    by: 'person',
    guards: ['person', 'entitled', 'rationale', 'review-date'],
    because: 'deferred by an entitled person to its review date',
  },
  { from: ['deferred'], to: 'proposed', by: 'calendar', guards: ['review-date-reached'], because: 'its review date has come' },
  {
    from: ['approved'],
    to: 'implementing',
    by: 'read-back',
    guards: ['approval', 'change-started'],
    because: 'the work on a linked change has begun',
  },
  {
    from: ['approved'],
    to: 'implementing',
    by: 'authoriser',
    guards: [
      'person',
      'authoriser',
      'not-owner',
      'not-proposer',
      'path-listed',
      'after-approval',
      'approval',
      'no-change-linked',
      'third-party',
    ],
    because: 'authorised to be carried out without a change ticket',
  },
  {
    from: ['implementing'],
    to: 'reviewing',
    by: 'read-back',
    guards: ['completed', 'completion-evidence'],
    because: 'every required change is completed, with evidence',
  },
  {
    from: ['implementing'],
    to: 'approved',
    by: 'read-back',
    guards: ['change-not-done'],
    because: 'a required change failed, was cancelled, rejected or deleted: another must be linked',
  },
  {
    from: ['reviewing'],
    to: 'closed',
    by: 'person',
    guards: ['person', 'closer', 'notes', ...shown, 'verdict'],
    because: 'closed with its result',
  },
  {
    from: ['reviewing'],
    to: 'closed',
    by: 'read-back',
    guards: ['automatic', ...shown],
    because: 'closed by policy, because its result is effective',
  },
  { from: running, to: 'on-hold', by: 'person', guards: ['person', 'owner-or-approver', 'reason'], because: 'put on hold with a reason' },
  ...running.map((to): Way => ({
    from: ['on-hold'],
    to,
    by: 'person',
    guards: ['person', 'owner-or-approver', 'where-it-was'],
    because: 'taken up again where it was',
  })),
  {
    from: [...running, 'on-hold'],
    to: 'withdrawn',
    by: 'person',
    guards: ['person', 'entitled', 'reason'],
    because: 'withdrawn by an entitled person, with a reason',
  },
  {
    from: ['approved', 'implementing', 'reviewing'],
    to: 'proposed',
    by: 'read-back',
    guards: ['plan-changed'],
    because: 'target, criterion or scope changed after the approval: it must be approved again',
  },
];
