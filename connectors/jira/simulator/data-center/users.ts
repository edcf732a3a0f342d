import { type Answer, ok, refuse } from '../answer.js';
import { openIssue, openProject, signedIn } from '../access.js';
import { numberParameter } from '../api/body.js';
import type { Call } from '../sim.js';
import type { Person } from '../world/types.js';
import { renderUser, usernameOf } from './user.js';

/** GET /myself: never anonymous. */
export function getMyself(call: Call): Answer {
  const body = renderUser(call.sim, signedIn(call));
  return ok({ ...body, locale: 'en_US', groups: { size: 0, items: [] }, applicationRoles: { size: 0, items: [] } });
}

/** GET /user?key= or ?username= */
export function getUser(call: Call): Answer {
  signedIn(call);
  const [key, name] = [call.query.get('key'), call.query.get('username')];
  const person = call.sim.world.people.find((each) =>
    key === null ? usernameOf(each).toLowerCase() === name?.toLowerCase() : each.accountId === key,
  );
  if (person !== undefined) return ok(renderUser(call.sim, person));
  return refuse(404, [key === null ? `The user named '${name ?? ''}' does not exist` : `The user with the key '${key}' does not exist`]);
}

/** GET /user/search?username=: by username, name to show, or address. */
export function searchUsers(call: Call): Answer {
  signedIn(call);
  if (call.query.get('username') === null) refuse(400, ['The username query parameter was not provided']);
  const all = call.query.get('includeInactive') === 'true';
  return page(
    call,
    call.sim.world.people.filter((person) => all || person.active),
  );
}

/** GET /user/assignable/search?username=&project= */
export function searchAssignable(call: Call): Answer {
  signedIn(call);
  const project = call.query.get('project');
  const issue = call.query.get('issueKey');
  if (project === null && issue === null) refuse(400, ['Either the project or the issueKey query parameter must be provided']);
  if (project !== null) openProject(call, project);
  if (issue !== null) openIssue(call, issue);
  return page(
    call,
    call.sim.world.people.filter((person) => person.active && !person.deny.includes('ASSIGNABLE_USER')),
  );
}

function page(call: Call, people: readonly Person[]): Answer {
  const text = (call.query.get('username') ?? '').toLowerCase();
  const matches = people.filter((person) =>
    [usernameOf(person), person.displayName, person.email].some((each) => each.toLowerCase().includes(text)),
  );
  const startAt = numberParameter(call, 'startAt', 0);
  return ok(matches.slice(startAt, startAt + numberParameter(call, 'maxResults', 50)).map((person) => renderUser(call.sim, person)));
}
