import { type Cursor, Failure, type Json, type KeysAsk, type KeysPage, z } from 'golden-thread/kit';
import { idIn } from './capped.js';
import type { Jira } from '../jira.js';
import { fetchIssues, maxPageSize, searchPage } from './search.js';
import { instantOf, isObject } from '../value.js';

/** 1970-01-02, before every issue: a number of few digits might be read as something else than milliseconds. */
const beginning = 86_400_000;
/** To what the index may cut a stamp. */
const minute = 60_000;

const Place = z.strictObject({ v: z.literal(1), from: z.int().min(0), seen: z.array(z.string()) });
type Place = z.infer<typeof Place>;

/**
 * The next page of the ids of everything that a query finds, in the order of creation, which no edit, move or deletion disturbs: each page is a new
 * search from the minute on in which the last one ended, what was listed already left out. Page tokens are not followed; ids and keys are not compared
 * in JQL, because what `id > 10000` means across projects is documented nowhere.
 *
 * The index lags, and what it has shown may vanish again: an issue that is not listed is not gone. See {@link whereaboutsOf}.
 * Fails with `contract` when more than 5,000 issues were created in one minute.
 */
export async function censusPage(jira: Jira, jql: string, cursor: Cursor | undefined, ask: KeysAsk): Promise<KeysPage> {
  const place = cursor === undefined ? { v: 1 as const, from: beginning, seen: [] } : placeOf(cursor);
  const seen = new Set(place.seen);
  const query = `(${jql}) AND created >= ${place.from} ORDER BY created ASC, key ASC`;
  const limit = Math.min(ask.pageSize + seen.size, maxPageSize);
  const page = await searchPage(jira, { jql: query, fields: ['created'], limit }, ask.signal);
  const fresh = page.issues.filter((issue) => !seen.has(idIn(issue)));
  if (fresh.length > 0 || !page.more) return answer(place, page.issues, fresh, page.more);

  const ids = await searchPage(jira, { jql: query, fields: ['id'], limit: maxPageSize }, ask.signal);
  const unlisted = ids.issues.filter((issue) => !seen.has(idIn(issue)));
  if (unlisted.length === 0 && ids.more)
    throw new Failure('contract', `more than ${maxPageSize} issues were created in one minute, and Jira lists no more of them`, {
      hint: 'split the stream in two by its JQL',
    });
  const stamped = await fetchIssues(jira, unlisted.slice(-1).map(idIn), ['created'], ask.signal);
  return answer(place, [...unlisted.slice(0, -1), ...stamped], unlisted, ids.more);
}

function answer(place: Place, rows: readonly Json[], fresh: readonly Json[], more: boolean): KeysPage {
  const keys = fresh.map(idIn).filter((id) => id !== '');
  const last = Math.max(place.from, ...rows.map((row) => createdAt(row) ?? 0));
  const from = Math.floor(last / minute) * minute;
  // What may be listed again by the next search: issues of that minute, and those whose stamp is not known here.
  const again = rows.filter((row) => (createdAt(row) ?? from) >= from).map(idIn);
  const seen = from === Math.floor(place.from / minute) * minute ? [...new Set([...place.seen, ...again])] : again;
  return { keys, cursor: { v: 1, from, seen }, done: !more };
}

function createdAt(issue: Json): number | undefined {
  const fields = isObject(issue) ? issue['fields'] : undefined;
  const stamp = instantOf(isObject(fields) ? fields['created'] : undefined);
  return stamp === undefined ? undefined : Date.parse(stamp);
}

function placeOf(cursor: Cursor): Place {
  const parsed = Place.safeParse(cursor);
  if (parsed.success) return parsed.data;
  throw new Failure('contract', `the stored place of the census is not one of this version: ${z.prettifyError(parsed.error)}`, {
    hint: 'start the census again from its beginning',
  });
}
