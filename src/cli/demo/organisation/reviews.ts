import { decideInReview, endInReview, reviewInput } from '../../../sync/index.js';
import { dayAt, type Stage } from '../stage.js';
import type { Happening } from './happening.js';

/** Somebody has looked at what a source brought in the last quarter, and found nothing beyond what is in the register. */
const noneFound = (day: number, category: string, by: string, note: string): Happening => ({
  day,
  act: async ({ world, now }: Stage) => void (await reviewInput(world, { category, by, note, ...quarterBefore(now) })),
});

/** First and last day of the calendar quarter before this instant. */
function quarterBefore(now: string): { readonly from: string; readonly to: string } {
  const [year = 0, month = 1] = now.split('-').map(Number);
  const first = Math.floor((month - 1) / 3) * 3;
  const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
  return { from: dayOf(Date.UTC(year, first - 3, 1)), to: dayOf(Date.UTC(year, first, 0)) };
}

/** The days on which the quarters are looked back at, a week after their end. */
const lookBacks = [95, 186, 277, 361] as const;
const each = (category: string, by: string, note: string, days: readonly number[] = lookBacks): readonly Happening[] =>
  days.map((day) => noneFound(day, category, by, note));

/** The management review of a half-year: what was decided, and what of an earlier review was carried out since. */
const managementReview = (
  day: number,
  decisions: readonly { readonly decision: string; readonly owner: string; readonly dueDays: number }[],
): Happening => ({
  day,
  act: async ({ world, now }: Stage) => {
    const period = { from: dayAt(now, -182).slice(0, 10), to: dayAt(now, -1).slice(0, 10) };
    for (const { decision, owner, dueDays } of decisions)
      await decideInReview(world, { period, by: 'a.rahman', decision, owner, due: dayAt(now, dueDays).slice(0, 10) });
  },
});

const carriedOut = (day: number, id: string, by: string, note: string): Happening => ({
  day,
  act: async ({ world }: Stage) => endInReview(world, id, { by, note }),
});

/** What people record besides deciding about tickets: sources that were reviewed, and two management reviews. */
export const reviews: readonly Happening[] = [
  ...each('problem', 'p.lindqvist', 'The open problems were gone through with the resolver groups: none found.'),
  ...each('incident', 'l.weber', 'No major incident in the quarter; what recurs is in the register already.', [186, 361]),
  ...each('security-incident', 'l.weber', 'The log of the gateway was sampled: none found beyond what is in the register.'),
  ...each(
    'supplier-performance',
    'm.okafor',
    'The scorecards were gone through with the suppliers: none found beyond what is in the register.',
  ),
  ...each('continuity-test', 'm.okafor', 'The plan of tests was compared with what was tested: none found beyond what is in the register.'),
  ...each('sms-assessment', 'l.weber', 'The scores were compared with those before: none found beyond what is in the register.'),
  ...each('change', 'p.lindqvist', 'The changes of the quarter were looked through for trends: none found beyond what is in the register.'),
  ...each('customer-feedback', 'm.okafor', 'The answers were read: none found beyond what is in the register.', [95, 186, 361]),
  ...each('unavailability', 'm.okafor', 'Each outage was short and of another cause: none found.', [95, 186, 361]),
  ...each('sla-breach', 'm.okafor', 'No further target was missed: none found beyond what is in the register.', [186, 361]),
  ...each('internal-supplier', 'l.weber', 'Agreed with the network team: none found.', [186, 361]),
  managementReview(102, [
    { decision: 'Suppliers are invited to the review of their scorecards.', owner: 'm.okafor', dueDays: 60 },
    { decision: 'The objective for recurring incidents stays at 30 % for another year.', owner: 'a.rahman', dueDays: 30 },
  ]),
  carriedOut(140, 'MR-0001', 'm.okafor', 'Northwind and Contoso have taken part in March.'),
  carriedOut(126, 'MR-0002', 'a.rahman', 'Objectives were confirmed in policy.yaml.'),
  managementReview(284, [
    { decision: 'Capacity data is collected for the three critical services.', owner: 'l.weber', dueDays: 60 },
    { decision: 'One more engineer is trained for the month-end batch.', owner: 'p.lindqvist', dueDays: 45 },
  ]),
  carriedOut(322, 'MR-0004', 'p.lindqvist', 'Trained in August; the September run was done by the second engineer.'),
];
