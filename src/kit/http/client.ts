import type { Json } from '../json.js';
import type { Instant } from '../record.js';
import type { Failure } from '../failure.js';
import type { ItemsAsk } from './items.js';

/** How a connector reaches its system. */
export interface HttpOptions {
  /** Origin and optional path prefix. Requests outside of it are refused, redirects are not followed. */
  readonly baseUrl: string;
  /**
   * Headers that authorise a request. Called before every attempt; `rejected` after a 401, once per request, with the headers that were
   * `sent`: the place to renew a token, unless another request has renewed it meanwhile (single-flight is the caller's business).
   */
  readonly authorize: (ask: {
    readonly rejected: boolean;
    readonly signal: AbortSignal;
    readonly sent?: Readonly<Record<string, string>>;
  }) => Promise<Readonly<Record<string, string>>>;
  /** Requests under way at once to this system. Default 2. */
  readonly concurrency?: number;
  /** From the call to its end: waiting for a free place, retries and their waits included. Default 120 s. */
  readonly deadlineMs?: number;
  /** For one attempt, connect to last byte. Default 75 s: above ServiceNow's own 60 s cancellation. */
  readonly attemptMs?: number;
  /** Larger answers fail as `contract`. Default 64 MiB. */
  readonly maxBytes?: number;
  /**
   * What an answer means where the defaults do not know better: an `error` beside a `result` in a 2xx, a 403 that is a revoked token.
   * Asked for every answer before it counts as data; a Failure from here wins over the defaults. Not asked for the first 401 of a
   * request, nor for a 2xx that is no JSON.
   */
  readonly classify?: (answer: HttpAnswer) => Failure | undefined;
  /**
   * Whom a 429 or 503 concerns, where the remote says so: the requests that carry `limit` among their {@link HttpRequest.limits}, or without it all requests.
   * `ms`: for how long, where Retry-After does not tell. Undefined, or not given: the request alone where the answer speaks of one record, else all.
   */
  readonly limited?: (answer: Pick<HttpAnswer, 'status' | 'headers'>, request: HttpRequest) => Limited | undefined;
  /** PEM of a private certificate authority. */
  readonly ca?: string;
  /** PEM of a certificate of ours and its key, for remotes that ask for one (mutual TLS). */
  readonly clientCertificate?: { readonly certificate: string; readonly privateKey: string; readonly passphrase?: string };
  /** The way to the remote; without it that of the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`). The address without credentials. */
  readonly proxy?: { readonly url: string; readonly username?: string; readonly password?: string };
  /** Hosts that are reached without the proxy: name, `.domain`, address, `host:port` or `*`. */
  readonly noProxy?: readonly string[];
  /**
   * Names the account that the requests are made with: clients of one system that name the same rest together, when a Retry-After or a refusal of
   * the credentials comes to one of them. Default: each client for itself.
   */
  readonly account?: string;
  /**
   * How long credentials that were refused (401, after one renewal) are not sent again: requests fail at once as `auth` meanwhile, those that were waiting
   * too, because accounts get locked after a few wrong passwords. Default 0: every request is tried.
   */
  readonly restAfterRefusalMs?: number;
}

/** What a refusal for asking too much concerns. */
export interface Limited {
  readonly limit?: string;
  readonly ms?: number;
}

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `baseUrl`, each segment already encoded. */
  readonly path: string;
  /** The same with placeholders (`/api/now/table/{table}`), for logs and metrics: never ids. */
  readonly route: string;
  /** Encoded here; an array repeats its name. */
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  /** Sent as JSON; a string is sent as it is with the `content-type` of `headers`. */
  readonly body?: Json;
  /** Sent as they are, instead of `body`, with the `content-type` of `headers`: a file. */
  readonly bytes?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** May be sent again after an answer that was lost. Default: GET, HEAD, PUT and DELETE yes, POST and PATCH no. */
  readonly idempotent?: boolean;
  /**
   * Changes nothing, though the method is POST (a search): then it is idempotent, and a 4xx is a matter of configuration, not of
   * one record. Default: GET and HEAD.
   */
  readonly readOnly?: boolean;
  /** Names of the limits under which it falls, so that it waits when one of them was met: an endpoint, a record. */
  readonly limits?: readonly string[];
  /** The API documents an empty body for success (Jira's issue link: 201, empty). Otherwise an empty 2xx other than 204 is a failure. */
  readonly mayBeEmpty?: boolean;
  /**
   * Reads the body of a success only to hash it, whatever its type, up to so many bytes: the answer then has a `digest` and no `body`. A larger body fails
   * as `record`. For files, which are evidence by their digest and are not kept.
   */
  readonly digestUpTo?: number;
  /** What to take from each item of a long list while it arrives: the answer then has `items`, and its `body` may lack most of that list. */
  readonly items?: ItemsAsk;
  /** Statuses besides 2xx that are an answer and not a failure (404 of a look-up). */
  readonly accept?: readonly number[];
  readonly signal?: AbortSignal;
}

/** An answer whose body was parsed; `body` is undefined for 204 and for HEAD. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json | undefined;
  /** For a request with `items`: what its `take` returned, in order; empty where the answer has no such list. */
  readonly items?: readonly unknown[];
  /** Of the body, for a request with `digestUpTo`: SHA-256 in 64 lower-case hexadecimal digits, and its length. */
  readonly digest?: { readonly sha256: string; readonly bytes: number };
  /** The remote's clock when it received the request: its `Date` header less the time the answer took. Undefined without that header. */
  readonly remoteNow?: Instant;
}

/**
 * One request and its answer, or a Failure. A 2xx is data only if it is JSON and parses.
 * Retries happen here and nowhere else: only what is idempotent or provably not delivered, within a budget per system, obeying Retry-After.
 */
export interface HttpClient {
  request(request: HttpRequest): Promise<HttpAnswer>;
}
