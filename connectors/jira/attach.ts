import { createHash } from 'node:crypto';
import { type Attachment, Failure, type FileToAttach, z } from 'golden-thread/kit';
import { afterWriting, beforeWriting } from './committed.js';
import { issueId } from './issue-key.js';
import type { Jira } from './jira.js';
import { oneLine } from './text.js';

const Stored = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  filename: z.string(),
  size: z.number().default(0),
  mimeType: z.string().default(''),
  created: z.string().default(''),
  author: z.object({ accountId: z.string().optional(), displayName: z.string().optional() }).nullish(),
});
export type Stored = z.infer<typeof Stored>;
const Listed = z.object({ fields: z.object({ attachment: z.array(Stored).default([]) }) });
const Made = z.array(Stored);

/**
 * Puts a file at an issue once. Jira takes the same file any number of times and knows no key of ours, so the files of the issue are read first, from its
 * database and not from the index; the marker in the name tells. Afterwards they are read again: the size must be that of what was sent, and on Cloud,
 * which gives contents through its API, the SHA-256.
 */
export async function attachOnce(jira: Jira, ticketKey: string, file: FileToAttach, signal?: AbortSignal): Promise<Attachment> {
  const issue = issueId(ticketKey);
  const there = await beforeWriting(find(jira, issue, file.marker, signal));
  if (there !== undefined) return told(there);
  await jira.client.upload({ issue, file, answer: Made, ...(signal && { signal }) });
  jira.written.note(ticketKey);
  const made = await afterWriting(find(jira, issue, file.marker, signal));
  if (made === undefined)
    throw new Failure('conflict', 'the file was accepted and is not at the ticket', {
      key: ticketKey,
      committed: 'maybe',
      hint: 'see who or what removes attachments',
    });
  const sha256 = await afterWriting(jira.client.digestOf(made.id, file.bytes.length, signal));
  const differs = sha256 !== undefined && sha256 !== createHash('sha256').update(file.bytes).digest('hex');
  if (made.size !== file.bytes.length || differs)
    throw new Failure('record', `${file.name} does not hold what was sent: ${made.size} bytes instead of ${file.bytes.length}`, {
      key: ticketKey,
      committed: 'maybe',
      hint: 'see what rewrites attachments on their way (a proxy, an app), and delete that file',
    });
  return { ...told(made), ...(sha256 !== undefined && { sha256 }) };
}

/** The files at an issue, read from its database. Fails with `record` when the issue is gone or not to be seen. */
export async function listAttachments(jira: Jira, issueIdOrKey: string, signal?: AbortSignal): Promise<readonly Stored[]> {
  const { value } = await jira.client.ask({
    send: (api, via) => api.getIssue(via, { issueIdOrKey, fields: ['attachment'] }),
    answer: Listed,
    effect: 'read',
    signal,
  });
  return value.fields.attachment;
}

async function find(jira: Jira, issueIdOrKey: string, marker: string, signal?: AbortSignal): Promise<Stored | undefined> {
  return (await listAttachments(jira, issueIdOrKey, signal)).find(({ filename }) => filename.includes(marker));
}

/** A stored file as the kit names it. Names were given by strangers. */
export function told({ id, filename, size, mimeType, created, author }: Stored): Attachment {
  const at = new Date(created);
  return {
    id,
    name: oneLine(filename),
    type: oneLine(mimeType),
    bytes: size,
    at: Number.isNaN(at.getTime()) ? '' : at.toISOString(),
    by: oneLine(author?.displayName ?? author?.accountId ?? ''),
  };
}
