import { Failure, type HttpAnswer, type Json, type JsonObject } from 'golden-thread/kit';

/** The one message text that is worth branching on: the instance cut the request after its quota of 60 s. */
const cutShort = /maximum execution time exceeded/i;
const tooSlow = 'ServiceNow cut the request short';

/** Whether a read failed because the page takes longer than the instance allows: ask for a smaller one. */
export function wasTooSlow(failure: Failure): boolean {
  // By our own words: the HTTP client passes on nothing else of a failure than what it knows.
  return failure.kind === 'contract' && failure.message.startsWith(tooSlow);
}

const noSuchTable = 'ServiceNow has no such table';

/** Whether a read failed because the instance does not have the table: the plugin that brings it is not installed. */
export function isMissingTable(failure: Failure): boolean {
  return failure.kind === 'config' && failure.message.startsWith(noSuchTable);
}

/**
 * What an answer to a read means where its status does not say it. A 200 is no success here: cancelled requests answer 200 with the
 * rows they had got so far and an `error` beside them, and a session with more than ten queued requests drops them with 202.
 */
export function judgeRead(answer: HttpAnswer): Failure | undefined {
  const said = errorOf(answer.body);
  const details = { status: answer.status };
  // Not transient: the same page would be cut again, a minute later each time. The caller asks for half of it.
  if (said !== undefined && cutShort.test(said)) return new Failure('contract', `${tooSlow}: ${said}`, details);
  if (answer.status === 202)
    return new Failure('transient', 'ServiceNow dropped the request because its session queue is full (202)', details);
  if (answer.status < 300) {
    if (said !== undefined)
      return new Failure('transient', `ServiceNow answered ${answer.status} with an error beside the result: ${said}`, details);
    return hasResult(answer) ? undefined : new Failure('contract', 'ServiceNow answered without a result', details);
  }
  if (answer.status === 400 && said !== undefined && /invalid table/i.test(said))
    return new Failure('config', `${noSuchTable}: ${said}`, {
      ...details,
      hint: 'the plugin that brings the table is not installed, or the name is misspelt; take the stream out of the configuration',
    });
  if (answer.status === 403)
    return new Failure('config', `the account may not read this${because(said)}`, {
      ...details,
      hint: 'give the reading account a role that may read the table and query it by range (query_range on sys_updated_on)',
    });
  if (answer.status === 404 && said !== undefined && !/no record found/i.test(said))
    return new Failure('config', `ServiceNow does not know this address${because(said)}`, {
      ...details,
      hint: 'check the address of the instance, and that its Table API is active',
    });
  if (answer.status === 414)
    return new Failure('config', 'the list of fields and conditions is longer than the instance takes in one address (414)', {
      ...details,
      hint: 'read fewer fields in the mappings of this stream, or shorten its filter',
    });
  return undefined;
}

/** What an answer to a write means: what may have been carried out says so. */
export function judgeWrite(answer: HttpAnswer): Failure | undefined {
  const said = errorOf(answer.body);
  const details = { status: answer.status, committed: 'maybe' } as const;
  // The Change API answers 202 with a worker; a request that was dropped is answered without a body.
  if (answer.status === 202 && !isObject(answer.body))
    return new Failure('transient', 'ServiceNow dropped the request because its session queue is full (202)', details);
  if (answer.status < 300 && answer.status !== 204) {
    if (said !== undefined)
      return new Failure('transient', `ServiceNow answered ${answer.status} with an error beside the result: ${said}`, details);
    return hasResult(answer) ? undefined : new Failure('transient', 'ServiceNow answered without a result', details);
  }
  // Writes refused by an access rule, a data policy or a business rule; the text says which field is missing.
  if (answer.status === 400 || answer.status === 403)
    return new Failure('record', `ServiceNow refused${because(said)}`, {
      status: answer.status,
      committed: 'no',
      hint: 'fill the field that the message names in the push mapping, or give the writing account the role that may do this',
    });
  return undefined;
}

/** `message: detail` of an error body `{"error":{"message","detail"},"status":"failure"}`; undefined where there is no `error`. */
export function errorOf(body: Json | undefined): string | undefined {
  if (!isObject(body) || body['error'] === undefined || body['error'] === null) return undefined;
  const { error } = body;
  const parts = isObject(error) ? [error['message'], error['detail']] : [error, body['error_description']];
  const text = parts.filter((part): part is string => typeof part === 'string' && part !== '').join(': ');
  return text === '' ? 'without a reason' : oneLine(text);
}

/** Whether a JSON value is an object. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasResult(answer: HttpAnswer): boolean {
  return answer.body === undefined || (isObject(answer.body) && answer.body['result'] !== undefined);
}

function because(said: string | undefined): string {
  return said === undefined ? '' : `: ${said}`;
}

/** The instance's own words as they may stand in a message: no line breaks, no control characters, not endless. */
function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, 300)
    .toWellFormed();
}
