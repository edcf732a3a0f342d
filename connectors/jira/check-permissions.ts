import { type CheckResult, isFailure } from 'golden-thread/kit';
import type { Jira } from './jira.js';
import type { Target } from './target.js';
import { Permissions } from './wire.js';

const needed = ['BROWSE_PROJECTS', 'CREATE_ISSUES', 'EDIT_ISSUES', 'TRANSITION_ISSUES', 'ADD_COMMENTS', 'LINK_ISSUES'] as const;
/** Permission -> what does not work without it. */
const useful: Readonly<Record<string, string>> = {
  ASSIGN_ISSUES: 'tickets cannot be assigned to their owners',
  CREATE_ATTACHMENTS: 'the chart of a measurement cannot be attached to its ticket',
  EDIT_OWN_COMMENTS: 'the status comment of a ticket cannot be updated in place',
};
/** Permission -> what a leaked token could do with it. Nothing here is ever needed. */
const tooMuch: Readonly<Record<string, string>> = {
  ADMINISTER: 'administer the whole Jira',
  ADMINISTER_PROJECTS: 'change the project, its screens and its people',
  DELETE_ISSUES: 'delete issues, and with them evidence',
};

/** Whether the account may do in the project of a target what writing needs, and no less convenient things. */
export async function checkPermissions(jira: Jira, { project }: Target, signal?: AbortSignal): Promise<CheckResult> {
  const what = `${project}: permissions`;
  const missing = await lacking(jira, project, needed, signal);
  if (missing.length > 0)
    return { what, outcome: 'failed', found: `the account lacks ${missing.join(', ')}`, hint: 'give it a project role that has them' };
  const wanting: string[] = [];
  // Jira refuses the whole question when it does not know one of the permissions; then there is nothing to say about it.
  for (const name of Object.keys(useful)) wanting.push(...(await lacking(jira, project, [name], signal).catch(() => [])));
  return wanting.length === 0
    ? { what, outcome: 'ok', found: 'the account may create, edit, move, comment and link' }
    : {
        what,
        outcome: 'warning',
        found: `the account lacks ${wanting.join(', ')}`,
        hint: `without it ${wanting.map((name) => useful[name] ?? '').join(', and ')}`,
      };
}

/** Whether the account may do what golden-thread never does, in any of the projects that it writes to. */
export async function checkExcess(jira: Jira, projects: readonly string[], signal?: AbortSignal): Promise<CheckResult> {
  const what = 'least privilege';
  const found: string[] = [];
  for (const name of Object.keys(tooMuch)) {
    const held: string[] = [];
    for (const project of name === 'ADMINISTER' ? [undefined] : projects)
      if (await holds(jira, project, name, signal)) held.push(project ?? '');
    const where = held.filter((project) => project !== '').join(', ');
    if (held.length > 0) found.push(`${name}${where === '' ? '' : ` in ${where}`} (${tooMuch[name] ?? ''})`);
  }
  return found.length === 0
    ? { what, outcome: 'ok', found: 'the account can neither administer nor delete' }
    : {
        what,
        outcome: 'warning',
        found: `the account may more than golden-thread needs: ${found.join('; ')}`,
        hint: 'take these permissions from it: whoever gets hold of its token could use them',
      };
}

/** The projects that a query names and that this account may not browse: what it leaves out without a word. */
export async function hiddenProjects(jira: Jira, jql: string, signal?: AbortSignal): Promise<readonly string[]> {
  const hidden: string[] = [];
  for (const project of projectsIn(jql)) {
    if ((await lacking(jira, project, ['BROWSE_PROJECTS'], signal)).length > 0) hidden.push(project);
  }
  return hidden;
}

/** Keys that follow `project =` or `project in (…)`; names of projects are left to Jira. */
export function projectsIn(jql: string): readonly string[] {
  const keys = [...jql.matchAll(/\bproject\s*(?:=|\bin\b)\s*(\([^)]*\)|"[^"]*"|'[^']*'|[A-Za-z0-9_]+)/gi)].flatMap((match) =>
    (match[1] ?? '').replace(/[()"']/g, ' ').split(/[\s,]+/),
  );
  return [...new Set(keys.filter((key) => /^[A-Z][A-Z0-9_]+$/.test(key)))];
}

async function holds(jira: Jira, project: string | undefined, name: string, signal?: AbortSignal): Promise<boolean> {
  // A permission that this Jira does not know is one that the account does not hold.
  return (await lacking(jira, project, [name], signal).catch(() => [name])).length === 0;
}

/** Those that the account does not have; all of them where it may not even see the project. */
async function lacking(
  jira: Jira,
  project: string | undefined,
  permissions: readonly string[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  try {
    const { value } = await jira.client.ask({
      send: (api, via) =>
        api.getMyPermissions(via, { ...(project !== undefined && { projectKey: project }), permissions: permissions.join(',') }),
      answer: Permissions,
      effect: 'read',
      signal,
    });
    return permissions.filter((name) => value.permissions[name]?.havePermission !== true);
  } catch (error) {
    if (isFailure(error) && error.details.status === 404) return permissions;
    throw error;
  }
}
