import { type Answer, ok, refuse } from '../answer.js';
import { canSee, openIssue } from '../access.js';
import { renderChange } from '../fields/render-issue.js';
import type { Json } from '../json.js';
import type { Call } from '../sim.js';
import type { Change } from '../store/issue.js';
import { findFile } from '../store/shelf.js';
import { numberParameter, readBody, textsIn } from './body.js';

/** Most entries on one page of an issue's changelog. */
const maxPage = 100;

/** GET /issue/{k}/changelog: oldest first, at most 100 a page. */
export function getChangelog(call: Call): Answer {
  const file = openIssue(call, call.params[0]);
  const startAt = numberParameter(call, 'startAt', 0);
  const maxResults = Math.min(numberParameter(call, 'maxResults', maxPage), maxPage);
  const address = (at: number): string =>
    `${call.sim.baseUrl}/rest/api/3/issue/${file.issue.id}/changelog?maxResults=${maxResults}&startAt=${at}`;
  const values = file.changes.slice(startAt, startAt + maxResults).map((change) => renderChange(call, change));
  const isLast = startAt + maxResults >= file.changes.length;
  return ok({
    self: address(startAt),
    ...(!isLast && { nextPage: address(startAt + maxResults) }),
    maxResults,
    startAt,
    total: file.changes.length,
    isLast,
    values,
  });
}

/** POST /changelog/bulkfetch: all issues' entries in order of time, then issue id; `created` is a number whose unit is a switch. */
export function fetchChangelogs(call: Call): Answer {
  const body = readBody(call, { issueIdsOrKeys: 'strings', fieldIds: 'strings', maxResults: 'number', nextPageToken: 'string' });
  const wanted = textsIn(body['issueIdsOrKeys']) ?? [];
  const fieldIds = textsIn(body['fieldIds']) ?? [];
  if (wanted.length === 0 || wanted.length > 1000) refuse(400, ['Between 1 and 1000 issue IDs or keys must be provided.']);
  if (fieldIds.length > 10) refuse(400, ['A maximum of 10 field IDs can be provided.']);
  const size = typeof body['maxResults'] === 'number' ? Math.min(body['maxResults'], 10_000) : 1000;
  const start = readStart(body['nextPageToken']);
  const files = [...new Set(wanted.flatMap((idOrKey) => findFile(call.sim.shelf, idOrKey) ?? []))].filter((file) =>
    canSee(call.sim, call.caller, file),
  );
  const all = files
    .flatMap((file) => file.changes.map((change) => ({ id: file.issue.id, change: onlyFields(change, fieldIds) })))
    .filter(({ change }) => change.items.length > 0)
    .toSorted((a, b) => a.change.at - b.change.at || a.id - b.id || a.change.id - b.change.id);
  const perIssue = new Map<number, Json[]>();
  for (const { id, change } of all.slice(start, start + size)) {
    const created = call.sim.switches.bulkChangelogUnit === 'ms' ? change.at : Math.floor(change.at / 1000);
    perIssue.set(id, [...(perIssue.get(id) ?? []), { ...renderChange(call, change), created }]);
  }
  const next = start + size < all.length ? Buffer.from(`changelog:${start + size}`).toString('base64url') : undefined;
  return ok({
    issueChangeLogs: [...perIssue].map(([id, changeHistories]) => ({ issueId: String(id), changeHistories })),
    ...(next !== undefined && { nextPageToken: next }),
  });
}

function onlyFields(change: Change, fieldIds: readonly string[]): Change {
  if (fieldIds.length === 0) return change;
  return { ...change, items: change.items.filter((item) => item.fieldId !== undefined && fieldIds.includes(item.fieldId)) };
}

function readStart(token: Json | undefined): number {
  if (typeof token !== 'string') return 0;
  const match = /^changelog:(\d+)$/.exec(Buffer.from(token, 'base64url').toString());
  return match === null ? refuse(400, ['The provided next page token is invalid or expired.']) : Number(match[1]);
}
