import type { Field, Named } from './types.js';

const options = (first: number, names: readonly string[]): readonly Named[] =>
  names.map((name, index) => ({ id: String(first + index), name }));

/** The fields of the default site. */
export const defaultFields: readonly Field[] = [
  { id: 'summary', name: 'Summary', kind: 'summary' },
  { id: 'description', name: 'Description', kind: 'adf' },
  { id: 'project', name: 'Project', kind: 'project' },
  { id: 'issuetype', name: 'Work type', kind: 'issuetype' },
  { id: 'status', name: 'Status', kind: 'status' },
  { id: 'priority', name: 'Priority', kind: 'priority' },
  { id: 'labels', name: 'Labels', kind: 'labels' },
  { id: 'assignee', name: 'Assignee', kind: 'user' },
  { id: 'reporter', name: 'Reporter', kind: 'user' },
  { id: 'creator', name: 'Creator', kind: 'user' },
  { id: 'created', name: 'Created', kind: 'stamp' },
  { id: 'updated', name: 'Updated', kind: 'stamp' },
  { id: 'resolution', name: 'Resolution', kind: 'resolution' },
  { id: 'resolutiondate', name: 'Resolved', kind: 'stamp' },
  { id: 'archiveddate', name: 'Archived', kind: 'stamp' },
  { id: 'duedate', name: 'Due date', kind: 'date' },
  { id: 'parent', name: 'Parent', kind: 'parent' },
  { id: 'components', name: 'Components', kind: 'components' },
  { id: 'security', name: 'Security Level', kind: 'security' },
  { id: 'issuelinks', name: 'Linked Issues', kind: 'links' },
  { id: 'attachment', name: 'Attachment', kind: 'attachments' },
  { id: 'comment', name: 'Comment', kind: 'comments' },
  { id: 'customfield_10050', name: 'Decision rationale', kind: 'adf' },
  { id: 'customfield_10051', name: 'Objective', kind: 'text' },
  { id: 'customfield_10052', name: 'Rate reduction target %', kind: 'number' },
  { id: 'customfield_10053', name: 'Measurement window weeks', kind: 'number' },
  { id: 'customfield_10054', name: 'Review date', kind: 'date' },
  {
    id: 'customfield_10055',
    name: 'Category',
    kind: 'select',
    options: options(10200, [
      'Incident',
      'Problem',
      'SLA breach',
      'Audit finding',
      'Change',
      'Supplier',
      'Customer feedback',
      'Staff suggestion',
      'Risk',
    ]),
  },
  { id: 'customfield_10056', name: 'Closure notes', kind: 'adf' },
  { id: 'customfield_10057', name: 'Severity', kind: 'select', options: options(10300, ['Major', 'Minor', 'Observation']) },
  { id: 'customfield_10058', name: 'Clause', kind: 'text' },
  { id: 'customfield_10080', name: 'Cause', kind: 'adf' },
  { id: 'customfield_10081', name: 'Similar elsewhere', kind: 'adf' },
  { id: 'customfield_10082', name: 'Light path', kind: 'adf' },
  { id: 'customfield_10083', name: 'Completion evidence', kind: 'adf' },
  { id: 'customfield_10084', name: 'Change wanted', kind: 'select', options: options(10320, ['Create', 'Link']) },
  { id: 'customfield_10085', name: 'Changes', kind: 'text' },
  { id: 'customfield_10086', name: 'Controls to update', kind: 'adf' },
  { id: 'customfield_10087', name: 'Updated controls', kind: 'adf' },
  { id: 'customfield_10088', name: 'Target value', kind: 'number' },
  { id: 'customfield_10089', name: 'Acceptance criterion', kind: 'adf' },
  { id: 'customfield_10090', name: 'Judge', kind: 'text' },
  { id: 'customfield_10091', name: 'Criterion met', kind: 'select', options: options(10340, ['Met', 'Not met']) },
  { id: 'customfield_10092', name: 'Criterion evidence', kind: 'adf' },
];

/** The number in `customfield_10050`; undefined for a system field. */
export function customNumber(fieldId: string): number | undefined {
  return fieldId.startsWith('customfield_') ? Number(fieldId.slice('customfield_'.length)) : undefined;
}

/** A field by id, or by name whatever its case. */
export function findField(fields: readonly Field[], idOrName: string): Field | undefined {
  const lower = idOrName.toLowerCase();
  return fields.find((field) => field.id === idOrName) ?? fields.find((field) => field.name.toLowerCase() === lower);
}
