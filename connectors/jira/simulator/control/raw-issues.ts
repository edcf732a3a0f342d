import { plainText } from '../fields/adf.js';
import { renderField } from '../fields/render.js';
import { renderChange } from '../fields/render-issue.js';
import { type Json, type JsonObject, asText, isList } from '../json.js';
import type { Sim } from '../sim.js';
import type { IssueFile } from '../store/issue.js';
import type { RawIssue } from './shapes.js';

/** Issues whoever may see them, by id: all, or those that the parameters name (`project`, `label`, `ids`, `deleted=true` for deleted ones too). */
export function rawIssues(sim: Sim, query: URLSearchParams): readonly RawIssue[] {
  const project = query.get('project');
  const label = query.get('label');
  const ids = query.get('ids')?.split(',');
  const formerKeys = formerKeysOf(sim);
  return [...sim.shelf.files.values()]
    .filter((file) => file.deletedAt === undefined || query.get('deleted') === 'true')
    .filter((file) => project === null || file.issue.projectKey === project)
    .filter((file) => label === null || labelsOf(file).includes(label))
    .filter((file) => ids === undefined || ids.includes(String(file.issue.id)) || ids.includes(file.issue.key))
    .map((file) => rawIssue(sim, file, formerKeys.get(file.issue.id) ?? []));
}

function formerKeysOf(sim: Sim): ReadonlyMap<number, readonly string[]> {
  const former = new Map<number, readonly string[]>();
  for (const [key, id] of sim.shelf.byKey) {
    if (sim.shelf.files.get(id)?.issue.key !== key) former.set(id, [...(former.get(id) ?? []), key]);
  }
  return former;
}

function labelsOf(file: IssueFile): readonly string[] {
  const labels = file.issue.values['labels'];
  return isList(labels) ? labels.map(String) : [];
}

function rawIssue(sim: Sim, file: IssueFile, formerKeys: readonly string[]): RawIssue {
  const { issue } = file;
  const eyes = { sim, caller: undefined };
  const iso = (at: number): string => new Date(at).toISOString();
  const fields = sim.world.fields.map((field): [string, Json] => [field.id, renderField(eyes, file, issue, field)]);
  const types = sim.world.projects.flatMap((project) => project.types);
  return {
    id: String(issue.id),
    key: issue.key,
    project: issue.projectKey,
    type: types.find((type) => type.id === issue.typeId)?.name ?? issue.typeId,
    status: sim.world.statuses.find((status) => status.id === issue.statusId)?.name ?? issue.statusId,
    summary: asText(issue.values['summary']),
    created: iso(issue.created),
    updated: iso(issue.updated),
    ...(file.deletedAt !== undefined && { deletedAt: iso(file.deletedAt) }),
    hiddenFrom: [...file.hiddenFrom],
    formerKeys,
    values: issue.values,
    fields: Object.fromEntries(fields),
    labels: labelsOf(file),
    properties: Object.fromEntries(file.properties),
    remoteLinks: file.remoteLinks.map((link) => ({ ...link }) as unknown as JsonObject),
    links: [...sim.shelf.links.values()].filter((link) => link.from === issue.id || link.to === issue.id).map((link) => ({ ...link })),
    attachments: file.attachments.map(({ filename, bytes }) => ({ name: filename, base64: bytes.toString('base64') })),
    comments: file.comments.map((comment) => ({
      id: String(comment.id),
      author: comment.author,
      created: iso(comment.created),
      updated: iso(comment.updated),
      text: plainText(comment.body),
      body: comment.body,
    })),
    changelog: file.changes.map((change) => ({ ...renderChange(eyes, change), author: change.author })),
  };
}
