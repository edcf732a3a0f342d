import { type Answer, ok, refuse } from '../answer.js';
import { canSee, signedIn } from '../access.js';
import { namesOf, renderIssue, selectFields } from '../fields/render-issue.js';
import type { Json, JsonObject } from '../json.js';
import { type Compiled, compileQuery } from '../jql/compile.js';
import { type Query, parseJql } from '../jql/parse.js';
import { scopeOf } from '../jql/scope.js';
import type { Call } from '../sim.js';
import type { Issue } from '../store/issue.js';
import { listParameter, readBody, textsIn } from './body.js';
import { findMatches, matchesFrom } from './matches.js';
import { describeQuery } from './describe-query.js';
import { readToken, writeToken } from './token.js';

interface Ask {
  readonly jql: string;
  readonly maxResults: number;
  readonly token: string | undefined;
  readonly fields: readonly string[] | undefined;
  readonly properties: readonly string[];
  readonly expand: readonly string[];
  readonly reconcile: readonly number[];
}

const searchShape = {
  jql: 'string',
  nextPageToken: 'string',
  maxResults: 'number',
  fields: 'strings',
  expand: 'string',
  properties: 'strings',
  fieldsByKeys: 'boolean',
  reconcileIssues: 'numbers',
} as const;

/** POST /search/jql. */
export function searchByPost(call: Call): Answer {
  const body = readBody(call, searchShape);
  return search(call, {
    jql: typeof body['jql'] === 'string' ? body['jql'] : '',
    maxResults: typeof body['maxResults'] === 'number' ? body['maxResults'] : 50,
    token: typeof body['nextPageToken'] === 'string' ? body['nextPageToken'] : undefined,
    fields: textsIn(body['fields']),
    properties: textsIn(body['properties']) ?? [],
    expand: typeof body['expand'] === 'string' ? body['expand'].split(',') : [],
    reconcile: (textsIn(body['reconcileIssues']) ?? []).map(Number),
  });
}

/** GET /search/jql: the same by query parameters. */
export function searchByGet(call: Call): Answer {
  const maxResults = Number(call.query.get('maxResults') ?? 50);
  return search(call, {
    jql: call.query.get('jql') ?? '',
    maxResults: Number.isInteger(maxResults) ? maxResults : 0,
    token: call.query.get('nextPageToken') ?? undefined,
    fields: listParameter(call, 'fields'),
    properties: listParameter(call, 'properties') ?? [],
    expand: listParameter(call, 'expand') ?? [],
    reconcile: (listParameter(call, 'reconcileIssues') ?? []).map(Number),
  });
}

function search(call: Call, ask: Ask): Answer {
  const { sim } = call;
  if (ask.maxResults < 1 || ask.maxResults > 5000) refuse(400, ['The max results parameter has to be between 1 and 5,000.']);
  if (ask.reconcile.length > 50) refuse(400, ['A maximum of 50 issue IDs can be reconciled.']);
  if (ask.properties.length > 5) refuse(400, ['A maximum of 5 issue properties can be requested.']);
  const compiled = prepare(call, ask.jql);
  const token = ask.token === undefined ? undefined : readToken(sim, ask.token, ask.jql);
  if (ask.token !== undefined && token === undefined) refuse(400, ['The provided next page token is invalid or expired.']);
  if (compiled === undefined) return ok({ issues: [], isLast: true });

  const fields = selectFields(sim.world.fields, ask.fields, 'id');
  const cap = fields === undefined ? 5000 : sim.switches.pageCapWithFields;
  const short = sim.switches.shortPages > 0 && sim.random.search() < sim.switches.shortPages ? 0.5 : 1;
  const size = Math.max(1, Math.floor(Math.min(ask.maxResults, cap) * short));
  const found = matchesFrom(call, compiled, { reconcile: ask.reconcile, token, size });
  const isLast = !found.more;
  const nextPageToken = isLast ? undefined : writeToken(sim, ask.jql, found.next);
  const selection = { fields, properties: ask.properties, expand: ask.expand.filter((each) => each !== 'names') };
  return ok({
    issues: found.issues.flatMap((issue) => render(call, issue, selection)),
    ...(nextPageToken !== undefined && { nextPageToken }),
    ...(isLast && sim.switches.lastToken === 'null' && { nextPageToken: null }),
    isLast,
    ...(ask.expand.includes('names') && { names: namesOf(fields ?? []) }),
  });
}

