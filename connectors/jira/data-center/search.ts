import { Failure, isFailure, type Json, type JsonObject } from 'golden-thread/kit';
import { instantOf, isObject } from '../value.js';
import { queryDate } from './query-date.js';
import type { Via } from './via.js';

/** How Jira is asked for dates. */
export interface Dates {
  /** The time zone of the account, where dates are written in it. Undefined: as milliseconds since 1970. */
  zone(via: Via): Promise<string | undefined>;
}

export interface Found {
  readonly issues: readonly Json[];
  /** There are issues behind these. */
  readonly more: boolean;
}

export interface SearchAsk {
  readonly jql: string;
  readonly fields: readonly string[];
  /** Most issues of the answer. Jira itself gives at most as many at once as its administrator allows (1,000 by default). */
  readonly limit: number;
}

/** How often a range is begun again because it changed while it was read. */
const tries = 4;
/** How many places the parts of one page overlap at most. */
const mostOverlap = 10;

/** The lower bound that the connector itself puts behind a query. */
const bound = / AND (updated|created) >= (\d+)(?= ORDER BY )/;
/** Ids that the connector itself puts behind a query: that one of them is gone is no mistake in the query. */
const ids = /(?:^| AND )id in \([\d, ]+\)$/;

/**
 * The first issues of a query. Where Jira gives fewer at once than are wanted, the next part is asked for from a little before the last issue on, which
 * must be there again, unchanged: what stands behind it is what comes next. Where it is not, the range has moved, and everything is asked for anew. So
 * an offset is never trusted. Fails with `transient` when the range does not hold still.
 */
export async function searchIssues(via: Via, ask: SearchAsk, dates: Dates): Promise<Found> {
  const range = await dated(via, ask, dates);
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const found = await inOneGo(via, range);
    if (found !== undefined) return found;
  }
  throw new Failure('transient', 'issues keep changing while a page of them is read', {
    hint: 'nothing to do: reading goes on with the next run; if it never does, rebuild the search index of Jira (System > Indexing)',
  });
}

/** How many issues a query finds. */
export async function countIssues(via: Via, jql: string): Promise<number> {
  const { body } = await via({ method: 'POST', path: '/search', body: { jql, startAt: 0, maxResults: 0, fields: ['summary'] } });
  return numberIn(body, 'total') ?? 0;
}

/** What is wrong with a query: Jira validates it before it searches, and answers what it found in sentences. */
export async function problemsOf(via: Via, jql: string, dates: Dates): Promise<readonly string[]> {
  const range = await dated(via, { jql, fields: [], limit: 0 }, dates);
  const asked = { jql: range.jql, startAt: 0, maxResults: 0, validateQuery: true, fields: ['summary'] };
  try {
    return warningsIn((await via({ method: 'POST', path: '/search', body: asked })).body);
  } catch (error) {
    if (isFailure(error) && error.kind === 'record' && error.details.status === 400) return [error.message];
    throw error;
  }
}

interface Range extends SearchAsk {
  /** Issues before this are left out here: a date in the account's time zone may reach further back than was asked for. */
  readonly since: { readonly field: string; readonly ms: number } | undefined;
}

async function dated(via: Via, ask: SearchAsk, dates: Dates): Promise<Range> {
  const [text, field, digits] = bound.exec(ask.jql) ?? [];
  const zone = field === undefined ? undefined : await dates.zone(via);
  if (text === undefined || field === undefined || zone === undefined) return { ...ask, since: undefined };
  const ms = Number(digits);
  return {
    jql: ask.jql.replace(bound, ` AND ${field} >= "${queryDate(ms, zone)}"`),
    fields: [...new Set([...ask.fields, field])],
    limit: ask.limit,
    since: { field, ms },
  };
}

/**
 * Undefined when the range changed while it was read. Each part begins a few places before the last issue delivered and goes on behind that very
 * issue: an index may name issues that the database has lost, so places say little, but what follows an issue that has not moved does follow it.
 */
