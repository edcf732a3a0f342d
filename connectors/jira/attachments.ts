import { type Attachment, z } from 'golden-thread/kit';
import type { Jira } from './jira.js';
import { issueId } from './issue-key.js';
import { StoredFile, toldOf } from './stored-file.js';

/** Files of one issue whose content is read. */
const mostRead = 50;
/** The field is missing where attachments are switched off or hidden. */
const Listed = z.object({ fields: z.object({ attachment: z.array(StoredFile).optional() }) });

/**
 * The files at one issue, oldest first, from Jira's database and not from its index. Each content is read once for its SHA-256; one that cannot be read is
 * listed with the reason. Undefined where the account may not see the issue, or Jira shows no files.
 */
export async function attachmentsOf(jira: Jira, key: string, signal?: AbortSignal): Promise<readonly Attachment[] | undefined> {
  const issue = issueId(key);
  const listed = await jira.client.askMaybe({
    send: (api, via) => api.getIssue(via, { issueIdOrKey: issue, fields: ['attachment'] }),
    answer: Listed,
    effect: 'read',
    signal,
  });
  const files = listed?.value.fields.attachment;
  if (files === undefined) return undefined;
  const attachments: Attachment[] = [];
  for (const { file, told } of files.map((each) => ({ file: each, told: toldOf(each) })).toSorted((a, b) => inOrder(a.told, b.told)))
    attachments.push({ ...told, ...(await contentOf(jira, file, told, attachments.length < mostRead, signal)) });
  return attachments;
}

async function contentOf(
  jira: Jira,
  file: StoredFile,
  told: Attachment,
  withContent: boolean,
  signal: AbortSignal | undefined,
): Promise<Pick<Attachment, 'sha256' | 'problem'>> {
  if (!withContent) return { problem: `not read: the issue has more than ${mostRead} files` };
  if (told.at === '') return { problem: 'not read: Jira does not say when it was attached' };
  const { sha256, problem } = await jira.client.contentOf(file, signal);
  return sha256 === undefined ? { problem } : { sha256 };
}

function inOrder(a: Attachment, b: Attachment): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return Number(a.id) - Number(b.id);
}
