import { Failure, type Json, type JsonObject } from 'golden-thread/kit';
import { isObject } from '../value.js';
import { changelogOf } from './changelog.js';
import { outgoing } from './outgoing.js';
import type { People, Person } from './people.js';
import { countIssues, type Dates, problemsOf, searchIssues } from './search.js';
import { type Sent, unlessMissing, type Via } from './via.js';

/** What the endpoint functions need to know beyond their parameters. */
export interface Setting {
  readonly people: People;
  readonly dates: Dates;
  /** Ids or names of text fields that are not rendered: what is written into them needs no escapes, and gets none. */
  readonly plainText: ReadonlySet<string>;
}

type Params = Readonly<Record<string, unknown>>;
/** One question of the connector: the answer has the shape that Cloud's endpoint of that name gives. */
export type Endpoint = (via: Via, params?: Params) => Promise<Json>;

/** As many issues as are asked for by id in one search. */
const batch = 100;

/**
 * The endpoint functions of jira.js that the connector uses, for Data Center's REST v2, which jira.js does not speak: same names and parameters,
 * answers brought into the same shape. A function that is missing here is one that Data Center cannot serve; see `client.ts`.
 */
export function dataCenterEndpoints(setting: Setting): Readonly<Record<string, Endpoint>> {
  const { people, dates, plainText } = setting;
  const get = async (via: Via, path: string, query?: Sent['query']): Promise<Json> =>
    (await via({ method: 'GET', path, ...(query && { query }) })).body ?? {};
  const send = async (via: Via, method: 'POST' | 'PUT', path: string, body: Json): Promise<Json> =>
    (await via({ method, path, body })).body ?? {};
  const write = async (via: Via, params: Params): Promise<JsonObject> => ({
    ...(isObject(json(params['fields'])) && {
      fields: await outgoing(via, people, json(params['fields']) as JsonObject),
    }),
    ...given(params, 'update', 'properties', 'transition'),
  });

  return Object.freeze({
    getCurrentUser: (via) => get(via, '/myself'),
    getFields: async (via) => asPlain(await get(via, '/field'), plainText),
    getStatuses: (via) => get(via, '/status'),
    getAllStatuses: (via, params = {}) => get(via, `/project/${text(params, 'projectIdOrKey')}/statuses`),
    getServerInfo: (via) => get(via, '/serverInfo'),
    getIssueLinkTypes: (via) => get(via, '/issueLinkType'),
    // All of them: v2 has no way to ask for some.
    getMyPermissions: (via, params = {}) => get(via, '/mypermissions', query(params, 'projectKey', 'issueKey')),
    getUser: async (via, params = {}) => {
      const person = await people.find(via, text(params, 'accountId'));
      if (person !== undefined) return shown(person);
      throw new Failure('record', 'Jira has no such user', { status: 404, committed: 'no' });
    },
    findAssignableUsers: async (via, params = {}) => {
      const person = await people.find(via, text(params, 'accountId'));
      if (person?.active !== true || !(await people.mayBeAssigned(via, person, text(params, 'project')))) return [];
      return [shown(person)];
    },
    getIssue: (via, params = {}) => get(via, issuePath(params), { fields: list(params, 'fields'), properties: list(params, 'properties') }),
    createIssue: async (via, params = {}) => send(via, 'POST', '/issue', await write(via, params)),
    editIssue: async (via, params = {}) => send(via, 'PUT', issuePath(params), await write(via, params)),
    getTransitions: (via, params = {}) => get(via, `${issuePath(params)}/transitions`, query(params, 'expand')),
    doTransition: async (via, params = {}) => send(via, 'POST', `${issuePath(params)}/transitions`, await write(via, params)),
    getEditIssueMeta: (via, params = {}) => get(via, `${issuePath(params)}/editmeta`),
    getChangeLogs: (via, params = {}) => changelogOf(via, text(params, 'issueIdOrKey')),

    getComments: (via, params = {}) => get(via, `${issuePath(params)}/comment`, query(params, 'startAt', 'maxResults', 'orderBy')),
    getComment: (via, params = {}) => get(via, `${issuePath(params)}/comment/${text(params, 'id')}`),
    addComment: (via, params = {}) => send(via, 'POST', `${issuePath(params)}/comment`, given(params, 'body', 'properties', 'visibility')),
    updateComment: (via, params = {}) => send(via, 'PUT', `${issuePath(params)}/comment/${text(params, 'id')}`, json(params['body'])),

    createOrUpdateRemoteIssueLink: (via, params = {}) =>
      send(via, 'POST', `${issuePath(params)}/remotelink`, given(params, 'globalId', 'application', 'relationship', 'object')),
    getRemoteIssueLinks: (via, params = {}) => get(via, `${issuePath(params)}/remotelink`, query(params, 'globalId')),
    linkIssues: (via, params = {}) => send(via, 'POST', '/issueLink', given(params, 'type', 'inwardIssue', 'outwardIssue', 'comment')),

    getCreateIssueMetaIssueTypes: async (via, params = {}) => {
      const page = await get(via, `/issue/createmeta/${text(params, 'projectIdOrKey')}/issuetypes`, query(params, 'startAt', 'maxResults'));
      return valuesAs(page, 'issueTypes');
    },
    getCreateIssueMetaIssueTypeId: async (via, params = {}) => {
      const path = `/issue/createmeta/${text(params, 'projectIdOrKey')}/issuetypes/${text(params, 'issueTypeId')}`;
      return valuesAs(await get(via, path, query(params, 'startAt', 'maxResults')), 'fields');
    },

    searchAndReconsileIssuesUsingJqlPost: async (via, params = {}) => {
      const limit = typeof params['maxResults'] === 'number' ? params['maxResults'] : 50;
      const ask = { jql: text(params, 'jql'), fields: list(params, 'fields') ?? [], limit };
      const { issues, more } = await searchIssues(via, ask, dates);
      // The token says that there is more and is good for nothing else.
      return { issues, isLast: !more, ...(more && { nextPageToken: 'more' }) };
    },
    countIssues: async (via, params = {}) => ({ count: await countIssues(via, text(params, 'jql')) }),
    parseJqlQueries: async (via, params = {}) => ({
      queries: await Promise.all(
        (list(params, 'queries') ?? []).map(async (jql) => ({ query: jql, errors: await problemsOf(via, jql, dates) })),
      ),
    }),
    bulkFetchIssues: async (via, params = {}) => ({
      issues: await byId(via, list(params, 'issueIdsOrKeys') ?? [], list(params, 'fields') ?? [], dates),
    }),
  } satisfies Record<string, Endpoint>);
}

