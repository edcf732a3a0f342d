import { Failure, type Instant, type Json, type JsonObject, type SourceRecord, type TicketRef } from 'golden-thread/kit';
import { issueId } from './issue-key.js';
import { type RecordFrame, rowOf } from './issue-record.js';
import { askedFields } from './issue-stream.js';
import type { Jira } from './jira.js';
import { isObject } from './value.js';
import { IssueAnswer } from './wire.js';

/** The entity property in which a ticket carries its idempotency key in full. Set in the create request itself. */
export const refProperty = 'golden-thread.ref';

/** A ticket as a strongly consistent read shows it: by id, from the database, never from the search index. */
export interface Ticket {
  readonly record: SourceRecord;
  readonly labels: readonly string[];
  /** The idempotency key that its property holds. */
  readonly carries: string | undefined;
  readonly remoteNow: Instant | undefined;
}

/** Reads as a record of the stream by issue id, or by key where `byKey` (probing). Undefined: gone, or not to be seen. An unreadable one fails with `record`. */
export async function readTicket(
  jira: Jira,
  stream: string,
  idOrKey: string,
  signal?: AbortSignal,
  byKey = false,
): Promise<Ticket | undefined> {
  const frame = await jira.frame(stream, signal);
  const answered = await jira.client.askMaybe({
    send: (api, via) =>
      api.getIssue(via, {
        issueIdOrKey: byKey ? idOrKey : issueId(idOrKey),
        fields: [...new Set([...askedFields(frame.fields), 'labels'])],
        properties: [refProperty],
      }),
    answer: IssueAnswer,
    effect: 'read',
    signal,
  });
  return answered === undefined ? undefined : ticketOf(answered.value, frame, answered.remoteNow);
}

function ticketOf(raw: JsonObject, frame: RecordFrame, remoteNow: Instant | undefined): Ticket {
  const row = rowOf(raw, frame);
  if ('rejection' in row)
    throw new Failure('record', `an issue cannot be read: ${row.rejection.problems.join('; ')}`, {
      key: row.rejection.key,
      committed: 'maybe',
    });
  return { record: row.record, labels: labelsOf(raw), carries: carriedBy(raw), remoteNow };
}

export function refOf(record: SourceRecord): TicketRef {
  return { key: record.ref.key, number: record.number, url: record.url };
}

function labelsOf(raw: JsonObject): readonly string[] {
  const fields = raw['fields'];
  const labels = isObject(fields) ? fields['labels'] : undefined;
  return Array.isArray(labels) ? (labels as readonly Json[]).filter((word) => typeof word === 'string') : [];
}

function carriedBy(raw: JsonObject): string | undefined {
  const properties = raw['properties'];
  const ref = isObject(properties) ? properties[refProperty] : undefined;
  return isObject(ref) && typeof ref['key'] === 'string' ? ref['key'] : undefined;
}
