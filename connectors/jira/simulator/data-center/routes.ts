import { type Answer, refuseWith } from '../answer.js';
import * as attachments from '../api/attachments.js';
import * as comments from '../api/comments.js';
import { createMany, createOne } from '../api/create.js';
import * as issue from '../api/issue.js';
import * as links from '../api/issue-links.js';
import * as all from '../api/meta.js';
import * as people from '../api/people.js';
import * as properties from '../api/properties.js';
import * as remote from '../api/remote-links.js';
import * as transitions from '../api/transitions.js';
import type { Handler } from '../routes.js';
import type { Sim } from '../sim.js';
import * as meta from './meta.js';
import * as search from './search.js';
import * as users from './users.js';

/** What REST v2 of a Data Center has; `{}` stands for one segment. No /search/jql, bulkfetch, /jql/parse, approximate count or changelog. */
const paths: readonly (readonly [string, string, Handler])[] = [
  ['GET', '/search', search.searchByGet],
  ['POST', '/search', search.searchByPost],
  ['POST', '/issue', createOne],
  ['POST', '/issue/bulk', createMany],
  ['GET', '/issue/createmeta/{}/issuetypes', meta.createTypes],
  ['GET', '/issue/createmeta/{}/issuetypes/{}', meta.createFields],
  ['GET', '/issue/{}', meta.readIssue],
  ['PUT', '/issue/{}', issue.putIssue],
  ['DELETE', '/issue/{}', issue.removeIssue],
  ['GET', '/issue/{}/transitions', transitions.listTransitions],
  ['POST', '/issue/{}/transitions', transitions.postTransition],
  ['GET', '/issue/{}/editmeta', all.getEditMeta],
  ['GET', '/issue/{}/comment', comments.listComments],
  ['POST', '/issue/{}/comment', comments.postComment],
  ['GET', '/issue/{}/comment/{}', comments.getComment],
  ['PUT', '/issue/{}/comment/{}', comments.putComment],
  ['DELETE', '/issue/{}/comment/{}', comments.removeComment],
  ['POST', '/issue/{}/attachments', attachments.postAttachments],
  ['GET', '/issue/{}/remotelink', remote.listRemoteLinks],
  ['POST', '/issue/{}/remotelink', remote.postRemoteLink],
  ['DELETE', '/issue/{}/remotelink', remote.removeRemoteLink],
  ['GET', '/issue/{}/remotelink/{}', remote.getRemoteLink],
  ['PUT', '/issue/{}/remotelink/{}', remote.putRemoteLink],
  ['DELETE', '/issue/{}/remotelink/{}', remote.removeRemoteLink],
  ['GET', '/issue/{}/properties', properties.listProperties],
  ['GET', '/issue/{}/properties/{}', properties.getProperty],
  ['PUT', '/issue/{}/properties/{}', properties.putProperty],
  ['DELETE', '/issue/{}/properties/{}', properties.removeProperty],
  ['POST', '/issueLink', links.postIssueLink],
  ['GET', '/issueLink/{}', links.getIssueLink],
  ['DELETE', '/issueLink/{}', links.removeIssueLink],
  ['GET', '/issueLinkType', links.listLinkTypes],
  ['GET', '/field', all.listFields],
  ['GET', '/status', all.listStatuses],
  ['GET', '/priority', all.listNamed('priority')],
  ['GET', '/resolution', all.listNamed('resolution')],
  ['GET', '/issuetype', all.listIssueTypes],
  ['GET', '/serverInfo', meta.serverInfo],
  ['GET', '/myself', users.getMyself],
  ['GET', '/mypermissions', meta.myPermissions],
  ['GET', '/user', users.getUser],
  ['GET', '/user/search', users.searchUsers],
  ['GET', '/user/assignable/search', users.searchAssignable],
  ['GET', '/project/{}', people.getProject],
  ['GET', '/project/{}/statuses', all.listTypeStatuses],
];

const routes = paths.map(([method, path, handle]) => ({
  method,
  pattern: new RegExp(`^/rest/api/(?:2|latest)${path.replaceAll('{}', '([^/]+)')}$`),
  handle,
}));

/** The endpoint of a request and what its placeholders stand for. The body for what does not exist is unverified. */
export function findDataCenterRoute(
  sim: Pick<Sim, 'baseUrl'>,
  method: string,
  path: string,
): { readonly handle: Handler; readonly params: readonly string[] } {
  const file = method === 'GET' ? /^\/secure\/attachment\/([^/]+)\/[^/]*$/.exec(path) : null;
  if (file !== null) return { handle: attachments.getFile, params: file.slice(1) };
  for (const route of routes) {
    const match = route.method === method ? route.pattern.exec(path) : null;
    if (match !== null) return { handle: (call) => asV2(sim, route.handle(call)), params: match.slice(1).map(decodeURIComponent) };
  }
  return refuseWith({ status: 404, body: { message: `null for uri: ${sim.baseUrl}${path}`, 'status-code': 404 } });
}

/** The same answer with its addresses in v2. */
function asV2(sim: Pick<Sim, 'baseUrl'>, answer: Answer): Answer {
  if (answer.body === undefined || typeof answer.body === 'string') return answer;
  const text = JSON.stringify(answer.body).replaceAll(`${sim.baseUrl}/rest/api/3/`, `${sim.baseUrl}/rest/api/2/`);
  return { ...answer, body: JSON.parse(text) as NonNullable<Answer['body']> };
}
