/** What happens to one kind of incident, and what its people do about it. */
export interface Story {
  readonly service: string;
  /** sys_id of the service in ServiceNow, as directory.yaml knows it. */
  readonly serviceId: string;
  readonly category: string;
  readonly subcategory: string;
  readonly text: string;
  readonly priority: { readonly impact: string; readonly urgency: string };
  /** Incidents a week in ordinary times. */
  readonly weekly: number;
  /** The weeks after the release in which it bursts, and how often then. */
  readonly burst?: { readonly from: number; readonly weeks: number; readonly weekly: number };
  /** Incidents a week once the n-th change has been carried out: 0 none yet. */
  readonly afterChange: readonly number[];
  readonly decision: 'approve' | 'reject' | 'defer';
  readonly rationale: string;
  readonly objective: string;
  /** How the changes end, one after another; the last one repeats. */
  readonly closeCodes: readonly string[];
}

const id = (n: number): string => `5e51ce${String(n).padStart(26, '0')}`;
const moderate = { impact: '2', urgency: '2' };

/** An invented organisation whose cases between them show every way in which an improvement can end. */
export const stories: readonly Story[] = [
  {
    service: 'Checkout',
    serviceId: id(1),
    category: 'software',
    subcategory: 'session-store',
    text: 'Checkout fails while the session store restarts',
    priority: moderate,
    weekly: 6,
    burst: { from: 1, weeks: 1, weekly: 16 },
    afterChange: [1.5],
    decision: 'approve',
    rationale: 'Repeat failures at checkout cost orders every week; pooling the sessions is small and well understood.',
    objective: 'fewer-repeats',
    closeCodes: ['successful'],
  },
  {
    service: 'E-mail',
    serviceId: id(2),
    category: 'network',
    subcategory: 'relay',
    text: 'Outgoing mail is delayed at the relay',
    priority: moderate,
    weekly: 5,
    burst: { from: 1, weeks: 2, weekly: 12 },
    afterChange: [5, 1],
    decision: 'approve',
    rationale: 'Delayed mail is the second most frequent complaint of the last quarter.',
    objective: 'reliability',
    closeCodes: ['successful'],
  },
  {
    service: 'HR portal',
    serviceId: id(3),
    category: 'software',
    subcategory: 'single-sign-on',
    text: 'Sign-in to the HR portal loops',
    priority: moderate,
    weekly: 0.08,
    burst: { from: 2, weeks: 1, weekly: 7 },
    afterChange: [0.02],
    decision: 'approve',
    rationale: 'Rare, but every time it happens payroll cannot be reached.',
    objective: 'reliability',
    closeCodes: ['successful'],
  },
  {
    service: 'Warehouse',
    serviceId: id(4),
    category: 'hardware',
    subcategory: 'scanner',
    text: 'Hand scanners lose their session',
    priority: moderate,
    weekly: 4,
    burst: { from: 3, weeks: 1, weekly: 14 },
    afterChange: [4, 0.8],
    decision: 'approve',
    rationale: 'The supplier has a firmware that keeps sessions; the dock loses an hour a day.',
    objective: 'fewer-repeats',
    closeCodes: ['unsuccessful', 'successful'],
  },
  {
    service: 'E-mail',
    serviceId: id(2),
    category: 'software',
    subcategory: 'calendar',
    text: 'Calendar reminders arrive twice',
    priority: { impact: '3', urgency: '3' },
    weekly: 1,
    burst: { from: 5, weeks: 1, weekly: 9 },
    afterChange: [],
    decision: 'reject',
    rationale: 'A nuisance without effect on the service; the vendor has announced a fix for autumn.',
    objective: 'fewer-repeats',
    closeCodes: [],
  },
];
