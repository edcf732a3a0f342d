import type { Conduct, Matter } from './conduct.js';
import { stories } from './stories.js';

const approve = (rationale: string, objective = 'compliance'): Conduct => ({ decision: 'approve', rationale, objective });
const acceptedBefore: Conduct = {
  decision: 'reject',
  rationale: 'Too few records will ever come to measure it by; the first result was accepted, and the trigger stays armed.',
};

/** What its people do about everything that no story tells of: findings, suppliers, surveys, risks, single failures, ideas of their own. */
const others: readonly Matter[] = [
  {
    text: 'Publish the on-call hand-over checklist',
    conducts: [
      {
        ...approve('Half of the night calls ask what the day shift knew; a page of text ends that.', 'fewer-repeats'),
        control: 'Handbook of the night shift, chapter 2',
      },
      acceptedBefore,
    ],
  },
  {
    text: 'Retire the weekly capacity meeting',
    conducts: [{ decision: 'reject', rationale: 'The meeting is the only place where sales and operations see the same numbers.' }],
  },
  {
    text: 'A dashboard for the night shift',
    conducts: [approve('Three screens cost less than one call at night.', 'reliability')],
  },
  {
    text: 'Two services have no continuity test',
    conducts: [
      {
        ...approve('A plan that was never tried is a hope.', 'reliability'),
        lightPath: { because: 'A test is planned; nothing is changed by it.', evidence: 'Plan of continuity tests' },
        control: 'Plan of continuity tests',
      },
      acceptedBefore,
    ],
  },
  {
    text: 'Renewal of the sign-in certificate',
    conducts: [approve('Nobody owned the certificate; its renewal becomes a standard change.', 'fewer-repeats'), acceptedBefore],
  },
  {
    text: 'A mailbox forwards to an unknown address',
    conducts: [approve('Forwarding to the outside is switched off for everybody.', 'reliability'), acceptedBefore],
  },
  {
    text: 'Nothing from the input',
    conducts: [
      {
        ...approve('The clause asks for this source; somebody has to own it.'),
        lightPath: { because: 'Data is collected; no service is changed.', evidence: 'Plan for collecting capacity data' },
      },
    ],
  },
  {
    text: 'findings of the same requirement',
    conducts: [
      {
        ...approve('The same requirement was missed again; the cause lies deeper than the reminder.'),
        cause: 'Reviews have no owner among the services.',
        similarElsewhere: 'Licences and certificates were looked at: certificates had none either.',
        lightPath: { because: 'Ownership is written down; no service is changed.', evidence: 'List of owners of reviews' },
      },
    ],
  },
  {
    text: 'Incident management: assessed',
    conducts: [
      {
        ...approve('The score fell twice: two of five steps of the process serve nobody and are left out.'),
        lightPath: { because: 'The process gets shorter; no service is changed.', evidence: 'Incident management, version 5' },
        control: 'Incident management process',
      },
    ],
  },
  {
    text: 'Train a second engineer for the month-end batch',
    conducts: [
      {
        ...approve('Decided in the management review.', 'reliability'),
        lightPath: { because: 'A training; no service is changed.', evidence: 'Record of the training' },
      },
    ],
  },
  {
    text: 'Restore of the payments database',
    conducts: [approve('The restore took twice as long as the plan allows.', 'reliability'), acceptedBefore],
  },
  {
    text: 'One page that says who decides about what',
    conducts: [approve('New colleagues ask it every week.')],
  },
  {
    text: 'Two improvements closed without a measured result',
    conducts: [
      {
        ...approve('A finding of the internal audit; the gate that prevents it is now enforced by software.'),
        cause: 'The register was a table in which anybody could type a closing date.',
        similarElsewhere: 'The problem register was looked at as well: none found.',
        lightPath: { because: 'It changes a procedure and no service.', evidence: 'Procedure for improvements, version 3' },
        control: 'Procedure for improvements',
      },
      acceptedBefore,
    ],
  },
  {
    text: 'Post-incident reviews are missing for two major incidents',
    conducts: [
      {
        ...approve('A repeated finding; reviews get a date when the incident is closed.'),
        lightPath: { because: 'It changes a template and no service.', evidence: 'Template for post-incident reviews' },
      },
      acceptedBefore,
    ],
  },
  {
    text: 'Supplier reviews are not recorded',
    conducts: [
      {
        ...approve('Without minutes nobody can show what was agreed.'),
        lightPath: { because: 'It changes how meetings are recorded.', evidence: 'Minutes of the supplier review in March' },
      },
      acceptedBefore,
    ],
  },
  {
    text: 'Access reviews are late by a month',
    conducts: [
      {
        ...approve('The reminder went to somebody who had left; it goes to the owners of the services.'),
        cause: 'The reminder was addressed to a person instead of a role.',
        similarElsewhere: 'Licence reviews have the same reminder; it was changed too.',
        lightPath: { because: 'An entry in a calendar; no service is touched.', evidence: 'Calendar of reviews' },
        control: 'Procedure for access reviews',
      },
    ],
  },
  {
    text: 'Northwind Logistics: Deliveries on time',
    conducts: [
      {
        ...approve('Red in two quarters: the window for deliveries is moved in the contract.', 'reliability'),
        lightPath: {
          because: 'Agreed with the supplier: annex 3 gets a new window.',
          evidence: 'Contract with Northwind Logistics, annex 3',
        },
        control: 'Contract with Northwind Logistics, annex 3',
      },
      acceptedBefore,
    ],
  },
  {
    text: 'Contoso Telecom: Time to restore',
    conducts: [
      {
        ...approve('Red in two quarters: a spare line is added to the contract.', 'reliability'),
        lightPath: { because: 'Agreed with the supplier: annex 1 gets a spare line.', evidence: 'Contract with Contoso Telecom, annex 1' },
        found: 'Not met',
        control: 'Contract with Contoso Telecom, annex 1',
      },
      {
        ...approve('The spare line alone was not enough: a second engineer is on call, by the same annex.', 'reliability'),
        lightPath: {
          because: 'Agreed with the supplier, by the same annex.',
          evidence: 'Contract with Contoso Telecom, annex 1, second version',
        },
      },
    ],
  },
  {
    text: 'Waiting time at the service desk',
    conducts: [approve('The lowest score of the survey, twice; a second shift on Mondays costs little.', 'reliability'), acceptedBefore],
  },
  {
    text: 'One engineer knows the month-end batch',
    conducts: [approve('A risk that the review of risks rates as critical.', 'reliability'), acceptedBefore],
  },
  {
    text: 'Payment gateway down for forty minutes',
    conducts: [approve('The review of the major incident asks for a second gateway.', 'reliability'), acceptedBefore],
  },
  {
    text: 'Core switch failure takes the Hamburg site down',
    conducts: [approve('The review of the major incident asks for a spare on site.', 'reliability'), acceptedBefore],
  },
  {
    text: 'Upgrade of the mail gateway',
    conducts: [approve('Backed out at night; the rehearsal becomes part of the change model.', 'fewer-repeats'), acceptedBefore],
  },
  {
    text: 'Kernel patch of the ERP cluster',
    conducts: [{ decision: 'reject', rationale: 'A single failure of a disk; the change itself was sound and was repeated a day later.' }],
  },
  {
    text: 'Missed Resolution within eight hours',
    conducts: [approve('The promise to customers is missed for want of a hand-over at six.', 'reliability'), acceptedBefore],
  },
  {
    text: 'Missed Checkout available 99.9 %',
    conducts: [approve('Three breaches in a month endanger the contract.', 'reliability'), acceptedBefore],
  },
];

export const matters: readonly Matter[] = [...stories, ...others];

/** What is done about whatever nobody has written down. */
export const anythingElse: Matter = {
  text: '',
  conducts: [approve('Seen in the weekly review; worth the effort.')],
};

/** The matter that a title is about. */
export function matterOf(title: string): Matter {
  return matters.find(({ text }) => title.includes(text)) ?? anythingElse;
}