/** Issues by id: in one search, and one by one those that the search did not bring, which is no proof that they are gone. */
async function byId(via: Via, ids: readonly string[], fields: readonly string[], dates: Dates): Promise<readonly Json[]> {
  const issues: Json[] = [];
  for (let at = 0; at < ids.length; at += batch) {
    const some = ids.slice(at, at + batch);
    const { issues: found } = await searchIssues(via, { jql: `id in (${some.join(', ')})`, fields, limit: batch }, dates);
    const there = new Set(found.map((issue) => (isObject(issue) ? issue['id'] : undefined)));
    issues.push(...found);
    for (const id of some.filter((one) => !there.has(one))) {
      const answer = await unlessMissing(via({ method: 'GET', path: `/issue/${id}`, query: { fields: [...fields] } }));
      if (answer?.body !== undefined) issues.push(answer.body);
    }
  }
  return issues;
}

/** Jira does not tell which renderer a field has. Those that are configured as plain are described as fields of plain text. */
function asPlain(fields: Json, plain: ReadonlySet<string>): Json {
  if (plain.size === 0 || !Array.isArray(fields)) return fields;
  return (fields as readonly Json[]).map((field) => {
    if (
      !isObject(field) ||
      !isObject(field['schema']) ||
      ![field['id'], field['name']].some((one) => typeof one === 'string' && plain.has(one))
    )
      return field;
    return { ...field, schema: { ...field['schema'], custom: 'plain text' } };
  });
}

/** A user as v2 shows one; `accountId` and `accountType` are added to every answer. */
function shown({ key, name, displayName, active }: Person): JsonObject {
  return { key, name, displayName, active };
}

/** v2 pages are `{startAt, maxResults, total, values}` where v3's have a name of their own for the list. */
function valuesAs(page: Json, name: string): Json {
  return isObject(page) && Array.isArray(page['values']) ? { ...page, [name]: page['values'] } : page;
}

/** Ids and keys only: what could lead to another address is refused before it is sent. */
function issuePath(params: Params): string {
  return `/issue/${text(params, 'issueIdOrKey')}`;
}

function text(params: Params, name: string): string {
  const value = params[name];
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw new Failure('contract', `a request to Jira lacks ${name}`, { committed: 'no', hint: 'report this: it must not happen' });
}

function list(params: Params, name: string): readonly string[] | undefined {
  const value = params[name];
  return Array.isArray(value) ? value.map(String) : undefined;
}

function given(params: Params, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name): [string, Json][] => (params[name] === undefined ? [] : [[name, json(params[name])]])));
}

function query(params: Params, ...names: readonly string[]): NonNullable<Sent['query']> {
  return Object.fromEntries(names.map((name) => [name, params[name] === undefined ? undefined : text(params, name)]));
}

/** Parameters are made of JSON; jira.js's types do not say so. */
function json(value: unknown): Json {
  return (value ?? null) as Json;
}