function render(call: Call, issue: Issue, selection: Parameters<typeof renderIssue>[3]): readonly JsonObject[] {
  const file = call.sim.shelf.files.get(issue.id);
  if (file === undefined) return [];
  const shown = call.sim.switches.searchRenders === 'store' && file.deletedAt === undefined ? file.issue : issue;
  return [renderIssue(call, file, shown, selection)];
}

/** A query that is bounded and can be read; undefined when it names what does not exist and the site answers that with nothing. */
function prepare(call: Call, jql: string): Compiled | undefined {
  const query = readQuery(jql);
  const compiled = compileQuery(query, scopeOf(call.sim, call.caller));
  if (compiled.problems.length === 0) return compiled;
  if (call.sim.switches.unknownJql === 'error' && call.caller !== undefined) refuse(400, compiled.problems);
  return undefined;
}

function readQuery(jql: string): Query {
  const query = parseJql(jql);
  if ('problem' in query) return refuse(400, [query.problem]);
  if (query.where === undefined)
    refuse(400, ['Unbounded JQL queries are not allowed here. Please add a search restriction to your query.']);
  return query;
}

/** POST /search/approximate-count. */
export function countMatches(call: Call): Answer {
  const body = readBody(call, { jql: 'string' });
  const compiled = prepare(call, typeof body['jql'] === 'string' ? body['jql'] : '');
  return ok({ count: compiled === undefined ? 0 : findMatches(call, compiled, []).filter((issue) => isSeen(call, issue)).length });
}

function isSeen(call: Call, issue: Issue): boolean {
  const file = call.sim.shelf.files.get(issue.id);
  return file !== undefined && (file.deletedAt !== undefined || canSee(call.sim, call.caller, file));
}

/** POST /jql/parse: the structure of each query, or what is wrong with it. `validation=none` looks at the syntax alone. */
export function parseQueries(call: Call): Answer {
  const body = readBody(call, { queries: 'strings' });
  const validation = call.query.get('validation') ?? 'strict';
  const queries = (textsIn(body['queries']) ?? []).map((text): Json => {
    const query = parseJql(text);
    if ('problem' in query) return { query: text, errors: [query.problem] };
    const { problems } = compileQuery(query, scopeOf(call.sim, call.caller));
    if (validation === 'strict' && problems.length > 0) return { query: text, errors: problems };
    return { query: text, structure: describeQuery(query), ...(validation === 'warn' && problems.length > 0 && { warnings: problems }) };
  });
  return ok({ queries });
}

/** POST /jql/match: which of these issues a query finds. */
export function matchIssues(call: Call): Answer {
  signedIn(call);
  const body = readBody(call, { issueIds: 'numbers', jqls: 'strings' });
  const ids = new Set((textsIn(body['issueIds']) ?? []).map(Number));
  const matches = (textsIn(body['jqls']) ?? []).map((jql): Json => {
    const query = parseJql(jql);
    if ('problem' in query) return { matchedIssues: [], errors: [`Invalid JQL: ${jql}`] };
    const found = findMatches(call, compileQuery(query, scopeOf(call.sim, call.caller)), []);
    return { matchedIssues: found.filter((issue) => ids.has(issue.id) && isSeen(call, issue)).map((issue) => issue.id), errors: [] };
  });
  return ok({ matches });
}

/** /search: gone, as recorded. */
export function searchRemoved(): Answer {
  return refuse(410, [
    'The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046',
  ]);
}
