import type { World } from '../world/types.js';
import { customNumber } from '../world/fields.js';

/** How a clause on a field is evaluated. */
export type ClauseKind =
  | 'key'
  | 'project'
  | 'status'
  | 'statusCategory'
  | 'issuetype'
  | 'priority'
  | 'resolution'
  | 'security'
  | 'user'
  | 'labels'
  | 'stamp'
  | 'date'
  | 'number'
  | 'words'
  | 'select'
  | 'components'
  | 'parent'
  | 'comment';

/** A field as JQL knows it. */
export interface ClauseField {
  readonly kind: ClauseKind;
  /** Field id of the issue, or the pseudo field `text`. */
  readonly id: string;
}

const system: Readonly<Record<string, ClauseField>> = {
  project: { kind: 'project', id: 'project' },
  key: { kind: 'key', id: 'key' },
  id: { kind: 'key', id: 'key' },
  issue: { kind: 'key', id: 'key' },
  issuekey: { kind: 'key', id: 'key' },
  status: { kind: 'status', id: 'status' },
  statuscategory: { kind: 'statusCategory', id: 'status' },
  issuetype: { kind: 'issuetype', id: 'issuetype' },
  type: { kind: 'issuetype', id: 'issuetype' },
  priority: { kind: 'priority', id: 'priority' },
  resolution: { kind: 'resolution', id: 'resolution' },
  level: { kind: 'security', id: 'security' },
  assignee: { kind: 'user', id: 'assignee' },
  reporter: { kind: 'user', id: 'reporter' },
  creator: { kind: 'user', id: 'creator' },
  labels: { kind: 'labels', id: 'labels' },
  updated: { kind: 'stamp', id: 'updated' },
  updateddate: { kind: 'stamp', id: 'updated' },
  created: { kind: 'stamp', id: 'created' },
  createddate: { kind: 'stamp', id: 'created' },
  resolved: { kind: 'stamp', id: 'resolutiondate' },
  resolutiondate: { kind: 'stamp', id: 'resolutiondate' },
  due: { kind: 'date', id: 'duedate' },
  duedate: { kind: 'date', id: 'duedate' },
  summary: { kind: 'words', id: 'summary' },
  description: { kind: 'words', id: 'description' },
  text: { kind: 'words', id: 'text' },
  comment: { kind: 'comment', id: 'comment' },
  component: { kind: 'components', id: 'components' },
  parent: { kind: 'parent', id: 'parent' },
};

const custom: Readonly<Partial<Record<string, ClauseKind>>> = {
  text: 'words',
  adf: 'words',
  select: 'select',
  number: 'number',
  date: 'date',
  datetime: 'stamp',
  user: 'user',
  labels: 'labels',
};

/** The field that a name in a query means: a system name, `cf[10050]`, or a custom field's name. Case does not matter. */
export function clauseField(world: World, name: string): ClauseField | undefined {
  const known = system[name.toLowerCase()];
  if (known !== undefined) return known;
  const number = /^cf\[(\d+)\]$/i.exec(name)?.[1];
  const field = world.fields.find((each) => {
    const own = customNumber(each.id);
    return own !== undefined && (number === undefined ? each.name.toLowerCase() === name.toLowerCase() : own === Number(number));
  });
  const kind = field === undefined ? undefined : custom[field.kind];
  return field === undefined || kind === undefined ? undefined : { kind, id: field.id };
}

const equality = ['=', '!=', 'in', 'not in'];
const emptiness = ['is', 'is not'];
const order = ['>', '>=', '<', '<='];

/** The operators that each kind of field supports. */
export const operators: Readonly<Record<ClauseKind, readonly string[]>> = {
  key: [...equality, ...emptiness, ...order],
  project: [...equality, ...emptiness],
  status: [...equality, ...emptiness],
  statusCategory: [...equality, ...emptiness],
  issuetype: [...equality, ...emptiness],
  priority: [...equality, ...emptiness, ...order],
  resolution: [...equality, ...emptiness],
  security: [...equality, ...emptiness],
  user: [...equality, ...emptiness],
  labels: [...equality, ...emptiness],
  stamp: [...equality, ...emptiness, ...order],
  date: [...equality, ...emptiness, ...order],
  number: [...equality, ...emptiness, ...order],
  words: ['~', '!~', ...emptiness],
  select: [...equality, ...emptiness],
  components: [...equality, ...emptiness],
  parent: [...equality, ...emptiness],
  comment: ['~', '!~'],
};
