import type { Systems } from './simulators.js';

/** When the stories begin. */
export const beginning = '2026-03-02T09:00:00.000Z';
/** Only what occurs after this raises improvements. */
export const raiseFrom = '2026-03-01T00:00:00.000Z';

const checkout = '5e51ce00000000000000000000000001';
const approver = 'approver@example.com';
const account = (n: number): string => `712020:00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/**
 * Fills both systems so that exactly one improvement must be raised: five incidents of one kind on one service within the last day, beside
 * incidents of other kinds, a problem, a change and an audit finding that raise nothing. The incidents fill more than one page of ten.
 */
export async function seed({ servicenow, jira }: Systems, now = beginning): Promise<void> {
  await servicenow.load('cmdb_ci_service', [{ sys_id: checkout, name: 'Checkout' }]);
  const at = (hoursAgo: number): string => new Date(Date.parse(now) - hoursAgo * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
  const incident = (n: number, subcategory: string): Record<string, unknown> => ({
    number: `INC00${10_000 + n}`,
    short_description: `Checkout fails: ${subcategory}`,
    business_service: checkout,
    category: 'software',
    subcategory,
    impact: '2',
    urgency: '2',
    state: '2',
    opened_at: at(20 - n),
    sys_created_on: at(20 - n),
    sys_updated_on: at(20 - n),
  });
  const kinds = [
    'session-store',
    'dns',
    'session-store',
    'disk',
    'session-store',
    'certificate',
    'session-store',
    'memory',
    'batch',
    'cache',
    'queue',
    'session-store',
    'mail',
  ];
  await servicenow.load(
    'incident',
    kinds.map((kind, n) => incident(n, kind)),
  );
  await servicenow.load('problem', [
    { number: 'PRB0010001', short_description: 'Session store restarts', sys_created_on: at(9), sys_updated_on: at(9) },
  ]);
  await servicenow.load('change_request', [
    {
      number: 'CHG0010001',
      short_description: 'Renew certificates',
      type: 'normal',
      state: '-5',
      sys_created_on: at(30),
      sys_updated_on: at(30),
    },
  ]);
  await jira.people(
    { accountId: account(2), displayName: 'Mary Okafor' },
    { accountId: account(3), displayName: 'Amir Rahman' },
    { accountId: account(7), displayName: 'Lena Weber', email: 'weber@example.com' },
  );
  await jira.insert([{ project: 'AUD', summary: 'Minutes lack a date', fields: { Severity: 'Observation' } }], 'owner@example.com');
}

/** What people do when they find a proposed improvement: the approver approves it. */
export async function actAsPeople({ jira }: Systems): Promise<void> {
  for (const issue of await jira.issues({ project: 'IMP' }))
    if (issue.status === 'Proposed')
      await jira.transition(issue.id, {
        to: 'Approved',
        by: approver,
        fields: { 'Decision rationale': 'Repeat failures at checkout cost orders every week.', Objective: 'fewer-repeats' },
      });
}
