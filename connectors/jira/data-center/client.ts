import { Failure, type HttpAnswer, type HttpClient, type Json } from 'golden-thread/kit';
import { type Answered, type Ask, checked, type JiraClient, missing, sharpened } from '../client.js';
import type { Endpoints } from '../endpoints.js';
import { routeOf } from '../route.js';
import { formOf, type Upload, uploadHeaders } from '../upload.js';
import { isObject } from '../value.js';
import { dataCenterEndpoints, type Setting } from './endpoints.js';
import type { Sent, Via } from './via.js';

/**
 * The same questions as on Cloud, asked of REST v2. Where an endpoint takes several requests, the remote's clock is that of the first one and the
 * account that of the last.
 */
export function dataCenterClient(http: HttpClient, setting: Setting, contentOf: JiraClient['contentOf']): JiraClient {
  const api = withRefusals(dataCenterEndpoints(setting)) as unknown as Endpoints;
  /** Who the credentials belong to: `X-AUSERNAME` names users by username, records by key. */
  let me: { readonly name: string; readonly key: string } | undefined;

  async function send(ask: Ask<unknown>): Promise<HttpAnswer> {
    const answers: HttpAnswer[] = [];
    const via: Via = async (sent) => {
      const answer = await http.request(requestOf(sent, ask));
      answers.push(answer);
      return answer;
    };
    const value = setting.people.named((await ask.send(api, via as never)) as Json);
    const [first, last] = [answers[0], answers.at(-1)];
    if (first === undefined || last === undefined) return { status: 200, headers: {}, body: value }; // it was known already
    if (isObject(value) && isMe(value)) me = { name: value['name'], key: value['accountId'] };
    const { 'x-ausername': user = '', ...headers } = last.headers;
    const account = me !== undefined && decoded(user).toLowerCase() === me.name.toLowerCase() ? me.key : decoded(user);
    return {
      status: last.status,
      headers: { ...headers, ...(account !== '' && account !== 'anonymous' && { 'x-aaccountid': account }) },
      body: value,
      ...(first.remoteNow !== undefined && { remoteNow: first.remoteNow }),
    };
  }

  return Object.freeze({
    async ask<T>(ask: Ask<T>): Promise<Answered<T>> {
      return checked(ask, await sharpened(ask, send(ask)));
    },
    async askMaybe<T>(ask: Ask<T>): Promise<Answered<T> | undefined> {
      const answer = await sharpened(ask, send(ask).catch(missing));
      return answer === undefined ? undefined : checked(ask, answer);
    },
    async upload<T>({ issue, file, answer, signal }: Upload<T>) {
      const path = `/rest/api/2${checkedPath(`/issue/${issue}/attachments`)}`;
      const form = formOf(file);
      const headers = { 'content-type': form.type, ...uploadHeaders };
      const sent = await http.request({
        method: 'POST',
        path,
        route: routeOf(path),
        headers,
        bytes: form.bytes,
        ...(signal && { signal }),
      });
      return checked({ answer, effect: 'write' }, sent);
    },
    contentOf,
  });
}

/** What Data Center has no endpoint for says so, instead of failing as a defect. */
function withRefusals(endpoints: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return new Proxy(endpoints, {
    get: (all, name) =>
      all[String(name)] ??
      (() => {
        throw new Failure('config', `Jira Data Center cannot be asked for ${String(name)}`, {
          committed: 'no',
          hint: 'this works with Jira Cloud only; see the README of this connector',
        });
      }),
  });
}

function requestOf(sent: Sent, ask: Ask<unknown>) {
  const { method, query, body } = sent;
  const path = `/rest/api/2${checkedPath(sent.path)}`;
  const isRead = ask.effect === 'read' || method === 'GET' || sent.readOnly === true;
  return {
    method,
    path,
    route: routeOf(path),
    ...(query && { query: commaSeparated(query) }),
    // Jira refuses some writes that look like a browser's without this header (XSRF protection); it grants nothing by itself.
    ...(method !== 'GET' && { headers: { 'content-type': 'application/json', 'x-atlassian-token': 'no-check' }, body: body ?? '' }),
    readOnly: isRead,
    ...(ask.idempotent === true && { idempotent: true }),
    // Jira's answer to a link between issues is 201 without a body.
    ...(sent.path === '/issueLink' && { mayBeEmpty: true }),
    ...(ask.signal && { signal: ask.signal }),
  };
}

/** v2 reads lists as text with commas. */
function commaSeparated(query: NonNullable<Sent['query']>): NonNullable<Sent['query']> {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, typeof value === 'object' ? value.join(',') || undefined : value]),
  );
}

/** Ids, keys and words only: a value that could lead elsewhere must never get this far. */
function checkedPath(path: string): string {
  if (!/^(?:\/[A-Za-z0-9_-]+)+$/.test(path))
    throw new Failure('record', 'an id of Jira holds characters that no id has', {
      hint: 'report this: it must not happen',
      committed: 'no',
    });
  return path;
}

function isMe(value: {
  readonly [name: string]: Json;
}): value is { readonly name: string; readonly accountId: string; readonly timeZone: string } {
  return typeof value['name'] === 'string' && typeof value['accountId'] === 'string' && typeof value['timeZone'] === 'string';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