async function inOneGo(via: Via, range: Range): Promise<Found | undefined> {
  const first = await onePage(via, range, 0, range.limit);
  const issues = first.issues.filter((issue) => !isBefore(issue, range.since));
  let { size: covered } = first;
  let last = first.issues.at(-1);
  // Jira gave fewer at once than were asked for: that is its maximum.
  const overlap = Math.min(mostOverlap, Math.floor(first.size / 2));
  let { total } = first;
  while (covered < total && issues.length < range.limit && last !== undefined && overlap > 0) {
    const startAt = Math.max(0, covered - overlap);
    const page = await onePage(via, range, startAt, range.limit - issues.length + overlap);
    const anchor = versionOf(last);
    const at = page.issues.findIndex((issue) => versionOf(issue) === anchor);
    if (at < 0) return undefined;
    const fresh = page.issues.slice(at + 1);
    ({ total } = page);
    if (fresh.length === 0 && startAt + page.size <= covered) break;
    covered = startAt + page.size;
    issues.push(...fresh.filter((issue) => !isBefore(issue, range.since)));
    last = page.issues.at(-1);
  }
  const found = newestOf(issues);
  return { issues: found.slice(0, range.limit), more: covered < total || found.length > range.limit };
}

/** Without the older of two versions: an issue that was touched meanwhile is found in its new place as well. */
function newestOf(issues: readonly Json[]): readonly Json[] {
  const last = new Map(issues.map((issue, index) => [idIn(issue), index]));
  return issues.filter((issue, index) => idIn(issue) === undefined || last.get(idIn(issue)) === index);
}

function idIn(issue: Json): string | undefined {
  return isObject(issue) && typeof issue['id'] === 'string' ? issue['id'] : undefined;
}

interface OnePage {
  readonly issues: readonly Json[];
  readonly total: number;
  /** How many places of the result it covers. */
  readonly size: number;
}

async function onePage(via: Via, range: Range, startAt: number, maxResults: number): Promise<OnePage> {
  const asked: JsonObject = {
    jql: range.jql,
    startAt,
    maxResults,
    validateQuery: !ids.test(range.jql),
    fields: [...new Set([...range.fields.filter((field) => field !== 'id'), 'updated'])],
  };
  const { body } = await via({ method: 'POST', path: '/search', body: asked });
  const issues = isObject(body) && Array.isArray(body['issues']) ? (body['issues'] as readonly Json[]) : undefined;
  const total = numberIn(body, 'total');
  if (issues === undefined || total === undefined)
    throw new Failure('contract', 'an answer of Jira to a search has no issues and no total', {
      hint: 'check what stands between golden-thread and Jira (a proxy?); if nothing does, report this',
    });
  const most = numberIn(body, 'maxResults') ?? maxResults;
  return { issues, total, size: Math.max(issues.length, Math.min(most, maxResults)) };
}

function isBefore(issue: Json, since: Range['since']): boolean {
  const fields = isObject(issue) ? issue['fields'] : undefined;
  const stamp = since === undefined || !isObject(fields) ? undefined : instantOf(fields[since.field]);
  return stamp !== undefined && since !== undefined && Date.parse(stamp) < since.ms;
}

/** Its stamp as well: an issue that was touched may have come to stand in its old place again, with others gone from before it. */
function versionOf(issue: Json | undefined): string {
  const fields = isObject(issue) ? issue['fields'] : undefined;
  return JSON.stringify(isObject(issue) ? [issue['id'] ?? null, isObject(fields) ? (fields['updated'] ?? null) : null] : null);
}

function numberIn(body: Json | undefined, name: string): number | undefined {
  const value = isObject(body) ? body[name] : undefined;
  return typeof value === 'number' ? value : undefined;
}

function warningsIn(body: Json | undefined): readonly string[] {
  const warnings = isObject(body) ? body['warningMessages'] : undefined;
  return Array.isArray(warnings) ? (warnings as readonly Json[]).filter((text) => typeof text === 'string') : [];
}
