import { defaultFields } from './fields.js';
import { defaultPeople } from './people.js';
import { serviceDeskFields, serviceDeskProjects, serviceDeskStatuses } from './service-desk.js';
import type { IssueType, Project, World } from './types.js';
import { defaultStatuses, findingTransitions, improvementTransitions } from './workflows.js';

const plan = ['51', '52', '53', '54', '55', '88', '89', '90'].map((end) => `customfield_100${end}`);
/** How it is carried out, and what it updates. */
const execution = ['80', '81', '82', '83', '84', '85', '86', '87', '91', '92'].map((end) => `customfield_100${end}`);
const everyday = ['summary', 'description', 'priority', 'labels', 'assignee', 'duedate'];

const improvement: IssueType = {
  id: '10100',
  name: 'Improvement',
  initialStatus: '10001',
  statuses: ['10001', '10002', '10003', '10004', '10005', '10006', '10007', '10008', '10009'],
  transitions: improvementTransitions,
  createScreen: ['project', 'issuetype', ...everyday, 'reporter', 'parent', 'components', 'security', ...plan],
  editScreen: [...everyday, 'reporter', 'components', 'security', 'customfield_10050', ...plan, 'customfield_10056', ...execution],
  required: ['summary'],
};

const finding: IssueType = {
  id: '10101',
  name: 'Audit Finding',
  initialStatus: '10010',
  statuses: ['10010', '3', '10009'],
  transitions: findingTransitions,
  createScreen: ['project', 'issuetype', ...everyday, 'reporter', 'components', 'security', 'customfield_10057', 'customfield_10058'],
  editScreen: [...everyday, 'reporter', 'components', 'security', 'customfield_10057', 'customfield_10058'],
  required: ['summary', 'customfield_10057'],
};

const components = ['Email', 'Payments', 'Customer Portal', 'VPN', 'ERP', 'Data Warehouse'].map((name, index) => ({
  id: String(10400 + index),
  name,
}));

const lead = defaultPeople[1]?.accountId ?? '';

/** Project IMP: the improvement register. */
const improvements: Project = { id: '10000', key: 'IMP', name: 'Improvements', lead, types: [improvement], components };
/** Project AUD: findings of internal and external audits. */
const findings: Project = { id: '10001', key: 'AUD', name: 'Audit', lead, types: [finding], components };

/** The site as it stands when the simulator starts. A new object each time. */
export function defaultWorld(): World {
  return {
    people: defaultPeople,
    fields: [...defaultFields, ...serviceDeskFields],
    statuses: [...defaultStatuses, ...serviceDeskStatuses],
    priorities: ['Highest', 'High', 'Medium', 'Low', 'Lowest'].map((name, index) => ({ id: String(index + 1), name })),
    resolutions: [
      { id: '10000', name: 'Done' },
      { id: '10001', name: "Won't Do" },
      { id: '10002', name: 'Duplicate' },
    ],
    linkTypes: [
      { id: '10000', name: 'Blocks', inward: 'is blocked by', outward: 'blocks' },
      { id: '10001', name: 'Relates', inward: 'relates to', outward: 'relates to' },
      { id: '10002', name: 'Problem/Incident', inward: 'is caused by', outward: 'causes' },
    ],
    securityLevels: [{ id: '10100', name: 'Restricted', members: defaultPeople.slice(0, 3).map((person) => person.accountId) }],
    projects: [improvements, findings, ...serviceDeskProjects(lead)],
  };
}
