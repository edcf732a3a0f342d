/** How a change ends: its close code in ServiceNow, `cancelled`, or never. */
export type ChangeEnd = 'successful' | 'successful_issues' | 'unsuccessful' | 'cancelled' | 'never';

/** What people do to a ticket besides deciding, each at its own moment; see people/twists.ts. */
export type Twist =
  | 'held-and-resumed'
  | 'held-for-good'
  | 'target-edited-after-approval'
  | 'withdrawn-after-approval'
  | 'closed-by-hand'
  | 'reopened-after-closure'
  | 'change-edited-after-completion'
  | 'trigger-edited-after-approval';

/** What its people do about one ticket. */
export interface Conduct {
  /** `leave`: nobody gets round to it. */
  readonly decision: 'approve' | 'reject' | 'defer' | 'leave';
  readonly rationale: string;
  /** Objective of policy.yaml, for an approval. */
  readonly objective?: string;
  /** Directory id of who decides; without it who may approve anything. */
  readonly by?: string;
  /** Of a deferral: days until it is looked at again, and then approved. */
  readonly deferDays?: number;
  /** Days that the ticket waits for its decision. */
  readonly afterDays?: number;
  /** How its changes end, one after another; the last one repeats. Without it: successful. */
  readonly changes?: readonly ChangeEnd[];
  /** The change is carried out at once and approved afterwards. */
  readonly emergency?: boolean;
  /** People have opened this kind of change before the decision, and named it on a record behind the ticket. */
  readonly adopts?: 'normal' | 'standard';
  /** Besides the change that was made for it, people open another one, and name both in the ticket. */
  readonly alsoOpens?: string;
  /** Why it may be carried out without a change ticket, and what shows that it was: the light path, or an amended contract. */
  readonly lightPath?: { readonly because: string; readonly evidence: string };
  /** Of a corrective action. */
  readonly cause?: string;
  readonly similarElsewhere?: string;
  /** The control, document or contract that it updates. */
  readonly control?: string;
  /** What the judge of an acceptance criterion finds; without it: met. */
  readonly found?: 'Met' | 'Not met';
  readonly twist?: Twist;
}

/** What people do about everything whose title contains this text: ticket by ticket, the last conduct for all further ones. */
export interface Matter {
  readonly text: string;
  readonly conducts: readonly [Conduct, ...Conduct[]];
}
