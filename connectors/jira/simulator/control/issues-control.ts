import { addComment } from '../api/comments.js';
import { configurationOf } from '../api/issue.js';
import { openTransitions, resolutionAfter } from '../api/transitions.js';
import { richText } from '../data-center/rich-text.js';
import type { Json } from '../json.js';
import type { Sim } from '../sim.js';
import type { IssueFile } from '../store/issue.js';
import { findFile } from '../store/shelf.js';
import { createIssue, editIssue, moveIssue } from '../store/write.js';
import { complain, personNamed, projectNamed, statusNamed, storedValues, typeNamed } from './by-name.js';
import type { NewIssue, PersonEdit, PersonMove } from './shapes.js';

/** The issue with this id or any key it ever had. */
export function fileOf(sim: Sim, idOrKey: string): IssueFile {
  const file = findFile(sim.shelf, idOrKey);
  return file !== undefined && file.deletedAt === undefined ? file : complain(`there is no issue ${idOrKey}`);
}

/** Inserts issues as a person; all or none. */
export function insertIssues(sim: Sim, issues: readonly NewIssue[], by: string): readonly { readonly id: string; readonly key: string }[] {
  const author = personNamed(sim, by);
  const drafts = issues.map((issue) => {
    const project = projectNamed(sim, issue.project);
    const type = typeNamed(project, issue.type);
    const given = storedValues(sim, project, {
      summary: issue.summary ?? 'No summary',
      ...(issue.description !== undefined && { description: issue.description }),
      ...issue.fields,
    });
    const values = Object.fromEntries(Object.entries(given).filter((entry): entry is [string, Json] => entry[1] !== undefined));
    return {
      draft: {
        projectKey: project.key,
        typeId: type.id,
        statusId: issue.status === undefined ? type.initialStatus : statusNamed(sim, type, issue.status).id,
        values: { priority: '3', reporter: author, creator: author, ...values },
        ...(issue.created !== undefined && { created: instantIn(issue.created) }),
        ...(issue.updated !== undefined && { updated: instantIn(issue.updated) }),
        ...(issue.visibleInMs !== undefined && { visibleInMs: issue.visibleInMs }),
      },
      properties: issue.properties ?? {},
    };
  });
  return drafts.map(({ draft, properties }) => {
    const file = createIssue(sim, draft);
    for (const [key, value] of Object.entries(properties)) file.properties.set(key, value);
    return { id: String(file.issue.id), key: file.issue.key };
  });
}

function instantIn(text: string): number {
  const at = Date.parse(text);
  return Number.isNaN(at) ? complain(`'${text}' is no ISO 8601 instant`) : at;
}

/** Edits as a person: any field, one changelog entry. */
export function editAsPerson(sim: Sim, file: IssueFile, edit: PersonEdit): void {
  const by = personNamed(sim, edit.by);
  const { project } = configurationOf({ sim }, file);
  const values = storedValues(sim, project, edit.fields ?? {});
  editIssue(sim, file, by, { values, ...(edit.visibleInMs !== undefined && { visibleInMs: edit.visibleInMs }) });
  if (edit.comment !== undefined) addComment(sim, file, by, richText(sim, edit.comment));
}

/** Moves as a person by any edge that leads there and whose required fields are filled; `force` needs none. */
export function moveAsPerson(sim: Sim, file: IssueFile, move: PersonMove): void {
  const by = personNamed(sim, move.by);
  const { project, type } = configurationOf({ sim }, file);
  const to = statusNamed(sim, type, move.to);
  const values = storedValues(sim, project, move.fields ?? {});
  const edges = openTransitions({ sim }, file).filter((transition) => transition.to === to.id);
  const filled = edges.find((edge) => Object.entries(edge.screen ?? {}).every(([id, required]) => !required || values[id] !== undefined));
  if (filled === undefined && move.force !== true) {
    const from = sim.world.statuses.find((status) => status.id === file.issue.statusId)?.name ?? '';
    if (edges.length === 0) complain(`no transition leads from '${from}' to '${to.name}'; use force to ignore the workflow`);
    complain(
      `every transition from '${from}' to '${to.name}' requires fields: ${edges.map((edge) => Object.keys(edge.screen ?? {}).join(', ')).join(' or ')}`,
    );
  }
  const edge = filled ?? { to: to.id, resolves: '10000' };
  editIssue(sim, file, by, { statusId: to.id, values: { ...values, ...resolutionAfter({ sim }, file, edge, values) } });
  if (move.comment !== undefined) addComment(sim, file, by, richText(sim, move.comment));
}

/** Moves to another project: to the type and status of the same name there, else to the first ones. */
export function moveToProject(sim: Sim, file: IssueFile, projectKey: string, by: string): void {
  const project = projectNamed(sim, projectKey);
  const { type } = configurationOf({ sim }, file);
  const next = project.types.find((each) => each.name === type.name) ?? typeNamed(project, undefined);
  const statusId = next.statuses.includes(file.issue.statusId) ? file.issue.statusId : next.initialStatus;
  moveIssue(sim, file, personNamed(sim, by), { projectKey, typeId: next.id, statusId });
}
