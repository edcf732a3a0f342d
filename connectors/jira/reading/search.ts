import type { Instant, Json } from 'golden-thread/kit';
import { issueId } from '../issue-key.js';
import type { Jira } from '../jira.js';
import { BulkFetchAnswer, SearchAnswer } from '../wire.js';

/** Jira takes at most this many issues in one page of a search; so many it gives where only their ids are asked for. */
export const maxPageSize = 5000;
/** ... and in one bulk fetch. */
export const maxBulk = 100;

/** A page of a search, made for our account. */
export interface SearchPage {
  readonly issues: readonly Json[];
  /** There is more behind it. The one thing that is believed of Jira's page token. */
  readonly more: boolean;
  readonly remoteNow: Instant | undefined;
}

/**
 * One page of a search. What this process wrote a moment ago is reconciled: Jira then shows it as it is, whatever its index knows.
 * Fails with `auth` or `transient` when the answer was made for somebody else.
 */
export async function searchPage(
  jira: Jira,
  ask: { readonly jql: string; readonly fields: readonly string[]; readonly limit: number; readonly reconcile?: readonly number[] },
  signal?: AbortSignal,
): Promise<SearchPage> {
  await jira.account.known(signal);
  const reconcileIssues = ask.reconcile ?? jira.written.ids();
  const answered = await jira.client.ask({
    send: (api, via) =>
      api.searchAndReconsileIssuesUsingJqlPost(via, {
        jql: ask.jql,
        fields: [...ask.fields],
        maxResults: ask.limit,
        ...(reconcileIssues.length > 0 && { reconcileIssues: [...reconcileIssues] }),
      }),
    answer: SearchAnswer,
    effect: 'read',
    signal,
  });
  await jira.account.proven(answered, signal);
  const { issues, nextPageToken } = answered.value;
  return { issues, more: typeof nextPageToken === 'string' && nextPageToken !== '', remoteNow: answered.remoteNow };
}

/** The issues with these ids from Jira's database, a hundred at a time; those that are gone or not to be seen are left out. */
export async function fetchIssues(
  jira: Jira,
  ids: readonly string[],
  fields: readonly string[],
  signal?: AbortSignal,
): Promise<readonly Json[]> {
  const found: Json[] = [];
  for (let at = 0; at < ids.length; at += maxBulk) {
    await jira.account.known(signal);
    const answered = await jira.client.ask({
      send: (api, via) => api.bulkFetchIssues(via, { issueIdsOrKeys: ids.slice(at, at + maxBulk).map(issueId), fields: [...fields] }),
      answer: BulkFetchAnswer,
      effect: 'read',
      signal,
    });
    await jira.account.proven(answered, signal);
    found.push(...answered.value.issues);
  }
  return found;
}
