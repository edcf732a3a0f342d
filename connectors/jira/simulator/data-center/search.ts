import { type Answer, ok, refuse } from '../answer.js';
import { canSee } from '../access.js';
import { findMatches } from '../api/matches.js';
import { listParameter, numberParameter, readBody, textsIn } from '../api/body.js';
import { namesOf, renderIssue, selectFields } from '../fields/render-issue.js';
import { compileQuery } from '../jql/compile.js';
import { parseJql } from '../jql/parse.js';
import { scopeOf } from '../jql/scope.js';
import type { Call } from '../sim.js';
import type { Issue } from '../store/issue.js';

interface Ask {
  readonly jql: string;
  readonly startAt: number;
  readonly maxResults: number;
  readonly validateQuery: boolean;
  readonly fields: readonly string[] | undefined;
  readonly expand: readonly string[];
}

const shape = {
  jql: 'string',
  startAt: 'number',
  maxResults: 'number',
  validateQuery: 'boolean',
  fields: 'strings',
  expand: 'strings',
} as const;

/** POST /search. */
export function searchByPost(call: Call): Answer {
  const body = readBody(call, shape);
  return search(call, {
    jql: typeof body['jql'] === 'string' ? body['jql'] : '',
    startAt: typeof body['startAt'] === 'number' ? body['startAt'] : 0,
    maxResults: typeof body['maxResults'] === 'number' ? body['maxResults'] : 50,
    validateQuery: body['validateQuery'] !== false,
    fields: textsIn(body['fields']),
    expand: textsIn(body['expand']) ?? [],
  });
}

/** GET /search: the same by query parameters. */
export function searchByGet(call: Call): Answer {
  return search(call, {
    jql: call.query.get('jql') ?? '',
    startAt: numberParameter(call, 'startAt', 0),
    maxResults: numberParameter(call, 'maxResults', 50),
    validateQuery: call.query.get('validateQuery') !== 'false',
    fields: listParameter(call, 'fields'),
    expand: listParameter(call, 'expand') ?? [],
  });
}

/**
 * A live offset into the result: an issue that is touched meanwhile moves to its end, and those behind it move up. `maxResults` is cut to the
 * administrator's maximum without a word but its own number in the answer. With `validateQuery: false` what does not exist finds nothing and
 * is named in `warningMessages`.
 */
function search(call: Call, ask: Ask): Answer {
  const { sim } = call;
  if (ask.startAt < 0 || ask.maxResults < -1) refuse(400, ['The value of startAt or maxResults is negative.']);
  const query = parseJql(ask.jql);
  if ('problem' in query) return refuse(400, [query.problem]);
  const compiled = compileQuery(query, scopeOf(sim, call.caller));
  if (compiled.problems.length > 0 && ask.validateQuery) refuse(400, compiled.problems);
  const most = sim.switches.searchMaximum;
  const maxResults = ask.maxResults === -1 ? most : Math.min(ask.maxResults, most);
  const matches = findMatches(call, compiled, []).filter((issue) => isSeen(call, issue));
  const fields = selectFields(sim.world.fields, ask.fields, '*navigable') ?? [];
  const shown = matches.slice(ask.startAt, ask.startAt + maxResults);
  return ok({
    expand: 'schema,names',
    startAt: ask.startAt,
    maxResults,
    total: matches.length,
    issues: shown.flatMap((issue) => {
      const file = sim.shelf.files.get(issue.id);
      // The index may still know an issue that the database has lost: then the page has a hole.
      if (file === undefined || file.deletedAt !== undefined) return [];
      const version = sim.switches.searchRenders === 'store' ? file.issue : issue;
      return [renderIssue(call, file, version, { fields, properties: [], expand: [] })];
    }),
    ...(compiled.problems.length > 0 && { warningMessages: compiled.problems }),
    ...(ask.expand.includes('names') && { names: namesOf(fields) }),
  });
}

/** Permissions are part of the query: what may not be seen is not counted. */
function isSeen(call: Call, issue: Issue): boolean {
  const file = call.sim.shelf.files.get(issue.id);
  if (file === undefined || call.caller === undefined) return false;
  return file.deletedAt === undefined ? canSee(call.sim, call.caller, file) : !call.caller.blind.includes(issue.projectKey);
}
