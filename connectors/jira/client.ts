import { Failure, type HttpAnswer, type HttpClient, type Instant, isFailure, type Json, type Log, z } from 'golden-thread/kit';
import type { Client } from 'jira.js/core';
import { contentAt, type FileContent } from './content.js';
import { type Endpoints, loadEndpoints } from './endpoints.js';
import { limitsOf } from './limits.js';
import { routeOf } from './route.js';
import type { StoredFile } from './stored-file.js';
import { formOf, type Upload, uploadHeaders } from './upload.js';

/** One question to Jira. */
export interface Ask<T> {
  /** Calls one endpoint function of jira.js with the client that it is given. */
  readonly send: (api: Endpoints, client: Client) => Promise<unknown>;
  /** The part of the answer that we rely on. Anything else may change without harm. */
  readonly answer: z.ZodType<T>;
  /** `write`: changes something, so its answer may be lost, and a refusal concerns one ticket. */
  readonly effect: 'read' | 'write';
  /** The write has the same outcome when it arrives twice although its method is POST (a remote link with a globalId). */
  readonly idempotent?: boolean;
  /** The API documents an empty body for success. */
  readonly mayBeEmpty?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** An answer as JSON, checked, and the remote's clock. */
export interface Answered<T> {
  readonly value: T;
  readonly remoteNow?: Instant;
  /** The account for which Jira made the answer, where a header of it says so (Cloud `X-AACCOUNTID`, Data Center `X-AUSERNAME`). */
  readonly account?: string;
}

export interface JiraClient {
  ask<T>(ask: Ask<T>): Promise<Answered<T>>;
  /** The same; undefined when Jira answers 404: gone, or not to be seen by this account. Jira tells no difference. */
  askMaybe<T>(ask: Ask<T>): Promise<Answered<T> | undefined>;
  /** Sends a file to an issue, once: the answer may be lost. */
  upload<T>(upload: Upload<T>): Promise<Answered<T>>;
  /** The digest of a file's content, or why there is none. Fails only with what concerns more than this file. */
  contentOf(file: StoredFile, signal?: AbortSignal): Promise<FileContent>;
}

/** What jira.js hands to its client's `sendRequest`. */
interface Sent {
  readonly url: string;
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: unknown;
  readonly searchParams?: Readonly<Record<string, unknown>> | undefined;
  readonly schema?: z.ZodType | undefined;
}

/**
 * jira.js's endpoint functions over the kit's HTTP client: jira.js knows the addresses, bodies and schemas; deadlines, retries, size limits and
 * redaction are ours (its own transport has no time-out and repeats creates).
 *
 * Answers are handed on as the JSON that came, never as jira.js's schemas parse it: those turn some dates into Date objects, but only when
 * the rest of the answer fits. Where an answer differs from its schema, that is logged at debug level, once per kind of request.
 */
export function jiraClient(http: HttpClient, log: Log): JiraClient {
  let loading: Promise<Endpoints> | undefined;
  const compared = new Set<string>();

  async function send(ask: Ask<unknown>): Promise<HttpAnswer> {
    loading ??= loadEndpoints();
    const api = await loading;
    let answer: HttpAnswer | undefined;
    const client = {
      async sendRequest(sent: Sent): Promise<unknown> {
        answer = await http.request(requestOf(sent, ask));
        compareOnce(sent, answer);
        return answer.body;
      },
    };
    await ask.send(api, client as Client);
    if (answer === undefined) throw new Failure('contract', 'jira.js sent no request');
    return answer;
  }

  function compareOnce(sent: Sent, answer: HttpAnswer): void {
    const route = `${sent.method ?? 'GET'} ${routeOf(sent.url)}`;
    if (sent.schema === undefined || answer.status >= 300 || compared.has(route)) return;
    compared.add(route);
    const fit = sent.schema.safeParse(answer.body);
    if (!fit.success)
      log.debug('an answer of Jira differs from its published schema', {
        route,
        at: fit.error.issues.slice(0, 5).map((issue) => issue.path.join('.')),
      });
  }

  return Object.freeze({
    async ask<T>(ask: Ask<T>) {
      return checked(ask, await sharpened(ask, send(ask)));
    },
    async askMaybe<T>(ask: Ask<T>) {
      const answer = await sharpened(ask, send(ask).catch(missing));
      return answer === undefined ? undefined : checked(ask, answer);
    },
    async upload<T>({ issue, file, answer, signal }: Upload<T>) {
      const path = checkedPath(`/rest/api/3/issue/${issue}/attachments`);
      const form = formOf(file);
      const sent = await http.request({
        method: 'POST',
        path,
        route: routeOf(path),
        limits: limitsOf('POST', path, routeOf(path)),
        headers: { 'content-type': form.type, ...uploadHeaders },
        bytes: form.bytes,
        ...(signal && { signal }),
      });
      return checked({ answer, effect: 'write' }, sent);
    },
    async contentOf({ id, size }: StoredFile, signal?: AbortSignal) {
      if (!/^\d{1,19}$/.test(id)) return { problem: 'not read: its id is none of Jira' };
      const path = checkedPath(`/rest/api/3/attachment/content/${id}`);
      const route = '/rest/api/3/attachment/content/{id}';
      // Else the answer is a redirect to the media store, which is another host and none of ours.
      const request = { path, route, query: { redirect: 'false' }, limits: limitsOf('GET', path, route), ...(signal && { signal }) };
      return contentAt(http, request, size, ['record', 'config', 'contract']);
    },
  });
}

function requestOf(sent: Sent, ask: Ask<unknown>) {
  const method = (sent.method ?? 'GET') as 'GET' | 'POST' | 'PUT' | 'DELETE';
  return {
    method,
    path: checkedPath(sent.url),
    route: routeOf(sent.url),
    limits: limitsOf(method, sent.url, routeOf(sent.url)),
    query: queryOf(sent.searchParams ?? {}),
    // Jira answers 415 to a write without a content type, even to one without a body.
    ...(method !== 'GET' && { headers: { 'content-type': 'application/json' }, body: (sent.body as Json | undefined) ?? '' }),
    readOnly: ask.effect === 'read',
    ...(ask.idempotent === true && { idempotent: true }),
    ...(ask.mayBeEmpty === true && { mayBeEmpty: true }),
    ...(ask.signal && { signal: ask.signal }),
  };
}

/** jira.js does not encode path parameters, so a value that could lead elsewhere must never get this far. */
function checkedPath(path: string): string {
  if (!/^\/rest\/api\/3(\/[A-Za-z0-9_~:%-][A-Za-z0-9_~.:%-]*)+$/.test(path) || path.includes('..'))
    throw new Failure('record', 'an id of Jira holds characters that no id has', {
      hint: 'report this: it must not happen',
      committed: 'no',
    });
  return path;
}

/** Null and undefined are left out, arrays repeat their name. */
function queryOf(params: Readonly<Record<string, unknown>>): Record<string, string | number | boolean | readonly string[]> {
  const query: Record<string, string | number | boolean | readonly string[]> = {};
  for (const [name, value] of Object.entries(params)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') query[name] = value;
    else if (Array.isArray(value)) query[name] = value.map(String);
  }
  return query;
}

/** A 404 of Jira itself as nothing; that of a wrong address stays a failure. */
export function missing(error: unknown): undefined {
  if (!isFailure(error) || error.kind !== 'record' || error.details.status !== 404) throw error;
}

/** A refusal of a read concerns the account or the configuration, not one ticket. */
export async function sharpened<A>(ask: Ask<unknown>, answer: Promise<A>): Promise<A> {
  try {
    return await answer;
  } catch (error) {
    if (!isFailure(error) || error.kind !== 'record' || ask.effect !== 'read' || error.details.status === undefined) throw error;
    throw error.details.status === 403
      ? new Failure('auth', error.message, {
          ...error.details,
          hint: 'give the account the permission to browse the project',
          cause: error,
        })
      : new Failure('config', error.message, { ...error.details, cause: error });
  }
}

/** The answer with what we rely on in it. Fails with `contract` where that is missing. */
export function checked<T>(ask: Pick<Ask<T>, 'answer' | 'effect'>, answer: HttpAnswer): Answered<T> {
  const parsed = ask.answer.safeParse(answer.body);
  if (!parsed.success)
    throw new Failure('contract', `an answer of Jira lacks what golden-thread relies on: ${z.prettifyError(parsed.error)}`, {
      ...(ask.effect === 'write' && { committed: 'maybe' as const }),
      hint: 'check what stands between golden-thread and Jira (a proxy?); if nothing does, report this',
    });
  const account = namedIn(answer);
  return {
    value: parsed.data,
    ...(answer.remoteNow !== undefined && { remoteNow: answer.remoteNow }),
    ...(account !== undefined && { account }),
  };
}

/** Seen URL-encoded (`557058%3Af9…`) and plain. */
function namedIn({ headers }: HttpAnswer): string | undefined {
  const text = headers['x-aaccountid'] ?? headers['x-ausername'];
  if (text === undefined || text === '' || text === 'anonymous') return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
