import { switchGate } from '../furnish-config.js';
import type { Stage } from '../stage.js';
import type { Happening } from './happening.js';
import { text } from './incidents.js';
import { type ServiceId, serviceKey } from './parties.js';
import { gateOff } from './policy.js';
import { reviews } from './reviews.js';

type Row = Readonly<Record<string, string>>;

const put = async ({ servicenow }: Stage, table: string, records: readonly Row[]): Promise<void> =>
  void (await servicenow.control('POST', `records/${table}`, { records }));

/** Raised by hand, by somebody at their desk. */
const idea = (day: number, by: string, summary: string, description: string, fields: Readonly<Record<string, unknown>>): Happening => ({
  day,
  act: async ({ jira }) =>
    void (await jira.control('POST', 'issues', {
      by,
      issues: [{ project: 'IMP', summary, description, fields }],
    })),
});

const criticalIncident = (day: number, service: ServiceId, title: string): Happening => ({
  day,
  act: (stage) =>
    put(stage, 'incident', [
      {
        short_description: title,
        opened_at: text(new Date(Date.parse(stage.now) - 7_200_000)),
        business_service: serviceKey(service),
        category: 'network',
        subcategory: 'outage',
        impact: '1',
        urgency: '1',
        state: '6',
        close_code: 'Solution provided',
        close_notes: 'Restored; the review is planned.',
      },
    ]),
});

/** A change of the organisation's own, which nobody made for an improvement, and which was backed out. */
const failedChange = (day: number, service: ServiceId, title: string): Happening => ({
  day,
  act: (stage) =>
    put(stage, 'change_request', [
      {
        short_description: title,
        type: 'normal',
        business_service: serviceKey(service),
        state: '3',
        approval: 'approved',
        approval_set: text(new Date(Date.parse(stage.now) - 5 * 86_400_000)),
        work_start: text(new Date(Date.parse(stage.now) - 10 * 3_600_000)),
        work_end: text(new Date(Date.parse(stage.now) - 7 * 3_600_000)),
        close_code: 'unsuccessful',
        close_notes: 'Backed out.',
      },
    ]),
});

/** Service level targets that were missed: each on an incident of that service. */
const breaches = (days: readonly number[], sla: string, definition: Row, service: ServiceId): readonly Happening[] =>
  days.map((day, index) => ({
    day,
    act: async (stage) => {
      if (index === 0) await put(stage, 'contract_sla', [{ sys_id: sla, ...definition }]);
      const opened = new Date(Date.parse(stage.now) - 30 * 3_600_000);
      const ended = new Date(Date.parse(stage.now) - 3_600_000);
      const id = `5e51ce${String(900_000 + day).padStart(26, '0')}`;
      await put(stage, 'incident', [
        {
          sys_id: id,
          short_description: `A request that took too long (${day})`,
          opened_at: text(opened),
          business_service: serviceKey(service),
          category: 'inquiry',
          impact: '2',
          urgency: '2',
          state: '6',
          close_code: 'Solution provided',
          close_notes: 'Done.',
        },
      ]);
      await put(stage, 'task_sla', [
        {
          task: id,
          sla,
          stage: 'completed',
          active: 'false',
          has_breached: 'true',
          start_time: text(opened),
          planned_end_time: text(new Date(opened.getTime() + 8 * 3_600_000)),
          end_time: text(ended),
        },
      ]);
    },
  }));

/** What happens in the year besides everyday incidents, in no particular order. */
export const happenings: readonly Happening[] = [
  idea(16, 'owner@example.com', 'Publish the on-call hand-over checklist', 'Half of the night calls ask what the day shift knew.', {
    Category: 'Incident',
    'Rate reduction target %': 30,
    'Measurement window weeks': 8,
  }),
  idea(150, 'weber@example.com', 'Retire the weekly capacity meeting', 'Nobody has decided anything in it since spring.', {
    Category: 'Staff suggestion',
    'Acceptance criterion': 'Three colleagues who were not asked before find it useful.',
    Judge: 't.hansen',
  }),
  idea(296, 'owner@example.com', 'A dashboard for the night shift', 'They phone around for what three screens would show.', {
    Category: 'Staff suggestion',
    'Acceptance criterion': 'Three colleagues who were not asked before find it useful.',
    Judge: 't.hansen',
  }),
  idea(246, 'lindqvist@example.com', 'One page that says who decides about what', 'Asked every week by new colleagues.', {
    Category: 'Staff suggestion',
    'Acceptance criterion': 'Three colleagues who were not asked before find it useful.',
    Judge: 't.hansen',
  }),
  {
    day: 18,
    act: async ({ jira }) =>
      void (await jira.control('POST', 'issues', {
        by: 'owner@example.com',
        issues: [
          {
            project: 'AUD',
            summary: 'Two improvements closed without a measured result',
            fields: { Severity: 'Major', Clause: '10.2 c', components: ['ERP'] },
          },
        ],
      })),
  },
  criticalIncident(37, 'payments', 'Payment gateway down for forty minutes'),
  criticalIncident(190, 'erp', 'Core switch failure takes the Hamburg site down'),
  failedChange(86, 'mail', 'Upgrade of the mail gateway'),
  failedChange(283, 'identity', 'Renewal of the sign-in certificate'),
  failedChange(232, 'erp', 'Kernel patch of the ERP cluster'),
  ...breaches([58, 63, 70], '5e51ce00000000000000000000000801', { name: 'Resolution within eight hours', type: 'SLA' }, 'mail'),
  ...breaches([240, 247, 254], '5e51ce00000000000000000000000802', { name: 'Checkout available 99.9 %', type: 'SLA' }, 'checkout'),
  {
    day: 128,
    act: (stage) =>
      put(stage, 'sn_si_incident', [
        {
          short_description: 'A mailbox forwards to an unknown address',
          opened_at: text(new Date(Date.parse(stage.now) - 7_200_000)),
          business_service: serviceKey('mail'),
          category: 'phishing',
          priority: '2',
        },
      ]),
  },
  {
    day: gateOff.from,
    act: (stage) =>
      stage.reopen(() =>
        switchGate(stage.dir, [{ gate: gateOff.gate, because: gateOff.because, by: gateOff.by, since: stage.now.slice(0, 10) }]),
      ),
  },
  { day: gateOff.to, act: (stage) => stage.reopen(() => switchGate(stage.dir, [])) },
  ...reviews,
  // Answers that are lost after the work was done, and a gateway that is away for a moment.
  { day: 0, act: makeTrouble },
  { day: 60, act: makeTrouble },
  { day: 210, act: makeTrouble },
];

async function makeTrouble({ jira, servicenow }: Stage): Promise<void> {
  await jira.control('POST', 'faults', {
    faults: [{ match: { method: 'POST', path: '/rest/api/3/issue$' }, kind: 'commit-then-drop', times: 2 }],
  });
  await servicenow.control('POST', 'faults', {
    faults: [
      { match: { method: 'POST', path: 'change_request' }, kind: 'commit-then-500', times: 1 },
      { match: { method: 'GET', path: 'incident' }, kind: 'status-502-html', times: 1 },
    ],
  });
}
