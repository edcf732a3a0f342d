import { type Answer, ok, refuse } from '../answer.js';
import { openIssue, openProject, permissions, signedIn } from '../access.js';
import { renderIssueType, renderPerson, renderProject } from '../fields/render.js';
import type { Json } from '../json.js';
import type { Call } from '../sim.js';
import type { Person, Project } from '../world/types.js';
import { listParameter, numberParameter } from './body.js';

/** GET /myself: never anonymous, which makes it the probe for credentials. */
export function getMyself(call: Call): Answer {
  const caller = signedIn(call);
  return ok({
    ...renderPerson(call, caller.accountId),
    locale: 'en_US',
    groups: { size: 0, items: [] },
    applicationRoles: { size: 0, items: [] },
  });
}

/** GET /mypermissions: the sentences for missing and unknown keys are recorded. */
export function getMyPermissions(call: Call): Answer {
  const wanted = listParameter(call, 'permissions');
  if (wanted === undefined) return refuse(400, ["The 'permissions' query parameter is required."]);
  const unknown = wanted.filter((key) => permissions[key] === undefined);
  if (unknown.length > 0) refuse(400, [], Object.fromEntries(unknown.map((key) => [key, 'Unrecognized permission'])));
  const project = call.query.get('projectKey') ?? call.query.get('projectId');
  const issue = call.query.get('issueKey') ?? call.query.get('issueId');
  if (project !== null) openProject(call, project);
  if (issue !== null) openIssue(call, issue);
  const { caller } = call;
  const entries = wanted.map((key): [string, Json] => [
    key,
    {
      id: String(Object.keys(permissions).indexOf(key) + 10),
      key,
      name: permissions[key] ?? key,
      type: 'PROJECT',
      description: '',
      havePermission: caller !== undefined && caller.active && !caller.deny.includes(key),
    },
  ]);
  return ok({ permissions: Object.fromEntries(entries) });
}

/** GET /user?accountId= */
export function getUser(call: Call): Answer {
  signedIn(call);
  const person = renderPerson(call, call.query.get('accountId') ?? undefined);
  return person === null ? refuse(404, ['Specified user does not exist or you do not have required permissions']) : ok(person);
}

/** GET /user/search */
export function searchUsers(call: Call): Answer {
  signedIn(call);
  if (call.query.get('query') === null && call.query.get('accountId') === null)
    refuse(400, ['The username or property query parameter must be provided']);
  return ok(peoplePage(call, call.sim.world.people));
}

/** GET /user/assignable/search by project or issue: active people only. */
export function searchAssignable(call: Call): Answer {
  signedIn(call);
  const project = call.query.get('project');
  const issue = call.query.get('issueKey') ?? call.query.get('issueId');
  if (project === null && issue === null) refuse(400, ['Either the project or the issueKey query parameter must be provided']);
  if (project !== null) openProject(call, project);
  if (issue !== null) openIssue(call, issue);
  const assignable = call.sim.world.people.filter(
    (person) => person.active && person.accountType === 'atlassian' && !person.deny.includes('ASSIGNABLE_USER'),
  );
  return ok(peoplePage(call, assignable));
}

function peoplePage(call: Call, people: readonly Person[]): readonly Json[] {
  const accountId = call.query.get('accountId');
  const text = (call.query.get('query') ?? '').toLowerCase();
  const matches = people.filter((person) => {
    if (accountId !== null) return person.accountId === accountId;
    return person.displayName.toLowerCase().includes(text) || person.email.toLowerCase().startsWith(text);
  });
  const startAt = numberParameter(call, 'startAt', 0);
  return matches.slice(startAt, startAt + numberParameter(call, 'maxResults', 50)).map((person) => renderPerson(call, person.accountId));
}

/** GET /project/{k} */
export function getProject(call: Call): Answer {
  return ok(renderWhole(call, openProject(call, call.params[0] ?? '')));
}

/** GET /project/search */
export function searchProjects(call: Call): Answer {
  const keys = listParameter(call, 'keys');
  const text = call.query.get('query')?.toLowerCase();
  const { caller } = call;
  const visible = call.sim.world.projects.filter((project) => {
    if (caller === undefined || caller.blind.includes(project.key)) return false;
    if (keys !== undefined && !keys.includes(project.key)) return false;
    return text === undefined || project.key.toLowerCase().includes(text) || project.name.toLowerCase().includes(text);
  });
  const startAt = numberParameter(call, 'startAt', 0);
  const maxResults = Math.min(numberParameter(call, 'maxResults', 50), 100);
  const values = visible.slice(startAt, startAt + maxResults).map((project) => renderProject(call, project));
  return ok({ startAt, maxResults, total: visible.length, isLast: startAt + values.length >= visible.length, values });
}

function renderWhole(call: Call, project: Project): Json {
  return {
    ...renderProject(call, project),
    lead: renderPerson(call, project.lead),
    issueTypes: project.types.map((type) => renderIssueType(call, type)),
    components: project.components.map((component) => ({ ...component })),
  };
}
