import { decideInReview, endInReview, reviewInput } from '../../../sync/index.js';
import { dayAt, type Stage } from '../stage.js';
import type { Happening } from './happening.js';

/** Somebody has looked at a quiet source and found nothing beyond what is in the register. */
const noneFound = (day: number, category: string, by: string, note: string, days = 90): Happening => ({
  day,
  act: async ({ world, now }: Stage) =>
    void (await reviewInput(world, { category, by, note, from: dayAt(now, -days).slice(0, 10), to: dayAt(now, -1).slice(0, 10) })),
});

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
  noneFound(95, 'problem', 'p.lindqvist', 'All open problems were gone through with the resolver groups: none found.'),
  noneFound(95, 'security-incident', 'l.weber', 'No security incident in the quarter; the log of the gateway was sampled: none found.'),
  noneFound(186, 'problem', 'p.lindqvist', 'Two problems were closed by known errors: none found.'),
  noneFound(277, 'problem', 'p.lindqvist', 'None open: none found.'),
  noneFound(
    242,
    'security-incident',
    'l.weber',
    'The one of February was gone through again: none found beyond what is in the register.',
    110,
  ),
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
