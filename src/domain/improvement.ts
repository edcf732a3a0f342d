import type { Instant, JsonObject, RecordRef } from '../kit/index.js';
import type { Measurement, MeasurementPlan, Regression, VerdictResult } from './effectiveness/measurement.js';

export type * from './effectiveness/measurement.js';

export const statuses = [
  'proposed',
  'approved',
  'rejected',
  'deferred',
  'implementing',
  'reviewing',
  'closed',
  'on-hold',
  'withdrawn',
] as const;
export type Status = (typeof statuses)[number];

export type PriorityBand = 'p1' | 'p2' | 'p3' | 'p4';

export interface PriorityFactor {
  readonly name: 'customerImpact' | 'recurrence' | 'operationalRisk' | 'complianceRisk' | 'effort';
  /** 0 (none) to 5 (extreme). */
  readonly score: number;
  readonly weight: number;
  /** Why this score, with the numbers it rests on. */
  readonly because: string;
}

export interface Priority {
  /** 0 to 100. */
  readonly score: number;
  readonly band: PriorityBand;
  readonly factors: readonly PriorityFactor[];
  /** One or two sentences that a person could defend in an audit. */
  readonly rationale: string;
}

export type DecisionKind = 'approved' | 'rejected' | 'deferred' | 'withdrawn' | 'accepted';

/** Who decided what, when and why: one changelog entry of the ticket. */
export interface Decision {
  readonly kind: DecisionKind;
  readonly at: Instant;
  /** Directory id of the person, and the account that moved the ticket. */
  readonly by: string;
  readonly account: string;
  readonly rationale: string;
  /** Objective id of the policy. */
  readonly objective?: string;
  /** The plan as it stood at that entry. */
  readonly plan?: MeasurementPlan;
  /** The controls, documents or contracts that are to be updated, as they were named at that entry. */
  readonly controls?: readonly string[];
  readonly reviewDate?: string;
  /** As what the person was entitled when it was taken: `its approver`, `deputy of …`. Absent where nothing shows that they were. */
  readonly entitledAs?: string;
  /** Gates that would have refused it, had the policy not switched them off. */
  readonly gatesOff?: readonly string[];
  /** The changelog entry that is the decision. */
  readonly historyId: string;
}

/** A change that carries the improvement out, as last read back. */
export interface LinkedChange {
  readonly ref: RecordRef;
  readonly number: string;
  readonly url: string;
  readonly origin: 'created' | 'adopted';
  readonly required: boolean;
  readonly linkedAt?: Instant;
  /** `refText` of the change that was linked after this one came to nothing: the edge stays, the other one counts. */
  readonly supersededBy?: string;
  readonly state?: ChangeState;
  /** Set when the change is no longer visible or was deleted: the edge stays. */
  readonly missingSince?: Instant;
}

/** What a mapping to `change` yields for one version of a change record. */
export interface ChangeState {
  readonly type: 'normal' | 'standard' | 'emergency';
  /** A function of (state, close code). `completed-with-issues` is done and flagged; `failed` and `cancelled` are not done. */
  readonly phase: 'planned' | 'implementing' | 'completed' | 'completed-with-issues' | 'failed' | 'cancelled';
  readonly approval: 'not-requested' | 'requested' | 'approved' | 'rejected';
  readonly approvedAt?: Instant;
  readonly startedAt?: Instant;
  readonly endedAt?: Instant;
  readonly closeNotes?: string;
  /** The approved template of a standard change, where the record names one. */
  readonly template?: string;
  /** The service on which it works, and its close code, as the record says it: both are material. */
  readonly service?: string;
  readonly closeCode?: string;
}

/** A snapshot taken when it was relied on; its source may change or vanish. */
export interface Evidence {
  readonly kind: 'change-completion' | 'ticket-receipt' | 'measurement' | 'document';
  readonly at: Instant;
  readonly ref?: RecordRef;
  /** SHA-256 of the canonical JSON of `content`. */
  readonly hash: string;
  readonly content: JsonObject;
}

/** The improvement that carries on where this one did not reach its target, and what was decided about it. */
export interface FollowOn {
  readonly id: string;
  readonly decided?: { readonly at: Instant; readonly by: string; readonly kind: DecisionKind };
}

/** A move of the ticket that a guard refused: answered once, moved back at most once. */
export interface Refusal {
  readonly at: Instant;
  readonly historyId: string;
  readonly by: string;
  readonly to: Status;
  readonly code: string;
  readonly sentence: string;
}

export interface Closure {
  readonly at: Instant;
  readonly by: string;
  readonly result: VerdictResult;
  readonly notes: string;
  /** The improvement that carries on, or the acceptance, where the result is not `effective`. */
  readonly followOn?: string;
  readonly acceptance?: Decision;
}

/** Something that should not have happened and stays visible: a ticket closed by hand, reopened after closure, … */
export interface Violation {
  readonly at: Instant;
  readonly code: 'closed-without-guard' | 'reopened-after-closure';
  readonly what: string;
  readonly by: string;
}

/** A change of something material at one end of a link, after the link had been relied on. Reported until somebody has looked at it; never undone. */
export interface SuspectLink {
  /** The record at the changed end. */
  readonly ref: RecordRef;
  readonly number: string;
  /** Which link of the thread rests on it. */
  readonly stage: 'trigger' | 'decision' | 'change' | 'completion' | 'effectiveness';
  /** `service`, `key`, `type`, `state`, `close-code`, `approval`, `started-at`, `ended-at`, … */
  readonly field: string;
  readonly was: string;
  readonly is: string;
  readonly since: Instant;
  /** It changed after closure: reported, never reopened. */
  readonly afterClosure: boolean;
  /** Of a result: a sentence that says what became of the records that it counted; the record above is the first of them. */
  readonly because?: string;
  /** Somebody has looked at it and says why the link still holds. */
  readonly cleared?: { readonly at: Instant; readonly by: string; readonly because: string };
}

