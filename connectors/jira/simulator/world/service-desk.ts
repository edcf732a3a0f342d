import { workflowOf } from './workflows.js';
import type { Field, IssueType, Named, Project, Status } from './types.js';

const options = (first: number, names: readonly string[]): readonly Named[] =>
  names.map((name, index) => ({ id: String(first + index), name }));

const hour = 3_600_000;
const desk = 'com.atlassian.servicedesk';

/** The fields that Jira Service Management adds, and those that its templates use. */
export const serviceDeskFields: readonly Field[] = [
  {
    id: 'customfield_10060',
    name: 'Time to resolution',
    kind: 'sla',
    schema: { type: 'sd-servicelevelagreement', custom: `${desk}:sd-sla-field` },
    sla: { projects: ['ITS'], goalMs: 8 * hour, goalByPriority: { '1': 4 * hour, '2': 6 * hour }, stops: ['done'], pauses: ['10011'] },
  },
  {
    id: 'customfield_10061',
    name: 'Time to first response',
    kind: 'sla',
    schema: { type: 'sd-servicelevelagreement', custom: `${desk}:sd-sla-field` },
    sla: { projects: ['ITS'], goalMs: hour, stops: ['indeterminate', 'done'], pauses: [] },
  },
  { id: 'customfield_10062', name: 'Request Type', kind: 'given', schema: { type: 'sd-customerrequesttype', custom: `${desk}:vp-origin` } },
  {
    id: 'customfield_10063',
    name: 'Organizations',
    kind: 'given',
    schema: { type: 'array', items: 'sd-customerorganization', custom: `${desk}:sd-customer-organizations` },
  },
  {
    id: 'customfield_10064',
    name: 'Approvals',
    kind: 'given',
    schema: { type: 'sd-approvals', custom: 'com.atlassian.servicedesk.approvals-plugin:sd-approvals' },
  },
  {
    id: 'customfield_10065',
    name: 'Affected services',
    kind: 'given',
    schema: {
      type: 'array',
      items: 'service-entity-field',
      custom: 'com.atlassian.jira.plugins.service-entity:service-entity-field-cftype',
    },
  },
  {
    id: 'customfield_10066',
    name: 'Affected hardware',
    kind: 'given',
    schema: { type: 'array', items: 'cmdb-object-field', custom: 'com.atlassian.jira.plugins.cmdb:cmdb-object-cftype' },
  },
  { id: 'customfield_10067', name: 'Root cause', kind: 'adf' },
  { id: 'customfield_10068', name: 'Workaround', kind: 'adf' },
  { id: 'customfield_10069', name: 'Change type', kind: 'select', options: options(10220, ['Normal', 'Standard', 'Emergency']) },
  { id: 'customfield_10070', name: 'Change risk', kind: 'select', options: options(10230, ['Critical', 'High', 'Medium', 'Low']) },
  { id: 'customfield_10071', name: 'Planned start', kind: 'datetime' },
  { id: 'customfield_10072', name: 'Planned end', kind: 'datetime' },
  { id: 'customfield_10073', name: 'Implementation plan', kind: 'adf' },
  { id: 'customfield_10074', name: 'Backout plan', kind: 'adf' },
  { id: 'customfield_10075', name: 'Test plan', kind: 'adf' },
  {
    id: 'customfield_10076',
    name: 'Likelihood',
    kind: 'select',
    options: options(10240, ['Rare', 'Unlikely', 'Possible', 'Likely', 'Almost certain']),
  },
  { id: 'customfield_10077', name: 'Consequence', kind: 'select', options: options(10250, ['Minor', 'Moderate', 'Major', 'Severe']) },
  {
    id: 'customfield_10078',
    name: 'Change reason',
    kind: 'select',
    options: options(10260, ['Repair', 'Upgrade', 'Maintenance', 'Other']),
  },
];

