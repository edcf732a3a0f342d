import { type Answer, ok, refuse, refuseWith } from '../answer.js';
import { openIssue, permitted } from '../access.js';
import { type Json, type JsonObject, isObject } from '../json.js';
import type { Call } from '../sim.js';
import type { IssueFile, RemoteLink } from '../store/issue.js';
import { touchIssue } from '../store/write.js';
import { readBody } from './body.js';

const shape = { globalId: 'string', application: 'object', relationship: 'string', object: 'object' } as const;

/** GET /issue/{k}/remotelink: a list, or with `globalId` the one link as an object. */
export function listRemoteLinks(call: Call): Answer {
  const file = openIssue(call, call.params[0]);
  const globalId = call.query.get('globalId');
  if (globalId === null) return ok(file.remoteLinks.map((link) => render(call, file, link)));
  const link = file.remoteLinks.find((each) => each.globalId === globalId);
  return link === undefined ? refuse(404, ['The requested remote issue link does not exist.']) : ok(render(call, file, link));
}

/** GET /issue/{k}/remotelink/{id} */
export function getRemoteLink(call: Call): Answer {
  const file = openIssue(call, call.params[0]);
  return ok(render(call, file, file.remoteLinks[findLink(file, call.params[1])] as RemoteLink));
}

/** POST /issue/{k}/remotelink: 201 for a new one, 200 when the same `globalId` replaced one; what the body leaves out is emptied. */
export function postRemoteLink(call: Call): Answer {
  const body = readBody(call, shape);
  const file = openIssue(call, call.params[0]);
  const caller = permitted(call, 'LINK_ISSUES');
  const content = readLink(body);
  const at = content.globalId === undefined ? -1 : file.remoteLinks.findIndex((each) => each.globalId === content.globalId);
  const before = file.remoteLinks[at];
  const id = before?.id ?? (call.sim.shelf.last.remoteLink += 1);
  if (before === undefined) file.remoteLinks.push({ id, ...content });
  else file.remoteLinks[at] = { id, ...content };
  touch(call, file, caller.accountId);
  const self = `${call.sim.baseUrl}/rest/api/3/issue/${file.issue.id}/remotelink/${id}`;
  return { status: before === undefined ? 201 : 200, body: { id, self }, committed: { issueId: String(file.issue.id), op: 'remote-link' } };
}

/** PUT /issue/{k}/remotelink/{id} */
export function putRemoteLink(call: Call): Answer {
  const body = readBody(call, shape);
  const file = openIssue(call, call.params[0]);
  const caller = permitted(call, 'LINK_ISSUES');
  const at = findLink(file, call.params[1]);
  file.remoteLinks[at] = { id: (file.remoteLinks[at] as RemoteLink).id, ...readLink(body) };
  touch(call, file, caller.accountId);
  return { status: 204, committed: { issueId: String(file.issue.id), op: 'remote-link' } };
}

/** DELETE by id or by `globalId`; 415 without a content type, as jira.js's live tests met it. */
export function removeRemoteLink(call: Call): Answer {
  if (call.contentType === undefined) refuseWith({ status: 415, body: { errorMessages: ['Unsupported Media Type'], errors: {} } });
  const file = openIssue(call, call.params[0]);
  const caller = permitted(call, 'LINK_ISSUES');
  const globalId = call.query.get('globalId');
  const byGlobalId = file.remoteLinks.findIndex((link) => link.globalId === globalId);
  const at = call.params[1] === undefined ? byGlobalId : findLink(file, call.params[1]);
  if (at < 0) refuse(404, ['The requested remote issue link does not exist.']);
  file.remoteLinks.splice(at, 1);
  touch(call, file, caller.accountId);
  return { status: 204, committed: { issueId: String(file.issue.id), op: 'remote-link' } };
}

function touch(call: Call, file: IssueFile, author: string): void {
  touchIssue(call.sim, file, author, { stamp: call.sim.switches.remoteLinkTouchesUpdated });
}

function readLink(body: JsonObject): Omit<RemoteLink, 'id'> {
  const { globalId, application, relationship, object } = body;
  const target = isObject(object) ? object : {};
  const errors: Record<string, string> = {};
  if (typeof target['title'] !== 'string' || target['title'] === '') errors['title'] = "'title' is required.";
  if (typeof target['url'] !== 'string' || target['url'] === '') errors['url'] = "'url' is required.";
  if (typeof globalId === 'string' && globalId.length > 255) errors['globalId'] = "'globalId' must be at most 255 characters.";
  if (Object.keys(errors).length > 0) refuse(400, [], errors);
  return {
    object: target,
    ...(typeof globalId === 'string' && { globalId }),
    ...(isObject(application) && { application }),
    ...(typeof relationship === 'string' && { relationship }),
  };
}

function findLink(file: IssueFile, id: string | undefined): number {
  const at = file.remoteLinks.findIndex((link) => String(link.id) === id);
  return at >= 0 ? at : refuse(404, ['The requested remote issue link does not exist.']);
}

function render(call: Call, file: IssueFile, link: RemoteLink): Json {
  return {
    id: link.id,
    self: `${call.sim.baseUrl}/rest/api/3/issue/${file.issue.id}/remotelink/${link.id}`,
    ...(link.globalId !== undefined && { globalId: link.globalId }),
    application: link.application ?? {},
    ...(link.relationship !== undefined && { relationship: link.relationship }),
    object: link.object,
  };
}
