import { statuses } from '../domain/improvement.js';
import { severities } from '../domain/inputs/input.js';
import type { JsonObject } from '../kit/index.js';
import { isObject, type Value } from './formula/index.js';

/** One field of what a mapping makes. */
export interface TargetField {
  /** In words: "one of low, moderate, high, critical". */
  readonly expects: string;
  readonly fits: (value: Value) => boolean;
  /** Nothing, null and empty text are then a problem of the record; otherwise the field is absent, or `otherwise`. */
  readonly required: boolean;
  readonly otherwise?: Value;
  /** A field that somebody emptied stays null instead of absent. */
  readonly keepsNull?: true;
  /** Every value that it may take. */
  readonly allowed?: readonly string[];
}

export type Target = Readonly<Record<string, TargetField>>;

const instantShape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const dateShape = /^\d{4}-\d\d-\d\d$/;

const text = { expects: 'a text', fits: (value: Value) => typeof value === 'string', required: false } as const satisfies TargetField;
const instant = {
  expects: 'an instant in UTC, as $time(…) gives it',
  fits: (value: Value) => typeof value === 'string' && instantShape.test(value),
  required: false,
} as const satisfies TargetField;
const date = {
  expects: 'a date as YYYY-MM-DD',
  fits: (value: Value) => typeof value === 'string' && dateShape.test(value),
  required: false,
} as const satisfies TargetField;
const number = {
  expects: 'a number',
  fits: (value: Value) => typeof value === 'number',
  required: false,
  keepsNull: true,
} as const satisfies TargetField;
const texts = {
  expects: 'a list of texts, as $list(…) gives it',
  fits: (value: Value) => Array.isArray(value) && value.every((each) => typeof each === 'string'),
  required: false,
  otherwise: [],
} satisfies TargetField;

function oneOf(allowed: readonly string[]): TargetField {
  return {
    expects: `one of ${allowed.join(', ')}`,
    fits: (value) => typeof value === 'string' && allowed.includes(value),
    required: true,
    allowed,
  };
}

/** What each kind of mapping makes: InputDraft, ChangeState and RegisterEntry of the domain, and {@link TicketDraft}. */
export const targets: Readonly<Record<'improvement-input' | 'change' | 'decision' | 'register-entry', Target>> = {
  'improvement-input': {
    category: { ...text, required: true },
    title: { ...text, required: true },
    occurredAt: { ...instant, required: true },
    severity: oneOf(severities),
    services: texts,
    processes: texts,
    supplier: text,
    requirement: text,
    recurrenceKey: text,
    restricted: { expects: 'true or false', fits: (value) => typeof value === 'boolean', required: false },
    facts: { expects: 'names with values', fits: isObject, required: false, otherwise: {} },
  },
  change: {
    type: oneOf(['normal', 'standard', 'emergency']),
    phase: oneOf(['planned', 'implementing', 'completed', 'completed-with-issues', 'failed', 'cancelled']),
    approval: oneOf(['not-requested', 'requested', 'approved', 'rejected']),
    approvedAt: instant,
    startedAt: instant,
    endedAt: instant,
    closeNotes: text,
    template: text,
    service: text,
    closeCode: text,
  },
  decision: {
    status: oneOf(statuses),
    title: { ...text, required: true },
    description: text,
    category: text,
    priority: text,
    owner: text,
    reporter: text,
    services: { expects: texts.expects, fits: texts.fits, required: false },
    targetDate: date,
    rationale: text,
    objective: text,
    reason: text,
    reviewDate: date,
    closureNotes: text,
    cause: text,
    similarElsewhere: text,
    lightPath: text,
    evidence: text,
    change: { ...oneOf(['create', 'link']), required: false },
    changes: text,
    plannedControls: text,
    updatedControls: text,
    reduceBy: number,
    baselineWeeks: number,
    settleDays: number,
    windowWeeks: number,
    minimumSample: number,
    metric: text,
    direction: text,
    increaseBy: number,
    target: number,
    criterion: { ...text, keepsNull: true },
    judge: { ...text, keepsNull: true },
    judgement: { ...oneOf(['met', 'not-met']), required: false },
    judgementEvidence: text,
  },
  'register-entry': {
    number: { ...text, required: true },
    title: { ...text, required: true },
    description: text,
    category: { ...text, required: true },
    kind: { ...oneOf(['service', 'sms', 'supplier', 'corrective-action']), required: false },
    status: oneOf(statuses),
    raisedAt: { ...instant, required: true },
    services: texts,
    processes: texts,
    riskStatement: text,
    priority: { ...oneOf(['p1', 'p2', 'p3', 'p4']), required: false },
    owner: text,
    approver: text,
    targetDate: date,
    dependencies: texts,
    decidedAt: instant,
    decidedBy: text,
    rationale: text,
    objective: text,
    reviewDate: date,
    closedAt: instant,
    closedBy: text,
    closureNotes: text,
    result: { ...oneOf(['effective', 'not-effective', 'inconclusive']), required: false },
  },
};

/**
 * What a mapping to `decision` yields for one state of an improvement ticket. Names and ids are still those of the ticket system; ranges are not
 * judged here, because a plan that somebody mistyped must be answered, not set aside. A number that somebody emptied is null.
 */
export interface TicketDraft {
  readonly status: (typeof statuses)[number];
  readonly title: string;
  readonly description?: string;
  readonly category?: string;
  readonly priority?: string;
  /** Account id of the assignee. */
  readonly owner?: string;
  /** Account id of whoever raised it. */
  readonly reporter?: string;
  /** Ids or names of services, as the ticket system spells them. */
  readonly services?: readonly string[];
  /** `YYYY-MM-DD` */
  readonly targetDate?: string;
  readonly rationale?: string;
  readonly objective?: string;
  /** Why it is held, withdrawn or accepted. */
  readonly reason?: string;
  /** `YYYY-MM-DD`, of a deferral. */
  readonly reviewDate?: string;
  readonly closureNotes?: string;
  /** Of a corrective action: the cause, and whether similar nonconformities exist or could occur elsewhere. */
  readonly cause?: string;
  readonly similarElsewhere?: string;
  /** Why it may be carried out without a change ticket; who writes it authorises that. */
  readonly lightPath?: string;
  /** Addresses of documents that show that it was carried out, one a line, each with a title if there is one. */
  readonly evidence?: string;
  /** The answer where the policy asks how it gets its change. */
  readonly change?: 'create' | 'link';
  /** Numbers of changes that carry it out; `(not required)` behind one says so. */
  readonly changes?: string;
  /** Controls, documents or contracts that are to be updated, and those that were: one a line, with an address if there is one. */
  readonly plannedControls?: string;
  readonly updatedControls?: string;
  /** A share: 0.3 is "30 % fewer a week". */
  readonly reduceBy?: number | null;
  readonly baselineWeeks?: number | null;
  readonly settleDays?: number | null;
  readonly windowWeeks?: number | null;
  readonly minimumSample?: number | null;
  /** `criterion` where an acceptance criterion stands in the ticket. */
  readonly metric?: string;
  readonly direction?: string;
  readonly increaseBy?: number | null;
  /** A value to be reached, in the unit of the metric. */
  readonly target?: number | null;
  readonly criterion?: string | null;
  /** Id, name or account of the person who judges the criterion. */
  readonly judge?: string | null;
  readonly judgement?: 'met' | 'not-met';
  readonly judgementEvidence?: string;
}

/** What a mapping from `improvement` yields: the fields of one ticket, as the connector's sink takes them. */
export type TicketFields = JsonObject;
