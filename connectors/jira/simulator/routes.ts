import { type Answer, refuseWith } from './answer.js';
import * as attachments from './api/attachments.js';
import * as changelog from './api/changelog.js';
import * as comments from './api/comments.js';
import { createMany, createOne } from './api/create.js';
import * as issue from './api/issue.js';
import * as links from './api/issue-links.js';
import * as meta from './api/meta.js';
import * as people from './api/people.js';
import * as properties from './api/properties.js';
import * as remote from './api/remote-links.js';
import * as search from './api/search.js';
import * as transitions from './api/transitions.js';
import type { Call } from './sim.js';

export type Handler = (call: Call) => Answer;

export interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly handle: Handler;
}

/** `{}` stands for one segment. */
function route(method: string, path: string, handle: Handler): Route {
  return { method, pattern: new RegExp(`^/rest/api/3${path.replaceAll('{}', '([^/]+)')}$`), handle };
}

const routes: readonly Route[] = [
  route('POST', '/search/jql', search.searchByPost),
  route('GET', '/search/jql', search.searchByGet),
  route('POST', '/search/approximate-count', search.countMatches),
  { method: 'GET', pattern: /^\/rest\/api\/(?:2|3|latest)\/search$/, handle: search.searchRemoved },
  { method: 'POST', pattern: /^\/rest\/api\/(?:2|3|latest)\/search$/, handle: search.searchRemoved },
  route('POST', '/jql/parse', search.parseQueries),
  route('POST', '/jql/match', search.matchIssues),
  route('POST', '/issue', createOne),
  route('POST', '/issue/bulk', createMany),
  route('POST', '/issue/bulkfetch', issue.fetchIssues),
  route('POST', '/changelog/bulkfetch', changelog.fetchChangelogs),
  route('GET', '/issue/createmeta/{}/issuetypes', meta.listCreateTypes),
  route('GET', '/issue/createmeta/{}/issuetypes/{}', meta.listCreateFields),
  route('GET', '/issue/{}', issue.getIssue),
  route('PUT', '/issue/{}', issue.putIssue),
  route('DELETE', '/issue/{}', issue.removeIssue),
  route('PUT', '/issue/{}/assignee', issue.assignIssue),
  route('GET', '/issue/{}/changelog', changelog.getChangelog),
  route('GET', '/issue/{}/transitions', transitions.listTransitions),
  route('POST', '/issue/{}/transitions', transitions.postTransition),
  route('GET', '/issue/{}/editmeta', meta.getEditMeta),
  route('GET', '/issue/{}/comment', comments.listComments),
  route('POST', '/issue/{}/comment', comments.postComment),
  route('GET', '/issue/{}/comment/{}', comments.getComment),
  route('PUT', '/issue/{}/comment/{}', comments.putComment),
  route('DELETE', '/issue/{}/comment/{}', comments.removeComment),
  route('POST', '/issue/{}/attachments', attachments.postAttachments),
  route('GET', '/attachment/content/{}', attachments.getContent),
  route('GET', '/issue/{}/remotelink', remote.listRemoteLinks),
  route('POST', '/issue/{}/remotelink', remote.postRemoteLink),
  route('DELETE', '/issue/{}/remotelink', remote.removeRemoteLink),
  route('GET', '/issue/{}/remotelink/{}', remote.getRemoteLink),
  route('PUT', '/issue/{}/remotelink/{}', remote.putRemoteLink),
  route('DELETE', '/issue/{}/remotelink/{}', remote.removeRemoteLink),
  route('GET', '/issue/{}/properties', properties.listProperties),
  route('GET', '/issue/{}/properties/{}', properties.getProperty),
  route('PUT', '/issue/{}/properties/{}', properties.putProperty),
  route('DELETE', '/issue/{}/properties/{}', properties.removeProperty),
  route('POST', '/issueLink', links.postIssueLink),
  route('GET', '/issueLink/{}', links.getIssueLink),
  route('DELETE', '/issueLink/{}', links.removeIssueLink),
  route('GET', '/issueLinkType', links.listLinkTypes),
  route('GET', '/field', meta.listFields),
  route('GET', '/status', meta.listStatuses),
  route('GET', '/priority', meta.listNamed('priority')),
  route('GET', '/priority/search', meta.searchPriorities),
  route('GET', '/resolution', meta.listNamed('resolution')),
  route('GET', '/issuetype', meta.listIssueTypes),
  route('GET', '/label', meta.listLabels),
  route('GET', '/serverInfo', meta.getServerInfo),
  route('GET', '/myself', people.getMyself),
  route('GET', '/mypermissions', people.getMyPermissions),
  route('GET', '/user', people.getUser),
  route('GET', '/user/search', people.searchUsers),
  route('GET', '/user/assignable/search', people.searchAssignable),
  route('GET', '/project/search', people.searchProjects),
  route('GET', '/project/{}', people.getProject),
  route('GET', '/project/{}/statuses', meta.listTypeStatuses),
];

/** The endpoint of a request and what its placeholders stand for. What does not exist answers problem+json, as recorded. */
export function findRoute(method: string, path: string): { readonly handle: Handler; readonly params: readonly string[] } {
  for (const candidate of routes) {
    if (candidate.method !== method) continue;
    const match = candidate.pattern.exec(path);
    if (match !== null) return { handle: candidate.handle, params: match.slice(1).map(decodeSegment) };
  }
  return refuseWith({
    status: 404,
    headers: { 'content-type': 'application/problem+json' },
    body: { type: 'about:blank', title: 'Not Found', status: 404, detail: `No endpoint ${method} ${path}.`, instance: path },
  });
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
