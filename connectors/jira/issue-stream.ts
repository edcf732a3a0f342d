import {
  type Cursor,
  Failure,
  type Json,
  type Page,
  type RangeAsk,
  readIncrementally,
  type ReadAsk,
  type RowPage,
  type Stream,
  z,
} from 'golden-thread/kit';
import { type CatalogueField, fieldInfos } from './catalogue.js';
import { issueId } from './issue-key.js';
import { type RecordFrame, recordOf, rowOf } from './issue-record.js';
import type { Jira } from './jira.js';
import { pageJql } from './jql.js';
import { settledRows } from './settled.js';
import { BulkFetchAnswer, ParsedJql, SearchAnswer } from './wire.js';

/** Jira takes at most this many issues in one page of a search. */
const maxPageSize = 5000;
/** ... and in one bulk fetch. */
const maxBulk = 100;
/** A stamp in a query may be cut to the minute by the index. */
const granularityMs = 60_000;

const shape = z.looseObject({ key: z.string() }) as unknown as Stream['record'];

/**
 * The issues of one configured query.
 *
 * Each page is a new search from the last seen stamp on. The tokens that Jira offers are not followed: if one is an offset underneath,
 * every issue that is changed meanwhile pushes another one across the border of the page. Jira's token says one thing only: there is more.
 */
export function issueStream(jira: Jira, name: string, about: string, jql: string): Stream {
  let strictlyChecked = false;

  const frame = async (signal?: AbortSignal): Promise<RecordFrame> => jira.frame(name, signal);

  async function fetchPage(ask: RangeAsk, settleMs: number): Promise<RowPage> {
    const of = await frame(ask.signal);
    const { value, remoteNow } = await jira.client.ask({
      send: (api, via) =>
        api.searchAndReconsileIssuesUsingJqlPost(via, {
          jql: pageJql(jql, Date.parse(ask.from)),
          fields: askedFields(of.fields),
          maxResults: ask.limit,
        }),
      answer: SearchAnswer,
      effect: 'read',
      signal: ask.signal,
    });
    if (remoteNow === undefined)
      throw new Failure('contract', "Jira's answer has no Date header, so its clock is unknown", {
        hint: 'check the proxy between golden-thread and Jira',
      });
    const more = typeof value.nextPageToken === 'string' && value.nextPageToken !== '';
    const rows = settledRows(
      value.issues.map((issue) => rowOf(issue, of)),
      { more, remoteNow, settleMs, granularityMs },
    );
    if (more && rows.length === 0 && value.issues.length > 0 && ask.limit >= maxPageSize)
      throw new Failure(
        'transient',
        `more than ${maxPageSize} issues were changed within the last ${Math.round(settleMs / 60_000)} minutes`,
        {
          hint: 'nothing to do: reading goes on once the search index has settled',
          retryAfterMs: settleMs,
        },
      );
    return { rows, more, remoteNow };
  }

  async function read(cursor: Cursor | undefined, ask: ReadAsk): Promise<Page> {
    const starts = cursor?.['run'] === undefined;
    // With wrong credentials a search may be answered as for an anonymous caller: 200, and fewer issues. /myself never is.
    if (starts) await jira.myself(ask.signal);
    if (!strictlyChecked) await checkStrictly(ask.signal);
    const settleMs = ask.settleMs ?? jira.config.settleMinutes * 60_000;
    const page = await readIncrementally(
      { order: 'floor', granularityMs, settleMs, maxPageSize, fetch: (range) => fetchPage(range, settleMs) },
      cursor,
      ask,
    );
    if (page.done && !starts) await jira.myself(ask.signal); // and not with credentials that ran out in between
    return page;
  }

  /** An unknown field or value is no error in a search: it finds nothing. So the query is parsed strictly before it is first used. */
  async function checkStrictly(signal?: AbortSignal): Promise<void> {
    const errors = await strictErrors(jira, jql, signal);
    if (errors.length > 0)
      throw new Failure('config', `the JQL of this stream is wrong: ${errors.join('; ')}`, {
        stream: name,
        hint: `try the query in Jira's own search, logged in as this account, and correct streams.${name}.jql`,
      });
    strictlyChecked = true;
  }

  return Object.freeze({
    name,
    about,
    record: shape,
    volatile: [],
    read,
    async fields(signal?: AbortSignal) {
      const catalogue = await jira.catalogue(signal);
      return [{ name: 'key', label: 'Key', type: 'text' as const }, ...[...catalogue.byName.values()].flatMap(fieldInfos)];
    },
    async get(keys: readonly string[], signal?: AbortSignal) {
      const of = await frame(signal);
      const found: Json[] = [];
      for (let at = 0; at < keys.length; at += maxBulk) {
        const { value } = await jira.client.ask({
          send: (api, via) =>
            api.bulkFetchIssues(via, { issueIdsOrKeys: keys.slice(at, at + maxBulk).map(issueId), fields: askedFields(of.fields) }),
          answer: BulkFetchAnswer,
          effect: 'read',
          signal,
        });
        found.push(...value.issues);
      }
      return found.flatMap((issue) => recordOf(rowOf(issue, of)) ?? []);
    },
  });
}

/** 2020-01-01: only the form of the query is checked with it. */
const anyInstant = 1_577_836_800_000;

/** What a strict parse of the query has to say; nothing when every field, function and value in it exists. */
export async function strictErrors(jira: Jira, jql: string, signal?: AbortSignal): Promise<readonly string[]> {
  const { value } = await jira.client.ask({
    send: (api, via) => api.parseJqlQueries(via, { validation: 'strict', queries: [pageJql(jql, anyInstant)] }),
    answer: ParsedJql,
    effect: 'read',
    signal,
  });
  return value.queries.flatMap((query) => query.errors);
}

export function askedFields(fields: readonly CatalogueField[]): string[] {
  return [...new Set(fields.map((field) => field.id))];
}
