import type { Json } from './json.js';

/** What one write did to which issue, for the journal: the truth that a lost answer hides from the caller. */
export interface Committed {
  readonly issueId: string;
  readonly op: string;
}

/** An HTTP answer before it is written to the socket. A string body is sent as it is with the `content-type` of `headers`. */
export interface Answer {
  readonly status: number;
  readonly body?: Json;
  /** Sent as they are instead of a body, with the `content-type` of `headers`: a file. */
  readonly bytes?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly committed?: Committed;
}

/** An answer that ends a request early; made by {@link refuse}. */
export interface Refusal extends Error {
  readonly answer: Answer;
}

/** 200 with a JSON body. */
export function ok(body: Json): Answer {
  return { status: 200, body };
}

/** Ends the request with Jira's ErrorCollection: `{"errorMessages":[…],"errors":{…}}`. */
export function refuse(status: number, errorMessages: readonly string[], errors: Readonly<Record<string, string>> = {}): never {
  return refuseWith({ status, body: { errorMessages, errors } });
}

/** Ends the request with any answer. */
export function refuseWith(answer: Answer): never {
  throw Object.assign(new Error(`refused with ${answer.status}`), { answer });
}

/** Whether something thrown is an answer rather than a defect of the simulator. */
export function isRefusal(thrown: unknown): thrown is Refusal {
  return thrown instanceof Error && 'answer' in thrown;
}

/** Recorded: a body that cannot be read, a value of the wrong type, or a key that the closed schema does not know. Has no `errors` key. */
export function refusePayload(): never {
  return refuseWith({
    status: 400,
    body: { errorMessages: ['Invalid request payload. Refer to the REST API documentation and try again.'] },
  });
}

/** Recorded: unknown, deleted and invisible issues are answered alike. */
export function refuseIssue(): never {
  return refuse(404, ['Issue does not exist or you do not have permission to see it.']);
}
