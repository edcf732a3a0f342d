import type { Conduct, Matter } from './conduct.js';
import type { ServiceId } from './parties.js';

/** One kind of incident: how often it happens, and what its people do about it. */
export interface Story extends Matter {
  readonly service: ServiceId;
  readonly category: string;
  readonly subcategory: string;
  readonly priority: { readonly impact: string; readonly urgency: string };
  /** Incidents a week in ordinary times. */
  readonly weekly: number;
  /** The weeks after the release in which it bursts, and how often then. */
  readonly burst?: { readonly from: number; readonly weeks: number; readonly weekly: number };
  /** Incidents a week once the n-th change has been carried out. */
  readonly afterChange: readonly number[];
}

const moderate = { impact: '2', urgency: '2' };
const minor = { impact: '3', urgency: '3' };
const approve = (rationale: string, objective = 'fewer-repeats'): Conduct => ({ decision: 'approve', rationale, objective });

/** Kinds of incidents whose cases between them show every way in which an improvement can go. */
export const stories: readonly Story[] = [
  {
    service: 'checkout',
    category: 'software',
    subcategory: 'session-store',
    text: 'Checkout fails while the session store restarts',
    priority: moderate,
    weekly: 6,
    burst: { from: 0, weeks: 2, weekly: 12 },
    afterChange: [0.9],
    conducts: [
      {
        ...approve('Repeat failures at checkout cost orders every week; pooling the sessions is small and well understood.'),
        control: 'Runbook of the session store',
      },
    ],
  },
  {
    service: 'mail',
    category: 'network',
    subcategory: 'relay',
    text: 'Outgoing mail is delayed at the relay',
    priority: moderate,
    weekly: 5,
    burst: { from: 0, weeks: 3, weekly: 11 },
    afterChange: [5, 0.6],
    conducts: [approve('Delayed mail is the second most frequent complaint of the last quarter.', 'reliability')],
  },
  {
    service: 'hr-portal',
    category: 'software',
    subcategory: 'single-sign-on',
    text: 'Sign-in to the HR portal loops',
    priority: moderate,
    weekly: 0.08,
    burst: { from: 2, weeks: 2, weekly: 9 },
    afterChange: [0.02],
    conducts: [
      approve('Rare, but every time it happens payroll cannot be reached.', 'reliability'),
      { decision: 'reject', rationale: 'Too rare to be measured; the result of the first one was accepted, and the trigger stays armed.' },
    ],
  },
  {
    service: 'warehouse',
    category: 'hardware',
    subcategory: 'scanner',
    text: 'Hand scanners lose their session',
    priority: moderate,
    weekly: 4,
    burst: { from: 3, weeks: 1, weekly: 14 },
    afterChange: [4, 0.4],
    conducts: [
      {
        ...approve('The supplier has a firmware that keeps sessions; the dock loses an hour a day.'),
        changes: ['unsuccessful', 'successful'],
      },
      approve('The firmware alone did not do it: the access points in hall 3 are replaced as well.'),
    ],
  },
  {
    service: 'mail',
    category: 'software',
    subcategory: 'calendar',
    text: 'Calendar reminders arrive twice',
    priority: minor,
    weekly: 1,
    burst: { from: 5, weeks: 2, weekly: 9 },
    afterChange: [],
    conducts: [{ decision: 'reject', rationale: 'A nuisance without effect on the service; the vendor has announced a fix for autumn.' }],
  },
  {
    service: 'identity',
    category: 'software',
    subcategory: 'password-reset',
    text: 'Password resets do not reach the mobile app',
    priority: moderate,
    weekly: 1.3,
    burst: { from: 6, weeks: 2, weekly: 9 },
    afterChange: [0.1],
    conducts: [
      {
        ...approve('Every reset that is lost becomes a call; the push gateway has a documented fix.', 'reliability'),
        by: 's.mehta',
        twist: 'reopened-after-closure',
      },
      {
        decision: 'reject',
        rationale: 'Reopened because of one single reset that failed; that was a wrong number, not a recurrence.',
      },
    ],
  },
  {
    service: 'payments',
    category: 'network',
    subcategory: 'acquirer',
    text: 'Card payments time out at the acquirer',
    priority: moderate,
    weekly: 1.3,
    burst: { from: 9, weeks: 2, weekly: 10 },
    afterChange: [0.1],
    conducts: [
      { ...approve('Payments are lost while it lasts; the second line to the acquirer cannot wait.', 'reliability'), emergency: true },
    ],
  },
  {
    service: 'workplace',
    category: 'storage',
    subcategory: 'shared-folder',
    text: 'Shared folders fill up overnight',
    priority: minor,
    weekly: 1,
    burst: { from: 11, weeks: 2, weekly: 9 },
    afterChange: [],
    conducts: [
      { ...approve('Quotas would end it; the tool for them is bought.'), changes: ['never'], twist: 'withdrawn-after-approval' },
      { decision: 'reject', rationale: 'The folders move to the new platform in spring.' },
    ],
  },
  {
    service: 'vpn',
    category: 'network',
    subcategory: 'gateway',
    text: 'The VPN drops every morning at nine',
    priority: moderate,
    weekly: 1.3,
    burst: { from: 13, weeks: 2, weekly: 10 },
    afterChange: [0.1],
    conducts: [
      {
        ...approve('Half of the field staff lose a quarter of an hour a day; the timeout is a standard change.', 'reliability'),
        by: 's.mehta',
        adopts: 'standard',
        twist: 'change-edited-after-completion',
      },
    ],
  },
  {
    service: 'telephony',
    category: 'telephony',
    subcategory: 'trunk',
    text: 'Calls to the service desk are cut off',
    priority: moderate,
    weekly: 1.2,
    burst: { from: 17, weeks: 2, weekly: 10 },
    afterChange: [0.1],
    conducts: [
      {
        ...approve('The supplier offers a second trunk within the contract.', 'reliability'),
        by: 's.mehta',
        afterDays: 24,
        adopts: 'normal',
      },
    ],
  },
  {
    service: 'erp',
    category: 'software',
    subcategory: 'posting',
    text: 'Period-end postings wait for a lock',
    priority: moderate,
    weekly: 1.2,
    burst: { from: 20, weeks: 2, weekly: 10 },
    afterChange: [0.1],
    conducts: [{ ...approve('The month-end is late by a day because of it.', 'reliability'), by: 's.mehta', twist: 'held-and-resumed' }],
  },
  {
    service: 'portal',
    category: 'software',
    subcategory: 'orders',
    text: 'The customer portal shows stale orders',
    priority: moderate,
    weekly: 1.3,
    burst: { from: 23, weeks: 2, weekly: 10 },
    afterChange: [0.1],
    conducts: [
      {
        ...approve('Customers order twice because of it; the cache can be told of changes.', 'reliability'),
        twist: 'target-edited-after-approval',
      },
    ],
  },
  {
    service: 'data-warehouse',
    category: 'database',
    subcategory: 'nightly-load',
    text: 'The nightly load of the data warehouse is late',
    priority: minor,
    weekly: 1.2,
    burst: { from: 26, weeks: 2, weekly: 10 },
    afterChange: [0.1],
    conducts: [
      {
        decision: 'defer',
        alsoOpens: 'Storage for the staging area',
        rationale: 'The new storage arrives in six weeks; it is looked at again then.',
        deferDays: 42,
        objective: 'reliability',
      },
    ],
  },
  {
    service: 'workplace',
    category: 'software',
    subcategory: 'profile',
    text: 'Laptops lose their profile after an update',
    priority: moderate,
    weekly: 1.3,
    burst: { from: 29, weeks: 2, weekly: 10 },
    afterChange: [0.1],
    conducts: [{ ...approve('Every lost profile is an hour of work for two people.'), twist: 'closed-by-hand' }],
  },
  {
    service: 'warehouse',
    category: 'hardware',
    subcategory: 'label-printer',
    text: 'Labels are printed twice',
    priority: minor,
    weekly: 1.1,
    burst: { from: 22, weeks: 2, weekly: 9 },
    afterChange: [],
    conducts: [{ decision: 'leave', rationale: '' }],
  },
  {
    service: 'checkout',
    category: 'software',
    subcategory: 'voucher',
    text: 'Vouchers are rejected at checkout',
    priority: moderate,
    weekly: 1.3,
    burst: { from: 33, weeks: 2, weekly: 10 },
    afterChange: [0.1],
    conducts: [
      {
        ...approve('Each one becomes a complaint; the rule set has a known gap.', 'reliability'),
        changes: ['successful_issues'],
        twist: 'trigger-edited-after-approval',
      },
    ],
  },
  {
    service: 'telephony',
    category: 'telephony',
    subcategory: 'meeting-room',
    text: 'Meeting rooms cannot dial in',
    priority: minor,
    weekly: 1.1,
    burst: { from: 37, weeks: 2, weekly: 9 },
    afterChange: [],
    conducts: [{ ...approve('Worth doing with the refit of the rooms.'), changes: ['never'], twist: 'held-for-good' }],
  },
  {
    service: 'mail',
    category: 'security',
    subcategory: 'quarantine',
    text: 'Wanted mail ends up in quarantine',
    priority: moderate,
    weekly: 1.2,
    burst: { from: 41, weeks: 2, weekly: 10 },
    afterChange: [0.1],
    conducts: [approve('Offers reach customers a day late.', 'reliability')],
  },
  {
    service: 'payments',
    category: 'software',
    subcategory: 'refund',
    text: 'Refunds are booked twice',
    priority: moderate,
    weekly: 1.2,
    burst: { from: 46, weeks: 2, weekly: 10 },
    afterChange: [0.1],
    conducts: [approve('Finance corrects each of them by hand.')],
  },
  {
    service: 'warehouse',
    category: 'software',
    subcategory: 'parcel-label',
    text: 'Parcels are routed to the old depot',
    priority: minor,
    weekly: 1.2,
    burst: { from: 38, weeks: 2, weekly: 10 },
    afterChange: [0.1],
    conducts: [approve('Each one travels twice; the table of depots has an owner now.', 'fewer-repeats')],
  },
  {
    service: 'portal',
    category: 'software',
    subcategory: 'login',
    text: 'Customers are signed out while they order',
    priority: minor,
    weekly: 1.2,
    burst: { from: 40, weeks: 2, weekly: 10 },
    afterChange: [0.1],
    conducts: [approve('Half of them do not come back.', 'reliability')],
  },
  {
    service: 'data-warehouse',
    category: 'software',
    subcategory: 'report',
    text: 'Sales figures differ between two reports',
    priority: minor,
    weekly: 1.2,
    burst: { from: 43, weeks: 2, weekly: 10 },
    afterChange: [0.1],
    conducts: [approve('Two definitions of an order; one of them goes.', 'fewer-repeats')],
  },
];
