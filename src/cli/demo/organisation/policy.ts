/** What nobody can count is judged by somebody who did not do it. */
const judged = (criterion: string): object => ({ plan: { metric: 'criterion', criterion, judge: 't.hansen', settleDays: 7 } });

/** Rules that the invented organisation has besides the shipped ones, or in their place. What is `first` comes before them: the first that fires names the kind. */
export const rules: readonly ({ readonly id: string } & Readonly<Record<string, unknown>>)[] = [
  {
    id: 'recurring-incident',
    description: 'The same kind of incident on the same service, twelve times in four weeks.',
    recurrence: { count: 12, days: 28 },
  },
  {
    id: 'major-finding',
    first: true,
    description: 'A major nonconformity: its cause is removed, and similar ones are looked for.',
    categories: ['audit-finding'],
    severityAtLeast: 'high',
    kind: 'corrective-action',
    ...judged('The cause is gone: a sample of ten shows no further case.'),
  },
  { id: 'audit-finding', ...judged('The auditor has looked again and found it done.') },
  { id: 'overdue-input', ...judged('The input has brought something, or was reviewed, within its cadence since.') },
  { id: 'process-assessment', ...judged('The next assessment of the process is at its target.') },
  { id: 'management-review-action', ...judged('The review that follows finds it carried out.') },
  { id: 'deficient-test', ...judged('The test was repeated and kept to its plan.') },
  { id: 'failed-change', ...judged('The change was repeated without a failure, as its model now says.') },
  {
    id: 'red-supplier-measure',
    description: 'A measure of a supplier that was red in two of four quarters.',
    categories: ['supplier-performance'],
    severityAtLeast: 'high',
    recurrence: { count: 2, days: 365 },
    kind: 'supplier',
    ...judged('The measure is green or amber in the quarter after the change.'),
  },
  {
    id: 'low-satisfaction',
    description: 'A theme of the survey that customers scored below three, twice within a year.',
    categories: ['customer-feedback'],
    severityAtLeast: 'moderate',
    recurrence: { count: 2, days: 365 },
    ...judged('A short survey after the change scores it three or better.'),
  },
  {
    id: 'critical-risk',
    description: 'A risk that the register rates as critical.',
    categories: ['risk'],
    severityAtLeast: 'critical',
    ...judged('The risk is rated lower, and the treatment can be shown.'),
  },
  {
    id: 'security-incident',
    description: 'A security incident of high or higher severity.',
    categories: ['security-incident'],
    severityAtLeast: 'high',
    ...judged('The same attack, tried by the testers, no longer succeeds.'),
  },
];

/** The inputs register: who watches each source, how often it has to bring something, and what feeds it. */
export const categories: readonly ({ readonly id: string } & Readonly<Record<string, unknown>>)[] = [
  { id: 'incident', owner: 'l.weber', cadenceDays: 14, sources: ['servicenow-prod/incident'] },
  { id: 'problem', owner: 'p.lindqvist', cadenceDays: 120, sources: ['servicenow-prod/problem'] },
  { id: 'change', owner: 'p.lindqvist', cadenceDays: 60, sources: ['servicenow-prod/change_request'] },
  { id: 'sla-breach', owner: 'm.okafor', cadenceDays: 200, sources: ['servicenow-prod/task_sla'] },
  { id: 'audit-finding', owner: 't.hansen', cadenceDays: 200, sources: ['files/audit-finding', 'jira-cloud/audit-finding'] },
  { id: 'by-hand', owner: 'p.lindqvist', sources: ['jira-cloud/improvement'] },
  { id: 'customer-feedback', owner: 'm.okafor', cadenceDays: 120, sources: ['files/survey-theme'] },
  { id: 'supplier-performance', owner: 'm.okafor', cadenceDays: 120, sources: ['files/supplier-scorecard'] },
  { id: 'risk', owner: 'p.lindqvist', cadenceDays: 200, sources: ['files/risk'] },
  { id: 'security-incident', owner: 'l.weber', cadenceDays: 120, sources: ['servicenow-prod/sn_si_incident'] },
  // Nobody feeds it yet: it is overdue on purpose, as in the first year of an adopter.
  { id: 'capacity', definition: 'Capacity and performance data of services.', owner: 'l.weber', cadenceDays: 92, clauses: ['8.4.3'] },
];

/** Days after the release between which one gate is switched off, and why. */
export const gateOff = {
  from: 151,
  to: 186,
  gate: 'notes',
  because: 'Closure notes are kept in the wiki while the screen of the ticket is rebuilt.',
  by: 'a.rahman',
} as const;

/** Single settings of policy.yaml. */
export const settings: readonly (readonly [path: readonly string[], value: unknown])[] = [
  // Paper is changed on the light path, contracts by their amendment.
  [['changes'], [{ kinds: ['sms', 'corrective-action', 'supplier'], change: 'none' }]],
  [['lightPath'], [{ kinds: ['sms', 'corrective-action'] }]],
  [['contractAmendment'], { authorisers: ['a.rahman'] }],
];
