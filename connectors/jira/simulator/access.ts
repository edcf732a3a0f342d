import { refuse, refuseIssue } from './answer.js';
import type { Call, Sim } from './sim.js';
import type { IssueFile } from './store/issue.js';
import { findFile } from './store/shelf.js';
import type { Person, Project } from './world/types.js';

/** Permission keys that the simulator knows, with their display names. */
export const permissions: Readonly<Record<string, string>> = {
  BROWSE_PROJECTS: 'Browse Projects',
  CREATE_ISSUES: 'Create Issues',
  EDIT_ISSUES: 'Edit Issues',
  TRANSITION_ISSUES: 'Transition Issues',
  ASSIGN_ISSUES: 'Assign Issues',
  ASSIGNABLE_USER: 'Assignable User',
  ADD_COMMENTS: 'Add Comments',
  CREATE_ATTACHMENTS: 'Create Attachments',
  EDIT_ALL_COMMENTS: 'Edit All Comments',
  LINK_ISSUES: 'Link Issues',
  DELETE_ISSUES: 'Delete Issues',
  MOVE_ISSUES: 'Move Issues',
  SET_ISSUE_SECURITY: 'Set Issue Security',
  MODIFY_REPORTER: 'Modify Reporter',
  ADMINISTER_PROJECTS: 'Administer Projects',
  ADMINISTER: 'Administer Jira',
  EDIT_OWN_COMMENTS: 'Edit Own Comments',
};

/** Whether somebody may browse a project. Nobody signed in sees nothing: no project is public. */
export function canBrowse(person: Person | undefined, projectKey: string): person is Person {
  return person !== undefined && person.active && !person.blind.includes(projectKey) && !person.deny.includes('BROWSE_PROJECTS');
}

/** Whether somebody sees an issue: it exists, its project may be browsed, no security level and no control keeps it from them. */
export function canSee(sim: Sim, person: Person | undefined, file: IssueFile): boolean {
  if (file.archivedAt !== undefined && sim.switches.archivedById === 'hidden') return false;
  if (file.deletedAt !== undefined || !canBrowse(person, file.issue.projectKey) || file.hiddenFrom.has(person.accountId)) return false;
  const level = file.issue.values['security'];
  return level === undefined || sim.world.securityLevels.some((each) => each.id === level && each.members.includes(person.accountId));
}

/** The issue of a route, for this caller; 404 alike for unknown, deleted and invisible ones. */
export function openIssue(call: Call, idOrKey: string | undefined): IssueFile {
  const file = idOrKey === undefined ? undefined : findFile(call.sim.shelf, idOrKey);
  return file !== undefined && canSee(call.sim, call.caller, file) ? file : refuseIssue();
}

/** The caller, who must be signed in. */
export function signedIn(call: Call): Person {
  return call.caller ?? refuseUnauthorized(call.sim);
}

/** The caller, who must hold a permission. The wording of a 403 is unverified. */
export function permitted(call: Call, permission: string): Person {
  const person = signedIn(call);
  if (person.deny.includes(permission)) refuse(403, [`You do not have permission to perform this operation (${permission}).`]);
  return person;
}

/** 401 as the switches say; which body a site sends is unverified. */
export function refuseUnauthorized(sim: Sim): never {
  if (sim.switches.unauthorizedBody === 'json') refuse(401, ['Client must be authenticated to access this resource.']);
  throw Object.assign(new Error('refused with 401'), {
    answer: {
      status: 401,
      body: '<html><head><title>Unauthorized (401)</title></head><body>Basic Authentication Failure - Reason : AUTHENTICATED_FAILED</body></html>',
      headers: { 'content-type': 'text/html;charset=UTF-8' },
    },
  });
}

/** The project with this key or id, for this caller. The sentence is recorded. */
export function openProject(call: Call, keyOrId: string): Project {
  const project = call.sim.world.projects.find((each) => each.key === keyOrId || each.id === keyOrId);
  if (project !== undefined && canBrowse(call.caller, project.key)) return project;
  const what = /^\d+$/.test(keyOrId) ? 'id' : 'key';
  return refuse(404, [`No project could be found with ${what} '${keyOrId}'.`]);
}
