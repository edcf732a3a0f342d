import type { HttpAnswer, HttpRequest, Limited } from 'golden-thread/kit';

/** Where Jira sends neither Retry-After nor a time of reset: so long its limit for writes on one issue looks back (20 in 2 s, 100 in 30 s). */
const shortestMs = 2000;

/**
 * The limits of Jira Cloud under which a request falls: that of its endpoint (a bucket for each method and path), and for a write that of its issue.
 * The quota concerns everything and needs no name.
 */
export function limitsOf(method: string, path: string, route: string): readonly string[] {
  const issue = method === 'GET' ? undefined : /\/issue\/(\d+|[A-Z][A-Z0-9_]*-\d+)(?:\/|$)/.exec(path)?.[1];
  return [`${method} ${route}`, ...(issue === undefined ? [] : [`issue ${issue}`])];
}

/**
 * Whom a 429 concerns, by `RateLimit-Reason`: `jira-burst-based` the endpoint, `jira-per-issue-on-write` the issue, `jira-quota-…` everything, until the
 * hour of the quota is over. Without Retry-After `X-RateLimit-Reset` tells how long, held against Jira's own clock. A reason that is not known, and
 * a 503, are left to the rules for all.
 */
export function limitedBy(answer: Pick<HttpAnswer, 'status' | 'headers'>, request: HttpRequest): Limited | undefined {
  const { status, headers } = answer;
  const reason = headers['ratelimit-reason'] ?? '';
  const [endpoint, issue] = request.limits ?? [];
  if (status !== 429) return undefined;
  const ms = untilReset(headers);
  if (reason.startsWith('jira-quota')) return { ms: ms ?? shortestMs };
  if (reason === 'jira-burst-based') return { ...(endpoint !== undefined && { limit: endpoint }), ...(ms !== undefined && { ms }) };
  if (reason === 'jira-per-issue-on-write') return { limit: issue ?? endpoint ?? '', ms: ms ?? shortestMs };
  return undefined;
}

function untilReset(headers: HttpAnswer['headers']): number | undefined {
  const ms = Date.parse(headers['x-ratelimit-reset'] ?? '') - Date.parse(headers['date'] ?? '');
  return ms > 0 ? ms : undefined;
}
