import type * as Used from './used-endpoints.js';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { dirname, join } from 'node:path';

const names = [
  'addComment',
  'bulkFetchIssues',
  'countIssues',
  'createIssue',
  'createOrUpdateRemoteIssueLink',
  'doTransition',
  'editIssue',
  'findAssignableUsers',
  'getAllStatuses',
  'getChangeLogs',
  'getComment',
  'getComments',
  'getCreateIssueMetaIssueTypeId',
  'getCreateIssueMetaIssueTypes',
  'getCurrentUser',
  'getFields',
  'getIssue',
  'getIssueLinkTypes',
  'getMyPermissions',
  'getRemoteIssueLinks',
  'getStatuses',
  'getTransitions',
  'getUser',
  'linkIssues',
  'parseJqlQueries',
  'searchAndReconsileIssuesUsingJqlPost',
  'updateComment',
] as const satisfies readonly (keyof Endpoints)[];

/** The endpoint functions of jira.js that this connector uses. */
export type Endpoints = typeof Used;

declare global {
  interface ImportMeta {
    /** Set where this is part of a bundle. */
    readonly bundled?: true;
  }
}

/** The modules of jira.js 6 in which they live. */
const modules = [
  'issueComments',
  'issueFields',
  'issueLinks',
  'issueLinkTypes',
  'issueRemoteLinks',
  'issues',
  'issueSearch',
  'jql',
  'myself',
  'permissions',
  'projects',
  'users',
  'userSearch',
  'workflowStatuses',
] as const;

/**
 * Loads them when the first request is made. Measured on Node 24: `jira.js/cloud`, the package's only entry to these functions, costs
 * 70 MB and half a second because it builds every schema of Jira's API; the modules above alone 34 MB and a quarter of a second; a bundle, which
 * leaves out what is not used, 3 MB and 20 ms. So without a bundle they are loaded by their place inside the package; should a later version
 * move them, the whole entry is loaded instead: same functions, more memory.
 */
export async function loadEndpoints(): Promise<Endpoints> {
  return (import.meta.bundled ? undefined : await loadByPlace()) ?? import('./used-endpoints.js');
}

async function loadByPlace(): Promise<Endpoints | undefined> {
  try {
    const root = dirname(createRequire(import.meta.url).resolve('jira.js/package.json'));
    const parts = await Promise.all(
      modules.map((name) => import(pathToFileURL(join(root, 'dist', 'cloud', 'api', `${name}.js`)).href) as Promise<Partial<Endpoints>>),
    );
    const all = Object.assign({}, ...parts) as Endpoints;
    return names.every((name) => typeof all[name] === 'function') ? all : undefined;
  } catch {
    return undefined; // they have moved
  }
}
