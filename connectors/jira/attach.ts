import { createHash } from 'node:crypto';
import { type Attachment, Failure, type FileToAttach, z } from 'golden-thread/kit';
import { afterWriting, beforeWriting } from './committed.js';
import { issueId } from './issue-key.js';
import type { Jira } from './jira.js';
import { StoredFile, toldOf } from './stored-file.js';

const Listed = z.object({ fields: z.object({ attachment: z.array(StoredFile).default([]) }) });
const Made = z.array(StoredFile);

/**
 * Puts a file at an issue once. Jira takes the same file any number of times and knows no key of ours, so the files of the issue are read first, from its
 * database and not from the index; the marker in the name tells. Afterwards they are read again: the size must be that of what was sent, and where the content
 * is given, the SHA-256.
 */
export async function attachOnce(jira: Jira, ticketKey: string, file: FileToAttach, signal?: AbortSignal): Promise<Attachment> {
  const issue = issueId(ticketKey);
  const there = await beforeWriting(find(jira, issue, file.marker, signal));
  if (there !== undefined) return toldOf(there);
  await jira.client.upload({ issue, file, answer: Made, ...(signal && { signal }) });
  jira.written.note(ticketKey);
  const made = await afterWriting(find(jira, issue, file.marker, signal));
  if (made === undefined)
    throw new Failure('conflict', 'the file was accepted and is not at the ticket', {
      key: ticketKey,
      committed: 'maybe',
      hint: 'see who or what removes attachments',
    });
  const { sha256 } = await afterWriting(jira.client.contentOf(made, signal));
  const differs = sha256 !== undefined && sha256 !== createHash('sha256').update(file.bytes).digest('hex');
  if (made.size !== file.bytes.length || differs)
    throw new Failure('record', `${file.name} does not hold what was sent: ${made.size} bytes instead of ${file.bytes.length}`, {
      key: ticketKey,
      committed: 'maybe',
      hint: 'see what rewrites attachments on their way (a proxy, an app), and delete that file',
    });
  return { ...toldOf(made), ...(sha256 !== undefined && { sha256 }) };
}

async function find(jira: Jira, issueIdOrKey: string, marker: string, signal?: AbortSignal): Promise<StoredFile | undefined> {
  const { value } = await jira.client.ask({
    send: (api, via) => api.getIssue(via, { issueIdOrKey, fields: ['attachment'] }),
    answer: Listed,
    effect: 'read',
    signal,
  });
  return value.fields.attachment.find(({ filename }) => filename.includes(marker));
}
