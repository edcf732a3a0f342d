import type { Json, RangeAsk } from 'golden-thread/kit';
import type { Jira } from '../jira.js';
import { fetchIssues, maxPageSize, searchPage, type SearchPage } from './search.js';
import { isObject } from '../value.js';

/**
 * A page for a Jira that gives fewer issues than it is asked for. Jira documents that it does so where many fields are asked for, and that it gives
 * most where ids alone are. So when a page of a range holds nothing new (more issues share one minute than Jira puts on a page), the range is searched
 * once more for ids, and those that were not read yet are fetched by id, from the database.
 */
export async function beyondTheCap(
  jira: Jira,
  range: { readonly jql: string; readonly ask: RangeAsk; readonly fields: readonly string[] },
  first: SearchPage | undefined,
): Promise<SearchPage> {
  const { ask } = range;
  const all = await searchPage(jira, { jql: range.jql, fields: ['id'], limit: maxPageSize }, ask.signal);
  const there = new Set((first?.issues ?? []).map(idIn));
  const unread = all.issues.map(idIn).filter((id) => id !== '' && !there.has(id) && ask.seen?.has(id) !== true);
  const take = Math.max(1, ask.limit - Math.max(ask.seen?.size ?? 0, there.size));
  const fetched = await fetchIssues(jira, unread.slice(0, take), range.fields, ask.signal);
  const place = new Map(unread.map((id, index) => [id, index]));
  const inOrder = fetched.toSorted((a, b) => (place.get(idIn(a)) ?? 0) - (place.get(idIn(b)) ?? 0));
  return { issues: [...(first?.issues ?? []), ...inOrder], more: all.more || unread.length > take, remoteNow: all.remoteNow };
}

/** The id of an issue as it came; empty when it has none. */
export function idIn(issue: Json): string {
  return isObject(issue) && typeof issue['id'] === 'string' && /^\d+$/.test(issue['id']) ? issue['id'] : '';
}
