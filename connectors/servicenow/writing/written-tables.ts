import type { SinkField } from 'golden-thread/kit';

/** One table that is written, and what is not ours to write in it. */
export interface WrittenTable {
  readonly name: 'change_request' | 'change_task' | 'sn_cim_register';
  /** What messages call one of its records. */
  readonly one: string;
  readonly about: string;
  /** Columns that are not written, and why. */
  readonly refused: Readonly<Record<string, string>>;
  /** Columns without which no record is created. */
  readonly needed: readonly string[];
  /** Fields of a mapping that are no columns. */
  readonly beside: readonly SinkField[];
  /** Roles that may create its records on an instance as delivered. */
  readonly roles: readonly string[];
}

const identity = 'it carries the idempotency key';
const appended = 'notes are appended and would double; use a comment step';

/** What no table takes from us: the identity is ours, notes are appended by a step of their own, the rest ServiceNow sets itself. */
const always: Readonly<Record<string, string>> = {
  work_notes: appended,
  comments: appended,
  comments_and_work_notes: appended,
  correlation_id: identity,
  correlation_display: identity,
  ...Object.fromEntries(
    ['number', 'approval_set', 'approval_history', 'work_start', 'work_end', 'opened_at', 'opened_by', 'closed_at', 'closed_by'].map(
      (name) => [name, 'ServiceNow sets it itself'],
    ),
  ),
};

const ofChange = {
  state: 'a change is moved by its people, never from here',
  approval: 'a change is approved by its approvers, never from here',
  close_code: 'a change is closed by its people, never from here',
  close_notes: 'a change is closed by its people, never from here',
};

export const writtenTables: readonly WrittenTable[] = [
  {
    name: 'change_request',
    one: 'change',
    about: 'A change request (normal, emergency, or standard from a template), created as New; its people move and approve it.',
    refused: { ...always, ...ofChange, std_change_producer_version: 'name the template as standard_template' },
    needed: [],
    beside: [
      { name: 'standard_template', required: false },
      { name: 'affected_cis', required: false },
    ],
    roles: ['admin', 'change_manager', 'itil', 'sn_change_write'],
  },
  {
    name: 'change_task',
    one: 'change task',
    about: 'A task of a change request, whose sys_id stands in its field change_request.',
    refused: { ...always, ...ofChange },
    needed: ['change_request'],
    beside: [],
    roles: ['admin', 'change_manager', 'itil', 'sn_change_write'],
  },
  {
    name: 'sn_cim_register',
    one: 'initiative',
    about: 'An improvement in the register of Continual Improvement Management; its coordinator moves it, its approvers approve it.',
    refused: {
      ...always,
      ...Object.fromEntries(
        [
          'state',
          'approval',
          'close_code',
          'closure_code',
          'close_notes',
          'closureCode',
          'achievedOutcome',
          'achieved_outcome_category',
        ].map((name) => [name, 'an initiative is moved, approved and closed by its people, never from here']),
      ),
    },
    needed: ['short_description'],
    beside: [],
    roles: ['admin', 'sn_cim.admin', 'sn_cim.coordinator', 'sn_cim.improvement_requester'],
  },
];

/** The tables that are offered with these streams: what cannot be read back is not, except for changes. */
export function offeredTables(streams: ReadonlySet<string>): readonly WrittenTable[] {
  return writtenTables.filter(({ name }) => name === 'change_request' || streams.has(name));
}
