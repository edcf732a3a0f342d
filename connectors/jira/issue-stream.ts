import {
  type Cursor,
  Failure,
  type Instant,
  type KeysAsk,
  type Page,
  type RangeAsk,
  readIncrementally,
  type ReadAsk,
  type Row,
  type RowPage,
  type Stream,
  z,
} from 'golden-thread/kit';
import { beyondTheCap } from './reading/capped.js';
import { type CatalogueField, fieldInfos } from './catalogue.js';
import { censusPage } from './reading/census.js';
import { driftWatch } from './reading/drift.js';
import { recordOf, rowOf } from './issue-record.js';
import type { Jira } from './jira.js';
import { pageJql } from './jql.js';
import { fetchIssues, maxPageSize, searchPage, type SearchPage } from './reading/search.js';
import { nextBreachOf } from './service-desk.js';
import { settledRows } from './settled.js';
import { whereaboutsOf } from './reading/whereabouts.js';
import { ParsedJql } from './wire.js';

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
  const unchanged = driftWatch(jira, name);
  /** The most issues with all their fields that a page held while there were more. */
  let cap = maxPageSize;

  async function fetchPage(ask: RangeAsk, settleMs: number): Promise<RowPage> {
    const of = await jira.frame(name, ask.signal);
    const range = { jql: pageJql(jql, Date.parse(ask.from)), ask, fields: askedFields(of.fields) };
    const rowsOf = (page: SearchPage): readonly Row[] =>
      settledRows(
        page.issues.map((issue) => rowOf(issue, of)),
        { more: page.more, remoteNow: clockOf(page), settleMs, granularityMs },
      );
    const isNew = (row: Row): boolean => !('record' in row) || ask.seen?.get(row.record.ref.key) !== row.record.updatedAt;

    let page = (ask.seen?.size ?? 0) >= cap ? undefined : await searchPage(jira, { ...range, limit: ask.limit }, ask.signal);
    if (page?.more === true && page.issues.length < ask.limit) cap = Math.min(cap, Math.max(page.issues.length, smallestCap));
    if (page === undefined || (page.more && page.issues.length < ask.limit && !rowsOf(page).some(isNew)))
      page = await beyondTheCap(jira, range, page);

    await unchanged(of.fields, page.issues, ask.signal);
    const rows = rowsOf(page);
    if (page.more && rows.length === 0 && page.issues.length > 0 && ask.limit >= maxPageSize)
      throw new Failure(
        'transient',
        `more than ${maxPageSize} issues were changed within the last ${Math.round(settleMs / 60_000)} minutes`,
        {
          hint: 'nothing to do: reading goes on once the search index has settled',
          retryAfterMs: settleMs,
        },
      );
    return { rows, more: page.more, remoteNow: clockOf(page) };
  }

  async function read(cursor: Cursor | undefined, ask: ReadAsk): Promise<Page> {
    // Before anything else: without credentials the fields and the query would look wrong.
    await jira.account.known(ask.signal);
    await checkStrictly(ask.signal);
    const settleMs = ask.settleMs ?? jira.config.settleMinutes * 60_000;
    return readIncrementally(
      { order: 'floor', granularityMs, settleMs, maxPageSize, fetch: (range) => fetchPage(range, settleMs) },
      cursor,
      ask,
    );
  }

  /** An unknown field or value is no error in a search: it finds nothing. So the query is parsed strictly before it is first used. */
  async function checkStrictly(signal?: AbortSignal): Promise<void> {
    if (strictlyChecked) return;
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
    lookAgainAt: nextBreachOf,
    async get(keys: readonly string[], signal?: AbortSignal) {
      const of = await jira.frame(name, signal);
      const found = await fetchIssues(jira, keys, askedFields(of.fields), signal);
      await unchanged(of.fields, found, signal);
      return found.flatMap((issue) => recordOf(rowOf(issue, of)) ?? []);
    },
    async keys(cursor: Cursor | undefined, ask: KeysAsk) {
      await jira.account.known(ask.signal);
      await checkStrictly(ask.signal);
      return censusPage(jira, jql, cursor, ask);
    },
    async whereabouts(keys: readonly string[], signal?: AbortSignal) {
      await jira.account.known(signal);
      await checkStrictly(signal);
      return whereaboutsOf(jira, jql, keys, signal);
    },
  });
}

/** Below this a short page is taken for chance: Jira may always give fewer. */
const smallestCap = 50;

function clockOf(page: SearchPage): Instant {
  if (page.remoteNow !== undefined) return page.remoteNow;
  throw new Failure('contract', "Jira's answer has no Date header, so its clock is unknown", {
    hint: 'check the proxy between golden-thread and Jira',
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
