import { type Json, type JsonObject, isList } from '../json.js';
import { renderUser } from '../data-center/user.js';
import type { Sim } from '../sim.js';
import type { Comment, Issue, IssueFile, StoredFile } from '../store/issue.js';
import { compareByKey } from '../store/search-index.js';
import { customNumber } from '../world/fields.js';
import type { Field, Person, Project, Status } from '../world/types.js';
import { formatStamp } from '../zone.js';
import { renderSla } from './sla.js';

/** Whose eyes a rendering is for: stamps come in their zone, their own e-mail address is theirs to see. */
export interface Eyes {
  readonly sim: Sim;
  readonly caller: Person | undefined;
}

/** A stamp in the caller's zone. */
export function renderStamp(eyes: Eyes, at: number): string {
  return formatStamp(eyes.caller?.timeZone ?? 'UTC', at);
}

/** A user. The address is shown to the user themself only. */
export function renderPerson(eyes: Eyes, accountId: Json | undefined): JsonObject | null {
  const person = eyes.sim.world.people.find((each) => each.accountId === accountId);
  if (person === undefined) return null;
  if (eyes.sim.deployment === 'data-center') return renderUser(eyes.sim, person);
  const { accountType, active, displayName, timeZone } = person;
  return {
    self: `${eyes.sim.baseUrl}/rest/api/3/user?accountId=${encodeURIComponent(person.accountId)}`,
    accountId: person.accountId,
    ...(person.accountId === eyes.caller?.accountId && { emailAddress: person.email }),
    avatarUrls: {},
    displayName,
    active,
    timeZone,
    accountType,
  };
}

const categoryFacts = {
  new: { id: 2, name: 'To Do', colorName: 'blue-gray' },
  indeterminate: { id: 4, name: 'In Progress', colorName: 'yellow' },
  done: { id: 3, name: 'Done', colorName: 'green' },
} as const;

export function renderStatus(eyes: Eyes, status: Status): JsonObject {
  const facts = categoryFacts[status.category];
  return {
    self: `${eyes.sim.baseUrl}/rest/api/3/status/${status.id}`,
    description: '',
    iconUrl: `${eyes.sim.baseUrl}/`,
    name: status.name,
    id: status.id,
    statusCategory: { self: `${eyes.sim.baseUrl}/rest/api/3/statuscategory/${facts.id}`, key: status.category, ...facts },
  };
}

/** A thing with id and name under its own address. */
export function renderNamed(
  eyes: Eyes,
  kind: string,
  entry: { readonly id: string; readonly name: string } | undefined,
): JsonObject | null {
  if (entry === undefined) return null;
  return { self: `${eyes.sim.baseUrl}/rest/api/3/${kind}/${entry.id}`, id: entry.id, name: entry.name };
}

export function renderProject(eyes: Eyes, project: Project): JsonObject {
  return {
    self: `${eyes.sim.baseUrl}/rest/api/3/project/${project.id}`,
    id: project.id,
    key: project.key,
    name: project.name,
    projectTypeKey: project.kind ?? 'software',
    simplified: false,
    avatarUrls: {},
  };
}

export function renderIssueType(eyes: Eyes, type: { readonly id: string; readonly name: string }): JsonObject {
  return {
    self: `${eyes.sim.baseUrl}/rest/api/3/issuetype/${type.id}`,
    id: type.id,
    description: '',
    iconUrl: '',
    name: type.name,
    subtask: false,
    hierarchyLevel: 0,
  };
}

export function renderComment(eyes: Eyes, issueId: number, comment: Comment): JsonObject {
  return {
    self: `${eyes.sim.baseUrl}/rest/api/3/issue/${issueId}/comment/${comment.id}`,
    id: String(comment.id),
    author: renderPerson(eyes, comment.author),
    body: comment.body,
    updateAuthor: renderPerson(eyes, comment.updateAuthor),
    created: renderStamp(eyes, comment.created),
    updated: renderStamp(eyes, comment.updated),
    jsdPublic: true,
    ...(comment.properties.length > 0 && { properties: comment.properties }),
  };
}

