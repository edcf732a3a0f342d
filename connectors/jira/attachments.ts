import { type Attachment, isFailure } from 'golden-thread/kit';
import { listAttachments, told } from './attach.js';
import { issueId } from './issue-key.js';
import type { Jira } from './jira.js';

/** Contents larger than this are listed without a digest. */
const mostBytes = 25 * 1024 * 1024;
/** Files of one issue whose content is read. */
const mostRead = 50;

/**
 * The files at one issue, oldest first, each content read once for its SHA-256. Undefined where the issue is gone or not to be seen. Data Center gives no
 * contents through its API: there they are listed without a digest.
 */
export async function attachmentsOf(jira: Jira, ticketKey: string, signal?: AbortSignal): Promise<readonly Attachment[] | undefined> {
  const stored = await listAttachments(jira, issueId(ticketKey), signal).catch((error: unknown) => {
    if (isFailure(error) && (error.kind === 'config' || error.kind === 'record')) return undefined;
    throw error;
  });
  if (stored === undefined) return undefined;
  const attachments: Attachment[] = [];
  for (const one of stored.toSorted((a, b) => Number(a.id) - Number(b.id))) {
    const plain = told(one);
    if (attachments.length >= mostRead) attachments.push({ ...plain, problem: `not read: the issue has more than ${mostRead} files` });
    else if (plain.bytes > mostBytes) attachments.push({ ...plain, problem: `not read: larger than ${mostBytes / 1024 / 1024} MiB` });
    else {
      const sha256 = await jira.client.digestOf(one.id, mostBytes, signal);
      attachments.push(sha256 === undefined ? { ...plain, problem: 'not read: Jira does not give its content' } : { ...plain, sha256 });
    }
  }
  return attachments;
}
