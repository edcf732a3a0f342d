import type { Actor, Instant, RecordRef } from '../../kit/index.js';
import type {
  ChangeState,
  DecisionKind,
  Evidence,
  Improvement,
  LinkedChange,
  Measurement,
  Refusal,
  Regression,
  Status,
  SuspectLink,
  WithdrawnTrigger,
} from '../improvement.js';
import type { TicketReading } from './ticket-reading.js';

/** One entry of the ticket's history: an edit, a move, or both. Taken once, in order. */
export interface TicketEntry {
  readonly is: 'ticket-entry';
  readonly at: Instant;
  readonly historyId: string;
  readonly system: string;
  readonly actor: Actor;
  /** The ticket right after the entry. */
  readonly reading: TicketReading;
  /** The status that it was moved to; absent for an edit. */
  readonly to?: Status;
  /** It is a write of ours that came back, recognised by its stored fingerprint. */
  readonly ours?: boolean;
}

/** What can happen to an improvement after it was raised. */
export type LifecycleEvent =
  | TicketEntry
  | { readonly is: 'change-linked'; readonly at: Instant; readonly change: LinkedChange }
  | {
      readonly is: 'change-read';
      readonly at: Instant;
      readonly ref: RecordRef;
      /** What people call it by now. */
      readonly number?: string;
      /** The state as last read; keep it out when the change is missing. */
      readonly state?: ChangeState;
      readonly missing?: boolean;
      /** The snapshot, once it is completed. */
      readonly evidence?: Evidence;
    }
  | { readonly is: 'evidence-added'; readonly at: Instant; readonly evidence: Evidence }
  | { readonly is: 'trigger-withdrawn'; readonly at: Instant; readonly trigger: WithdrawnTrigger }
  /** Something material changed at the other end of a link that was relied on. */
  | { readonly is: 'links-suspect'; readonly at: Instant; readonly suspects: readonly SuspectLink[] }
  | {
      readonly is: 'suspect-cleared';
      readonly at: Instant;
      readonly ref: RecordRef;
      /** Only this field; absent: every one of the record. */
      readonly field?: string;
      /** Directory id of the person who looked at it. */
      readonly by: string;
      readonly because: string;
    }
  | { readonly is: 'review-date-reached'; readonly at: Instant }
  | { readonly is: 'measured'; readonly at: Instant; readonly measurement: Measurement }
  | { readonly is: 'regressed'; readonly at: Instant; readonly regression: Regression }
  | { readonly is: 'follow-on-raised'; readonly at: Instant; readonly id: string }
  | { readonly is: 'follow-on-decided'; readonly at: Instant; readonly id: string; readonly by: string; readonly kind: DecisionKind }
  | {
      readonly is: 'accepted';
      readonly at: Instant;
      readonly historyId: string;
      readonly system: string;
      readonly actor: Actor;
      readonly reason: string;
    };

/** One move that was made, for the journal. */
export interface Move {
  readonly from: Status;
  readonly to: Status;
  readonly at: Instant;
  /** Directory id of the person, or `golden-thread`. */
  readonly by: string;
  readonly because: string;
  /** Gates that would have refused it, had the policy not switched them off. */
  readonly gatesOff?: readonly string[];
}

/**
 * What came of an event. `improvement` is always the one to keep from now on: an `unchanged` status may still have recorded an edit, evidence
 * or a change's state; it is the very same object when nothing at all was new.
 */
export type StepResult =
  | { readonly is: 'moved'; readonly improvement: Improvement; readonly moves: readonly Move[]; readonly because: string }
  | {
      readonly is: 'refused';
      readonly improvement: Improvement;
      readonly moves: readonly Move[];
      readonly code: string;
      readonly missing: readonly string[];
      /** One sentence for the comment on the ticket. */
      readonly sentence: string;
      readonly refusal?: Refusal;
      /** Move the ticket back to this status: only where the policy says so, and only the first time. */
      readonly moveBackTo?: Status;
      /** The ticket was reopened after closure: raise a linked improvement instead (see `raiseReopened`). */
      readonly raiseLinked?: boolean;
    }
  | { readonly is: 'unchanged'; readonly improvement: Improvement; readonly moves: readonly Move[]; readonly because: string };