/** The value of one field as GET and search show it. */
export function renderField(eyes: Eyes, file: IssueFile, issue: Issue, field: Field): Json {
  const { world } = eyes.sim;
  const value = issue.values[field.id];
  switch (field.kind) {
    case 'project': {
      const project = world.projects.find((each) => each.key === issue.projectKey);
      return project === undefined ? null : renderProject(eyes, project);
    }
    case 'issuetype': {
      const type = world.projects.flatMap((project) => project.types).find((each) => each.id === issue.typeId);
      return type === undefined ? null : renderIssueType(eyes, type);
    }
    case 'status': {
      const status = world.statuses.find((each) => each.id === issue.statusId);
      return status === undefined ? null : renderStatus(eyes, status);
    }
    case 'stamp':
      if (field.id === 'created') return renderStamp(eyes, issue.created);
      if (field.id === 'updated') return renderStamp(eyes, issue.updated);
      if (field.id === 'archiveddate') return file.archivedAt === undefined ? null : renderStamp(eyes, file.archivedAt);
      return typeof value === 'number' ? renderStamp(eyes, value) : null;
    case 'datetime':
      return typeof value === 'number' ? renderStamp(eyes, value) : null;
    case 'sla':
      return renderSla(eyes, file, issue, field);
    case 'labels':
      return value ?? [];
    case 'priority':
      return renderNamed(
        eyes,
        'priority',
        world.priorities.find((each) => each.id === value),
      );
    case 'resolution':
      return renderNamed(
        eyes,
        'resolution',
        world.resolutions.find((each) => each.id === value),
      );
    case 'security':
      return renderNamed(
        eyes,
        'securitylevel',
        world.securityLevels.find((each) => each.id === value),
      );
    case 'user':
      return value === undefined ? null : renderPerson(eyes, value);
    case 'select': {
      const option = field.options?.find((each) => each.id === value);
      return option === undefined
        ? null
        : { self: `${eyes.sim.baseUrl}/rest/api/3/customFieldOption/${option.id}`, value: option.name, id: option.id };
    }
    case 'components': {
      const all = world.projects.flatMap((project) => project.components);
      return (isList(value) ? value : []).map((id) =>
        renderNamed(
          eyes,
          'component',
          all.find((each) => each.id === id),
        ),
      );
    }
    case 'parent':
      return value === undefined ? null : renderLinked(eyes, Number(value));
    case 'links':
      return renderLinks(eyes, issue.id);
    case 'attachments':
      return file.attachments.map((one) => renderAttachment(eyes, one));
    case 'comments':
      return {
        comments: file.comments.map((comment) => renderComment(eyes, issue.id, comment)),
        maxResults: file.comments.length,
        total: file.comments.length,
        startAt: 0,
      };
    default:
      return value ?? null;
  }
}

/** One attachment, as the field `attachment` and the answer to an upload show it. */
export function renderAttachment(eyes: Eyes, { id, filename, mimeType, bytes, author, created }: StoredFile): JsonObject {
  const { sim } = eyes;
  return {
    self: `${sim.baseUrl}/rest/api/3/attachment/${id}`,
    id: String(id),
    filename,
    author: renderPerson(eyes, author),
    created: renderStamp(eyes, created),
    size: bytes.length,
    mimeType,
    content:
      sim.deployment === 'cloud'
        ? `${sim.baseUrl}/rest/api/3/attachment/content/${id}`
        : `${sim.baseUrl}/secure/attachment/${id}/${encodeURIComponent(filename).replaceAll('%20', '+')}`,
  };
}

function renderLinked(eyes: Eyes, id: number): JsonObject | null {
  const file = eyes.sim.shelf.files.get(id);
  if (file === undefined || file.deletedAt !== undefined) return null;
  const shown = eyes.sim.world.fields.filter((field) => ['summary', 'status', 'priority', 'issuetype'].includes(field.id));
  return {
    id: String(id),
    key: file.issue.key,
    self: `${eyes.sim.baseUrl}/rest/api/3/issue/${id}`,
    fields: Object.fromEntries(shown.map((field) => [field.id, renderField(eyes, file, file.issue, field)])),
  };
}

/** `issuelinks`: an issue from which a link starts shows the other one as `outwardIssue`, as seen on live sites. */
function renderLinks(eyes: Eyes, issueId: number): Json {
  const rendered: Json[] = [];
  for (const link of eyes.sim.shelf.links.values()) {
    if (link.from !== issueId && link.to !== issueId) continue;
    const type = eyes.sim.world.linkTypes.find((each) => each.id === link.typeId);
    const other = renderLinked(eyes, link.from === issueId ? link.to : link.from);
    if (type === undefined || other === null) continue;
    const self = `${eyes.sim.baseUrl}/rest/api/3/issueLink/${link.id}`;
    const typeBody = { ...type, self: `${eyes.sim.baseUrl}/rest/api/3/issueLinkType/${type.id}` };
    rendered.push({ id: String(link.id), self, type: typeBody, [link.from === issueId ? 'outwardIssue' : 'inwardIssue']: other });
  }
  return rendered;
}

/** Schema of a field as /field and createmeta give it. */
export function schemaOf(field: Field): JsonObject {
  const types: Readonly<Record<string, string>> = {
    summary: 'string',
    text: 'string',
    adf: 'string',
    labels: 'array',
    user: 'user',
    select: 'option',
    number: 'number',
    date: 'date',
    parent: 'issuelink',
    components: 'array',
    security: 'securitylevel',
    stamp: 'datetime',
    datetime: 'datetime',
    links: 'array',
    attachments: 'array',
    comments: 'comments-page',
  };
  const items: Readonly<Record<string, string>> = {
    labels: 'string',
    components: 'component',
    links: 'issuelinks',
    attachments: 'attachment',
  };
  const customTypes: Readonly<Record<string, string>> = {
    text: 'textfield',
    adf: 'textarea',
    number: 'float',
    date: 'datepicker',
    datetime: 'datetime',
    select: 'select',
    user: 'userpicker',
    labels: 'labels',
  };
  const number = customNumber(field.id);
  if (field.schema !== undefined && number !== undefined) return { ...field.schema, customId: number };
  return {
    type: types[field.kind] ?? field.kind,
    ...(items[field.kind] !== undefined && { items: items[field.kind] as string }),
    ...(number === undefined
      ? { system: field.id }
      : { custom: `com.atlassian.jira.plugin.system.customfieldtypes:${customTypes[field.kind] ?? field.kind}`, customId: number }),
  };
}

/** For lists that come in key order. */
export function byKey(a: IssueFile, b: IssueFile): number {
  return compareByKey(a.issue, b.issue);
}
