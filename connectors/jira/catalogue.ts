import { Failure, type FieldInfo } from 'golden-thread/kit';
import type { JiraClient } from './client.js';
import { type Shape, shapeOf, systemShapes } from './shape.js';
import { Fields } from './wire.js';

/** One field of this Jira under the name that records and mappings use. */
export interface CatalogueField {
  /** As records spell it: `summary`, an alias, or `customfield_10050`. */
  readonly name: string;
  /** As Jira's API spells it. */
  readonly id: string;
  readonly label: string;
  readonly shape: Shape;
}

/** The fields of a Jira, by our name and by Jira's id. */
export interface Catalogue {
  readonly byName: ReadonlyMap<string, CatalogueField>;
  readonly byId: ReadonlyMap<string, CatalogueField>;
  /** The names that the configuration gave to custom fields. */
  readonly aliases: readonly string[];
}

/** Asked once; a failure is not remembered, so that the next run asks again. */
export function catalogueOf(
  client: JiraClient,
  customFields: Readonly<Record<string, string>>,
): (signal?: AbortSignal) => Promise<Catalogue> {
  let known: Promise<Catalogue> | undefined;
  return (signal) => {
    known ??= readCatalogue(client, customFields, signal).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}

/** Fails with `config` when an alias names no field, or several. */
async function readCatalogue(client: JiraClient, customFields: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<Catalogue> {
  const { value: fields } = await client.ask({ send: (api, via) => api.getFields(via), answer: Fields, effect: 'read', signal });
  const byName = new Map<string, CatalogueField>();
  const byId = new Map<string, CatalogueField>();
  const add = (field: CatalogueField): void => {
    byName.set(field.name, field);
    byId.set(field.id, field);
  };
  for (const { id, name, schema } of fields) add({ name: id, id, label: name, shape: systemShapes[id] ?? shapeOf(schema) });
  for (const [id, shape] of Object.entries(systemShapes)) if (!byId.has(id)) add({ name: id, id, label: id, shape });
  for (const [alias, wanted] of Object.entries(customFields)) {
    if (byId.has(alias) || alias === 'key')
      throw new Failure('config', `customFields.${alias}: Jira has a field of its own with this name`, {
        hint: 'choose another name on the left side',
      });
    const field = aliased(alias, wanted, fields);
    add({ name: alias, id: field.id, label: field.name, shape: systemShapes[field.id] ?? shapeOf(field.schema) });
  }
  return { byName, byId, aliases: Object.keys(customFields) };
}

function aliased(alias: string, wanted: string, fields: Fields): Fields[number] {
  const byId = fields.find((field) => field.id === wanted);
  if (byId !== undefined) return byId;
  const named = fields.filter((field) => field.name === wanted);
  const matches = named.length > 0 ? named : fields.filter((field) => field.name.toLowerCase() === wanted.toLowerCase());
  const [only, ...more] = matches;
  if (only === undefined)
    throw new Failure('config', `customFields.${alias}: Jira has no field "${wanted}", or this account may not see it`, {
      hint: 'write the name as Settings > Issues > Custom fields shows it, or the id (customfield_…)',
    });
  if (more.length > 0)
    throw new Failure(
      'config',
      `customFields.${alias}: several fields are named "${wanted}": ${matches.map((field) => field.id).join(', ')}`,
      {
        hint: 'write one of these ids instead of the name',
      },
    );
  return only;
}

type Fields = readonly {
  readonly id: string;
  readonly name: string;
  readonly schema?: { readonly type: string; readonly items?: string | undefined; readonly custom?: string | undefined } | undefined;
}[];

const parts: Partial<Record<Shape, readonly string[]>> = {
  user: ['id', 'name'],
  named: ['id', 'name'],
  status: ['id', 'name', 'category'],
  project: ['id', 'key'],
  issue: ['id', 'key'],
  'named-list': ['id', 'name'],
  users: ['id', 'name'],
  sla: [
    'name',
    'breached',
    'ongoing',
    ...['startedAt', 'breachAt', 'breached', 'goalMs', 'paused'].map((part) => `ongoing.${part}`),
    'completed',
    ...['startedAt', 'breachAt', 'breached', 'goalMs', 'stoppedAt', 'elapsedMs'].map((part) => `completed.${part}`),
  ],
  'request-type': ['id', 'name'],
  approvals: [
    'id',
    'name',
    'decision',
    'createdAt',
    'completedAt',
    'approvers',
    ...['id', 'name', 'decision'].map((part) => `approvers.${part}`),
  ],
  entities: ['id', 'name'],
  assets: ['id', 'objectId', 'workspaceId'],
  links: ['id', 'as', 'type', 'issue', 'issue.id', 'issue.key'],
};

/** A field as lint wants it: itself and, for objects, its parts. */
export function fieldInfos(field: CatalogueField): FieldInfo[] {
  const own: FieldInfo = { name: field.name, label: field.label, type: infoType(field.shape) };
  return [
    own,
    ...(parts[field.shape] ?? []).map((part): FieldInfo => ({
      name: `${field.name}.${part}`,
      label: `${field.label}: ${part}`,
      type: 'text',
    })),
  ];
}

function infoType(shape: Shape): FieldInfo['type'] {
  switch (shape) {
    case 'text':
    case 'rich-text':
    case 'option':
      return 'text';
    case 'number':
    case 'date':
    case 'instant':
    case 'user':
      return shape;
    case 'named':
    case 'status':
    case 'project':
    case 'issue':
      return 'reference';
    case 'any':
    case 'sla':
      return 'object';
    case 'request-type':
      return 'reference';
    default:
      return 'list';
  }
}
