/** What kind of value a field holds, in Jira and in our records. */
export type Shape =
  | 'text'
  | 'rich-text'
  | 'number'
  | 'date'
  | 'instant'
  | 'user'
  | 'option'
  | 'named'
  | 'status'
  | 'project'
  | 'issue'
  | 'any'
  | 'words'
  | 'options'
  | 'users'
  | 'named-list'
  | 'list'
  | 'sla'
  | 'request-type'
  | 'approvals'
  | 'entities'
  | 'assets'
  | 'links';

/** The fields that every Jira has. `words` are lists of single words (labels). */
export const systemShapes: Readonly<Record<string, Shape>> = Object.freeze({
  summary: 'text',
  description: 'rich-text',
  environment: 'rich-text',
  status: 'status',
  project: 'project',
  issuetype: 'named',
  priority: 'named',
  resolution: 'named',
  security: 'named',
  assignee: 'user',
  reporter: 'user',
  creator: 'user',
  labels: 'words',
  components: 'named-list',
  fixVersions: 'named-list',
  versions: 'named-list',
  created: 'instant',
  updated: 'instant',
  resolutiondate: 'instant',
  statuscategorychangedate: 'instant',
  duedate: 'date',
  parent: 'issue',
  issuelinks: 'links',
});

const listShapes: ReadonlySet<Shape> = new Set([
  'words',
  'options',
  'users',
  'named-list',
  'list',
  'approvals',
  'entities',
  'assets',
  'links',
]);

/** What Jira Service Management and its plugins bring, by the type of the custom field. */
const serviceDeskShapes: Readonly<Record<string, Shape>> = Object.freeze({
  'com.atlassian.servicedesk:sd-sla-field': 'sla',
  'com.atlassian.servicedesk:vp-origin': 'request-type',
  'com.atlassian.servicedesk:sd-customer-organizations': 'entities',
  'com.atlassian.servicedesk.approvals-plugin:sd-approvals': 'approvals',
  'com.atlassian.jira.plugins.service-entity:service-entity-field-cftype': 'entities',
  'com.atlassian.jira.plugins.cmdb:cmdb-object-cftype': 'assets',
});

/** The value of an empty field. */
export function emptyOf(shape: Shape): null | readonly [] {
  return listShapes.has(shape) ? [] : null;
}

/** A field's shape by the schema that `GET /field` gives for it. */
export function shapeOf(
  schema: { readonly type: string; readonly items?: string | undefined; readonly custom?: string | undefined } | undefined,
): Shape {
  if (schema === undefined) return 'any';
  const own = serviceDeskShapes[schema.custom ?? ''];
  if (own !== undefined) return own;
  if (schema.type === 'array') {
    switch (schema.items) {
      case 'string':
        return 'words';
      case 'option':
        return 'options';
      case 'user':
        return 'users';
      case 'component':
      case 'version':
      case 'group':
        return 'named-list';
      default:
        return 'list';
    }
  }
  switch (schema.type) {
    case 'string':
      return schema.custom?.endsWith(':textarea') === true ? 'rich-text' : 'text';
    case 'number':
    case 'date':
    case 'user':
    case 'option':
    case 'status':
    case 'project':
      return schema.type;
    case 'datetime':
      return 'instant';
    case 'option-with-child':
      return 'option';
    case 'priority':
    case 'resolution':
    case 'issuetype':
    case 'version':
    case 'group':
    case 'securitylevel':
      return 'named';
    case 'issuelink':
      return 'issue';
    default:
      return 'any';
  }
}
