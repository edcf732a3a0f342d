import { type HttpAnswer, type HttpRequest, isFailure, type Json } from 'golden-thread/kit';

/** One request to REST v2; `path` is what follows `/rest/api/2`. */
export interface Sent {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: HttpRequest['query'];
  readonly body?: Json;
  /** Changes nothing, though it belongs to a write (looking somebody up). */
  readonly readOnly?: boolean;
}

/** Sends requests on behalf of one question. Plays the part that jira.js's client has on Cloud. */
export type Via = (sent: Sent) => Promise<HttpAnswer>;

/** An answer, or undefined when there is nothing of that name: Jira's own 404, not that of a wrong address. */
export async function unlessMissing(answer: Promise<HttpAnswer>): Promise<HttpAnswer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isFailure(error) && error.kind === 'record' && error.details.status === 404) return undefined;
    throw error;
  }
}
