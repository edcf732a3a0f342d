import type { HttpAnswer, HttpRequest, Json } from 'golden-thread/kit';

/** One request to REST v2; `path` is what follows `/rest/api/2`. */
export interface Sent {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: HttpRequest['query'];
  readonly body?: Json;
  /** Changes nothing, though it belongs to a write (looking somebody up). */
  readonly readOnly?: boolean;
  /** Statuses besides 2xx that are an answer. */
  readonly accept?: readonly number[];
}

/** Sends requests on behalf of one question. Plays the part that jira.js's client has on Cloud. */
export type Via = (sent: Sent) => Promise<HttpAnswer>;
