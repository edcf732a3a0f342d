import { type Answer, ok, refuse, refusePayload } from '../answer.js';
import { canSee, openIssue, permitted } from '../access.js';
import { renderIssue, selectFields } from '../fields/render-issue.js';
import { type Json, isObject } from '../json.js';
import type { Call } from '../sim.js';
import type { IssueFile } from '../store/issue.js';
import { findFile } from '../store/shelf.js';
import { deleteIssue, editIssue } from '../store/write.js';
import type { IssueType, Project } from '../world/types.js';
import { listParameter, readBody, textsIn } from './body.js';
import { commentFromUpdate } from './comments.js';
import { readFields } from './issue-input.js';

/** GET /issue/{idOrKey}: from the store, never lagging; an old key answers with the issue under its new one. */
export function getIssue(call: Call): Answer {
  const file = openIssue(call, call.params[0]);
  const fields = selectFields(call.sim.world.fields, listParameter(call, 'fields'), '*all') ?? [];
  return ok(
    renderIssue(call, file, file.issue, {
      fields,
      properties: expandProperties(file, listParameter(call, 'properties') ?? []),
      expand: listParameter(call, 'expand') ?? [],
    }),
  );
}

function expandProperties(file: IssueFile, wanted: readonly string[]): readonly string[] {
  return wanted.includes('*all') ? [...file.properties.keys()] : wanted;
}

/** PUT /issue/{idOrKey}: only what is on the edit screen. It cannot change the status: a `transition` in the body is ignored. */
export function putIssue(call: Call): Answer {
  const body = readBody(call, { fields: 'object', update: 'object', properties: 'list', transition: 'object', historyMetadata: 'object' });
  const file = openIssue(call, call.params[0]);
  const caller = permitted(call, 'EDIT_ISSUES');
  const { project, type } = configurationOf(call, file);
  const required = type.required.filter((id) => type.editScreen.includes(id));
  const values = readFields(call.sim, { project, fields: type.editScreen, required, issue: file.issue }, body);
  const comment = commentFromUpdate(call.sim, body['update']);
  editIssue(call.sim, file, caller.accountId, { values });
  if (comment !== undefined) comment(call, file);
  const committed = { issueId: String(file.issue.id), op: 'edit' };
  if (call.query.get('returnIssue') !== 'true') return { status: 204, committed };
  const fields = selectFields(call.sim.world.fields, undefined, '*all') ?? [];
  return { ...ok(renderIssue(call, file, file.issue, { fields, properties: [], expand: [] })), committed };
}

/** PUT /issue/{idOrKey}/assignee */
export function assignIssue(call: Call): Answer {
  const body = readBody(call, { accountId: 'string' });
  const file = openIssue(call, call.params[0]);
  const caller = permitted(call, 'ASSIGN_ISSUES');
  const { project } = configurationOf(call, file);
  const values = readFields(call.sim, { project, fields: ['assignee'], required: [], issue: file.issue }, { fields: { assignee: body } });
  editIssue(call.sim, file, caller.accountId, { values });
  return { status: 204, committed: { issueId: String(file.issue.id), op: 'edit' } };
}

/** DELETE /issue/{idOrKey} */
export function removeIssue(call: Call): Answer {
  const file = openIssue(call, call.params[0]);
  permitted(call, 'DELETE_ISSUES');
  deleteIssue(call.sim, file);
  return { status: 204, committed: { issueId: String(file.issue.id), op: 'delete' } };
}

/** POST /issue/bulkfetch: ids and keys mixed, ascending by id, moves followed; what is missing is named in `issueErrors`. */
export function fetchIssues(call: Call): Answer {
  const body = readBody(call, {
    issueIdsOrKeys: 'strings',
    fields: 'strings',
    properties: 'strings',
    expand: 'strings',
    fieldsByKeys: 'boolean',
  });
  const wanted = textsIn(body['issueIdsOrKeys']) ?? [];
  const limit = call.sim.switches.bulkfetchLimit;
  if (wanted.length === 0) refuse(400, ['At least one issue ID or key must be provided.']);
  if (wanted.length > limit) refuse(400, [`A maximum of ${limit} issues can be fetched in one request.`]);
  const found = new Map<number, IssueFile>();
  const issueErrors: Json[] = [];
  for (const idOrKey of wanted) {
    const file = findFile(call.sim.shelf, idOrKey);
    if (file !== undefined && canSee(call.sim, call.caller, file)) found.set(file.issue.id, file);
    else issueErrors.push({ id: idOrKey, errorMessage: 'Issue does not exist or you do not have permission to see it.' });
  }
  const fields = selectFields(call.sim.world.fields, textsIn(body['fields']), '*navigable') ?? [];
  const selection = { fields, properties: textsIn(body['properties']) ?? [], expand: textsIn(body['expand']) ?? [] };
  if (selection.properties.length > 5) refuse(400, ['A maximum of 5 issue properties can be requested.']);
  const issues = [...found.values()]
    .toSorted((a, b) => a.issue.id - b.issue.id)
    .map((file) => renderIssue(call, file, file.issue, selection));
  return ok({ expand: 'schema,names', issues, issueErrors });
}

/** The project and type of an issue. */
export function configurationOf(call: Pick<Call, 'sim'>, file: IssueFile): { readonly project: Project; readonly type: IssueType } {
  const project = call.sim.world.projects.find((each) => each.key === file.issue.projectKey);
  const type = project?.types.find((each) => each.id === file.issue.typeId);
  if (project === undefined || type === undefined) throw new Error(`issue ${file.issue.key} has no configuration`);
  return { project, type };
}

/** An object in the body, or the payload refusal. */
export function objectIn(value: Json | undefined): Exclude<Json, string | number | boolean | null | readonly Json[]> {
  return isObject(value) ? value : refusePayload();
}
