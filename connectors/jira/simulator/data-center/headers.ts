/** What Cloud's edge adds, and its reasons for limits: a Data Center knows none of it. */
const cloudOnly = new Set(['server', 'atl-traceid', 'atl-request-id', 'ratelimit-reason', 'x-ratelimit-reset', 'x-ratelimit-nearlimit']);

/**
 * The headers of an answer as a Data Center with rate limiting sends them: the bucket of the account in every answer, and `retry-after: 0` for "go on"
 * unless something else is told. `intervalSeconds`: how often the bucket is filled.
 */
export function dataCenterHeaders(headers: Readonly<Record<string, string>>, intervalSeconds: number): Record<string, string> {
  return {
    'retry-after': '0',
    'x-ratelimit-fillrate': '10',
    'x-ratelimit-interval-seconds': String(intervalSeconds),
    'x-seraph-loginreason': 'OK',
    ...Object.fromEntries(Object.entries(headers).filter(([name]) => !cloudOnly.has(name))),
  };
}
