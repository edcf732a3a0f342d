import { type Answer, ok, refuse } from '../answer.js';
import { openIssue, openProject, permissions, signedIn } from '../access.js';
import { listCreateFields, listCreateTypes } from '../api/meta.js';
import { getIssue } from '../api/issue.js';
import { listParameter } from '../api/body.js';
import { renderChange } from '../fields/render-issue.js';
import { renderStamp } from '../fields/render.js';
import { type Json, isObject } from '../json.js';
import type { Call } from '../sim.js';
import { findFile } from '../store/shelf.js';

/** GET /issue/createmeta/{p}/issuetypes: Cloud's page with its list under `values`. A project that cannot be seen answers 400 here, as documented. */
export function createTypes(call: Call): Answer {
  return asValues(call, listCreateTypes, 'issueTypes');
}

/** GET /issue/createmeta/{p}/issuetypes/{id} */
export function createFields(call: Call): Answer {
  return asValues(call, listCreateFields, 'fields');
}

function asValues(call: Call, list: (call: Call) => Answer, name: string): Answer {
  const known = call.sim.world.projects.some((project) => project.key === call.params[0] || project.id === call.params[0]);
  if (!known || call.caller === undefined) refuse(400, [`Project with key or id '${call.params[0] ?? ''}' could not be found.`]);
  const { body, ...rest } = list(call);
  if (!isObject(body)) return { ...rest, ...(body !== undefined && { body }) };
  const { [name]: values = [], ...head } = body;
  const { startAt = 0, maxResults = 0, total = 0 } = head;
  return { ...rest, body: { ...head, isLast: Number(startAt) + Number(maxResults) >= Number(total), values } };
}

/** GET /issue/{k}: `expand=changelog` gives all of it, oldest first; its items have no field ids. */
export function readIssue(call: Call): Answer {
  const answer = getIssue(call);
  const file = findFile(call.sim.shelf, call.params[0] ?? '');
  if (!isObject(answer.body) || file === undefined || listParameter(call, 'expand')?.includes('changelog') !== true) return answer;
  const kept = Math.min(file.changes.length, call.sim.switches.changelogMaximum);
  const histories = file.changes.slice(file.changes.length - kept).map((change): Json => {
    const { items, ...entry } = renderChange(call, change);
    return { ...entry, items: (Array.isArray(items) ? (items as readonly Json[]) : []).map(withoutFieldId) };
  });
  return { ...answer, body: { ...answer.body, changelog: { startAt: 0, maxResults: kept, total: file.changes.length, histories } } };
}

function withoutFieldId(item: Json): Json {
  if (!isObject(item)) return item;
  const { fieldId: _fieldId, ...rest } = item;
  return rest;
}

/** GET /mypermissions: all of them, whatever is asked for; under their new keys and, without underscores, their old ones. */
export function myPermissions(call: Call): Answer {
  const caller = signedIn(call);
  const project = call.query.get('projectKey') ?? call.query.get('projectId');
  const issue = call.query.get('issueKey') ?? call.query.get('issueId');
  if (project !== null) openProject(call, project);
  if (issue !== null) openIssue(call, issue);
  const entries = Object.entries(permissions).map(([key, name], index): [string, Json] => [
    key,
    { id: String(index + 10), key, name, type: 'PROJECT', description: '', havePermission: caller.active && !caller.deny.includes(key) },
  ]);
  return ok({ permissions: Object.fromEntries(entries) });
}

/** GET /serverInfo: needs no credentials. A Data Center calls itself a server. */
export function serverInfo(call: Call): Answer {
  const version = call.sim.switches.serverVersion;
  return ok({
    baseUrl: call.sim.baseUrl,
    version,
    versionNumbers: version.split('.').map(Number),
    deploymentType: 'Server',
    buildNumber: 912_004,
    buildDate: '2026-01-01T00:00:00.000+0000',
    serverTime: renderStamp(call, call.sim.clock.now()),
    scmInfo: 'simulator',
    serverTitle: 'Jira',
  });
}
