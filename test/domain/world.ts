import {
  Directory,
  Policy,
  caseKeysOf,
  firedRules,
  raise,
  type ChangeState,
  type Evidence,
  type Improvement,
  type ImprovementInput,
  type LifecycleContext,
  type LinkDraft,
  type LinkedChange,
  type Measurement,
  type TicketEntry,
  type TicketReading,
} from '../../src/domain/index.js';

/** A small organisation: Olga owns e-mail, Anton decides about it, Carla accepts, Fred has left and Dora stands in for him. */
export const directory: Directory = Directory.parse({
  services: [
    {
      id: 'e-mail',
      name: 'E-mail',
      ids: { snow: ['svc-1'] },
      aliases: ['Corporate Mail'],
      owner: 'olga',
      approver: 'anton',
      supplier: 'mailco',
    },
    { id: 'erp', name: 'ERP', ids: { snow: ['svc-2'] }, owner: 'fred', approver: 'fred' },
    { id: 'wiki', name: 'Wiki' },
  ],
  people: [
    { id: 'olga', name: 'Olga Owner', accounts: { jira: 'acc-olga' } },
    { id: 'anton', name: 'Anton Approver', accounts: { jira: 'acc-anton' } },
    { id: 'carla', name: 'Carla Chief', accounts: { jira: 'acc-carla' } },
    { id: 'fred', name: 'Fred Former', accounts: { jira: 'acc-fred' }, deputy: 'dora', leaves: '2025-12-31' },
    { id: 'dora', name: 'Dora Deputy', accounts: { jira: 'acc-dora' } },
    { id: 'peter', name: 'Peter Passer-by', accounts: { jira: 'acc-peter' } },
    { id: 'sam', name: 'Sam Fallback', accounts: { jira: 'acc-sam' } },
  ],
  suppliers: [{ id: 'mailco', name: 'MailCo' }],
});

export const policy: Policy = Policy.parse({
  categories: [
    { id: 'incident', definition: 'Something broke' },
    { id: 'major-incident', definition: 'Something big broke' },
    { id: 'audit-finding', definition: 'A finding', clauses: ['9.2'] },
  ],
  objectives: [{ id: 'availability', statement: 'E-mail works 99.9 % of the time' }],
  rules: [
    {
      id: 'recurring',
      description: 'The same trouble five times in 30 days',
      categories: ['incident'],
      recurrence: { count: 5, days: 30 },
    },
    { id: 'major', description: 'Every critical incident', categories: ['incident', 'major-incident'], severityAtLeast: 'critical' },
    { id: 'finding', description: 'Every finding', categories: ['audit-finding'], kind: 'corrective-action' },
  ],
  roles: { defaultOwner: 'sam', defaultApprover: 'carla', approvers: ['carla'], acceptors: ['carla'] },
  routing: { ticketSystem: 'jira', ticketProject: 'IMP', changeSystem: 'snow' },
});

export const context: LifecycleContext = { policy, directory, timeZone: 'Europe/Berlin' };
export const start = '2026-03-01T00:00:00.000Z';

/** The instant `days` after 1 March 2026. */
export function day(days: number): string {
  return new Date(Date.parse(start) + days * 86_400_000).toISOString();
}

/** An incident about e-mail, unless told otherwise. */
export function input(
  key: string,
  occurredAt: string,
  more: Partial<ImprovementInput> & { readonly links?: readonly LinkDraft[] } = {},
): ImprovementInput {
  const { links = [], ...rest } = more;
  const trigger = rest.trigger ?? { system: 'snow', stream: 'incident', key };
  const recurrenceKey = 'recurrenceKey' in rest ? rest.recurrenceKey : 'svc-1/mail/smtp';
  const { recurrenceKey: _own, ...others } = rest;
  const recurrence = recurrenceKey === undefined ? {} : { recurrenceKey };
  return {
    id: `in-${key}`,
    trigger,
    number: `INC${key}`,
    url: `https://snow.example/${key}`,
    category: 'incident',
    title: 'E-mail cannot be sent',
    occurredAt,
    severity: 'moderate',
    services: ['svc-1'],
    serviceIds: ['e-mail'],
    processes: ['incident management'],
    facts: {},
    caseKeys: caseKeysOf({ trigger, ...recurrence }, links),
    madeBy: { mapping: 'servicenow/incident', mappingHash: 'm', recordHash: 'r' },
    ...recurrence,
    ...others,
  };
}

/** An improvement that five incidents in five days have raised, on day 5. */
export function proposed(more: Partial<Improvement> = {}): Improvement {
  const inputs = [0, 1, 2, 3, 4].map((index) => input(`${index}`, day(index)));
  const last = inputs[4] as ImprovementInput;
  const [fired] = firedRules(policy, last, inputs, { raiseFrom: start });
  if (fired === undefined) throw new Error('the rule should have fired');
  const raised = raise(fired, { policy, directory, timeZone: 'Europe/Berlin', at: day(5), number: 'IMP-0001', episode: 0 });
  return {
    ...raised,
    ticket: { system: 'jira', resource: 'issue', key: '10001', number: 'IMP-1', url: 'https://jira.example/IMP-1' },
    ...more,
  };
}

export const goodReading: TicketReading = { rationale: 'It hurts every week', objective: 'availability', closureNotes: 'Works as planned' };

let counter = 1000;

/** Somebody moves or edits the ticket. */
export function entry(
  account: string,
  to: TicketEntry['to'],
  at: string,
  reading: TicketReading = goodReading,
  more: Partial<TicketEntry> = {},
): TicketEntry {
  counter += 1;
  return {
    is: 'ticket-entry',
    at,
    historyId: `${counter}`,
    system: 'jira',
    actor: { id: account, kind: 'person' },
    reading,
    ...(to === undefined ? {} : { to }),
    ...more,
  };
}

export const changeRef = { system: 'snow', stream: 'change_request', key: 'chg-1' };

export function change(state?: Partial<ChangeState>, more: Partial<LinkedChange> = {}): LinkedChange {
  const full: ChangeState = { type: 'normal', phase: 'planned', approval: 'requested', ...state };
  return {
    ref: changeRef,
    number: 'CHG1',
    url: 'https://snow.example/chg-1',
    origin: 'created',
    required: true,
    ...(state === undefined ? {} : { state: full }),
    ...more,
  };
}

export function evidence(ref = changeRef, at = day(21)): Evidence {
  return { kind: 'change-completion', at, ref, hash: `hash-of-${ref.key}`, content: { state: 'closed' } };
}

/** A measurement against the plan of `proposed()`: 26 weeks before the window of its rule, 8 weeks of window. */
export function measurement(improvement: Improvement, result: Measurement['result'], at: string): Measurement {
  const { plan } = improvement;
  if (plan.metric === 'criterion') throw new Error('a person judges it');
  const before = (to: string, weeks: number): { from: string; to: string } => ({
    from: new Date(Date.parse(to) - weeks * 7 * 86_400_000).toISOString(),
    to,
  });
  return {
    at,
    result,
    sentence: `It is ${result}.`,
    baseline: { ...before(plan.baselineEnd, plan.baselineWeeks), weekly: [], rate: 10 },
    window: { ...before(at, plan.windowWeeks), weekly: [], rate: 5 },
    dispersion: 1,
    method: 'test',
  };
}

/** mulberry32: a seeded source of randomness for simulations. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