/** Statuses that only service projects use. */
export const serviceDeskStatuses: readonly Status[] = [
  { id: '10011', name: 'Waiting for customer', category: 'indeterminate' },
  { id: '10012', name: 'Resolved', category: 'done' },
  { id: '10013', name: 'Planning', category: 'new' },
  { id: '10014', name: 'Awaiting approval', category: 'indeterminate' },
  { id: '10015', name: 'Awaiting implementation', category: 'indeterminate' },
  { id: '10016', name: 'Completed', category: 'done' },
  { id: '10017', name: 'Failed', category: 'done' },
  { id: '10018', name: 'Canceled', category: 'done' },
  { id: '10019', name: 'Declined', category: 'done' },
];

const [open, inProgress, waiting, resolved, closed] = ['10010', '3', '10011', '10012', '10009'] as const;
const [planning, approval, ready, implementing, completed, failed, canceled, declined] = [
  '10013',
  '10014',
  '10015',
  '10007',
  '10016',
  '10017',
  '10018',
  '10019',
] as const;

const everyday = ['summary', 'description', 'priority', 'labels', 'assignee', 'reporter', 'components', 'duedate', 'security'];
const desks = ['customfield_10062', 'customfield_10063', 'customfield_10065', 'customfield_10066'];

function typeOf(id: string, name: string, own: readonly string[], transitions: IssueType['transitions'], initialStatus: string): IssueType {
  const screen = [...everyday, ...desks, ...own];
  const statuses = [...new Set([initialStatus, ...transitions.flatMap((one) => [...one.from, one.to])])];
  return {
    id,
    name,
    initialStatus,
    statuses,
    transitions,
    createScreen: ['project', 'issuetype', 'parent', ...screen],
    editScreen: screen,
    required: ['summary'],
  };
}

const incidents = workflowOf([
  ['Start', [open], inProgress],
  ['Wait for customer', [open, inProgress], waiting],
  ['Go on', [waiting], inProgress],
  ['Resolve', [open, inProgress, waiting], resolved, { screen: { resolution: true } }],
  ['Close', [resolved], closed],
  ['Reopen', [resolved, closed], inProgress],
]);

const plain = workflowOf([
  ['Start', [open], inProgress],
  ['Close', [open, inProgress], closed, { screen: { resolution: true } }],
  ['Reopen', [inProgress, closed], open],
]);

const changes = workflowOf([
  ['Request approval', [planning], approval],
  ['Approve', [approval], ready],
  ['Decline', [approval], declined, { resolves: '10001' }],
  ['Implement', [ready], implementing],
  ['Complete', [implementing], completed, { resolves: '10000' }],
  ['Fail', [implementing], failed, { resolves: '10001' }],
  ['Cancel', [planning, approval, ready], canceled, { resolves: '10001' }],
]);

const changeFields = [
  'customfield_10069',
  'customfield_10070',
  'customfield_10071',
  'customfield_10072',
  'customfield_10073',
  'customfield_10074',
];

const components = ['Email', 'Payments', 'VPN'].map((name, index) => ({ id: String(10450 + index), name }));

/** Project ITS, a service project, and project RSK, the register of risks. */
export function serviceDeskProjects(lead: string): readonly Project[] {
  return [
    {
      id: '10002',
      key: 'ITS',
      name: 'IT service desk',
      kind: 'service_desk',
      lead,
      types: [
        typeOf('10110', 'Incident', ['customfield_10067'], incidents, open),
        typeOf('10111', 'Problem', ['customfield_10067', 'customfield_10068'], plain, open),
        typeOf('10112', 'Change', [...changeFields, 'customfield_10075', 'customfield_10078'], changes, planning),
        typeOf('10113', 'Complaint', [], plain, open),
      ],
      components,
    },
    {
      id: '10003',
      key: 'RSK',
      name: 'Risks',
      lead,
      types: [typeOf('10120', 'Risk', ['customfield_10076', 'customfield_10077'], plain, open)],
      components,
    },
  ];
}