/**
 * Without a change ticket: the light path, for kinds that the policy lists, or the contract amendment of a supplier improvement. Authorised by a
 * named person before the work began. The evidence is not optional.
 */
export interface LightPath {
  readonly form: 'light-path' | 'contract-amendment';
  readonly at: Instant;
  /** Directory id of the person. */
  readonly by: string;
  readonly account: string;
  readonly historyId: string;
  readonly because: string;
}

/** A move that a guard would have refused, had the policy not switched its gate off. Stays visible in the thread. */
export interface Waiver {
  readonly at: Instant;
  readonly by: string;
  readonly to: Status;
  readonly gates: readonly string[];
}

/** A trigger whose record was withdrawn, or is no longer an input, before anybody relied on it. */
export interface WithdrawnTrigger {
  readonly input: string;
  readonly number: string;
  readonly at: Instant;
}

/** A document, control or contract that the improvement updated: the last link of the thread, where the plan names one. */
export interface UpdatedControl {
  readonly title: string;
  readonly url?: string;
  readonly at?: Instant;
}

/** One row of the improvement register, as of now. Every earlier state is kept by the store. */
export interface Improvement {
  /** `IMP-0001`: for people. Never part of an idempotency key. */
  readonly id: string;
  readonly kind: 'service' | 'sms' | 'supplier' | 'corrective-action';
  readonly title: string;
  readonly description: string;
  /** The rule that raised it, or `by-hand`. */
  readonly rule: string;
  readonly raisedAt: Instant;
  /** Person id of the proposer when raised by hand. */
  readonly proposer?: string;
  readonly category: string;
  /** The first is the stable key of the case (see `stableCaseKey`), which is part of the idempotency key; the others grow with the triggers. */
  readonly caseKeys: readonly string[];
  /** How often this case has been raised before: 0 for the first time. Part of the idempotency key. */
  readonly episode: number;
  /** Hash-stable identity of the first trigger: `system/stream/key`. Part of the idempotency key. */
  readonly firstTrigger: string;
  /** Input ids, oldest first. */
  readonly triggers: readonly string[];
  /** Inputs that arrived while it was implemented or reviewed, or deferred or on hold. */
  readonly joined: readonly string[];
  readonly serviceIds: readonly string[];
  readonly processes: readonly string[];
  /** A record behind it is restricted: its ticket carries the configured security level, and nothing of that record's text. */
  readonly restricted?: true;
  readonly riskStatement: string;
  readonly priority: Priority;
  /** Person ids. */
  readonly owner: string;
  readonly approver: string;
  /** `YYYY-MM-DD` in the organisation's time zone. */
  readonly targetDate: string;
  readonly dependencies: readonly string[];
  readonly plan: MeasurementPlan;
  readonly change: 'create' | 'link' | 'ask' | 'none';
  readonly status: Status;
  /** Where `on-hold` returns to. */
  readonly heldFrom?: Status;
  readonly decisions: readonly Decision[];
  readonly changes: readonly LinkedChange[];
  readonly evidence: readonly Evidence[];
  readonly measurements: readonly Measurement[];
  /** How often an inconclusive window was extended: at most 2. */
  readonly extensions: number;
  /** Found by the watch after closure; see `watchForRegression`. */
  readonly regression?: Regression;
  readonly closure?: Closure;
  readonly violations: readonly Violation[];
  /** Absent is the same as empty. */
  readonly refusals?: readonly Refusal[];
  readonly followOn?: FollowOn;
  readonly followOnOf?: string;
  readonly recursAfter?: string;
  /** The supplier improvement that gathers this case and others of the same supplier. */
  readonly parent?: string;
  /** Open or closed improvements that look alike (10.1.1 b 3): suggested to people, never merged. */
  readonly similar?: readonly { readonly id: string; readonly because: string }[];
  /** Of a corrective action: the cause, and whether similar nonconformities exist or could occur elsewhere. */
  readonly cause?: string;
  readonly similarElsewhere?: string;
  readonly lightPath?: LightPath;
  /** What the ticket names as to be updated; frozen by the approval. Absent is the same as empty. */
  readonly plannedControls?: readonly string[];
  /** Absent is the same as empty. */
  readonly updatedControls?: readonly UpdatedControl[];
  /** Absent is the same as empty. */
  readonly suspects?: readonly SuspectLink[];
  /** Absent is the same as empty. */
  readonly withdrawnTriggers?: readonly WithdrawnTrigger[];
  /** Absent is the same as empty. */
  readonly waivers?: readonly Waiver[];
  /** Imported from an existing register: it existed before this product did, and is exempt from gaps. */
  readonly beforeAdoption?: { readonly importedAt: Instant; readonly source: string; readonly number: string };
  /** The improvement ticket, once confirmed. */
  readonly ticket?: {
    readonly system: string;
    readonly resource: string;
    readonly key: string;
    readonly number: string;
    readonly url: string;
    readonly lostAt?: Instant;
    /** Where somebody moved it though a guard refused that, until it stands again where the improvement does. */
    readonly astray?: { readonly at: Instant; readonly historyId: string; readonly to: Status };
  };
  /** Ids of the changelog entries that were taken, so that none is taken twice. */
  readonly takenThrough?: { readonly at: Instant; readonly historyId: string };
}
