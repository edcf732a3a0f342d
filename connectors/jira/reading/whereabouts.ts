import { Failure, type Json, type Whereabouts } from 'golden-thread/kit';
import { idIn } from './capped.js';
import { hiddenProjects } from '../check-permissions.js';
import type { Jira } from '../jira.js';
import { fetchIssues, searchPage } from './search.js';
import { isObject } from '../value.js';

/** So many ids Jira reconciles in one search. */
const batch = 50;
/** How often a batch is looked at again because issues vanished while it was looked at. */
const looks = 3;

/**
 * What became of issues that a census did not list. Asked of the database by id, so an index that lags makes nothing disappear:
 *
 * - not there: `unknown`. Jira answers deleted issues and those that the account may not see with the same sentence, whoever asks.
 * - there, and the query finds it once Jira has reconciled it with its index: `here`
 * - there, and the query does not: `archived` where the issue says so, else `out-of-scope` (moved to another project, or its values no longer fit)
 */
export async function whereaboutsOf(
  jira: Jira,
  jql: string,
  keys: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Whereabouts>> {
  const result = new Map<string, Whereabouts>();
  let permitted = false;
  for (let at = 0; at < keys.length; at += batch) {
    for (const [key, where] of await lookAt(jira, jql, keys.slice(at, at + batch), signal)) result.set(key, where);
    if (!permitted && [...result.values()].includes('unknown')) {
      await stillPermitted(jira, jql, signal);
      permitted = true;
    }
  }
  return result;
}

/** Where the account may no longer browse a project of the query, everything in it looks deleted. Fails with `auth` then: nothing is said about any of it. */
async function stillPermitted(jira: Jira, jql: string, signal?: AbortSignal): Promise<void> {
  const hidden = await hiddenProjects(jira, jql, signal);
  if (hidden.length > 0)
    throw new Failure('auth', `the account may no longer browse ${hidden.join(', ')}`, {
      hint: 'give it back the permission BROWSE_PROJECTS there; what it cannot see is not taken for deleted',
    });
}

async function lookAt(jira: Jira, jql: string, keys: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, Whereabouts>> {
  const result = new Map<string, Whereabouts>();
  let open = keys;
  for (let look = 1; open.length > 0; look += 1) {
    const there = new Map((await fetchIssues(jira, open, ['project', 'archiveddate'], signal)).map((issue) => [idIn(issue), issue]));
    for (const key of open) if (!there.has(key)) result.set(key, 'unknown');
    const present = open.filter((key) => there.has(key));
    if (present.length === 0) break;
    const found = await inScope(jira, jql, present, signal);
    for (const key of found) result.set(key, 'here');
    const outside = present.filter((key) => !found.has(key));
    // An id that Jira does not know (any more) makes the whole search find nothing. So nothing is called outside while one of them vanished meanwhile.
    const still = new Set((outside.length === 0 ? [] : await fetchIssues(jira, outside, ['project'], signal)).map(idIn));
    if (outside.every((key) => still.has(key))) {
      for (const key of outside) result.set(key, isArchived(there.get(key)) ? 'archived' : 'out-of-scope');
      break;
    }
    if (look >= looks)
      throw new Failure('transient', 'issues keep vanishing while it is found out where others went', {
        hint: 'nothing to do: the next census asks again',
      });
    open = outside;
  }
  return result;
}

async function inScope(jira: Jira, jql: string, ids: readonly string[], signal?: AbortSignal): Promise<ReadonlySet<string>> {
  const page = await searchPage(
    jira,
    { jql: `(${jql}) AND id in (${ids.join(', ')})`, fields: ['id'], limit: batch, reconcile: ids.map(Number) },
    signal,
  );
  return new Set(page.issues.map(idIn));
}

function isArchived(issue: Json | undefined): boolean {
  const fields = isObject(issue) ? issue['fields'] : undefined;
  return isObject(fields) && (fields['archiveddate'] ?? null) !== null;
}
