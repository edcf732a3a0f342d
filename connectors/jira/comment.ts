import { Failure } from 'golden-thread/kit';
import { canonical } from './adf-read.js';
import { afterWriting, beforeWriting } from './committed.js';
import { issueId } from './issue-key.js';
import type { Jira } from './jira.js';
import { cut, oneLine } from './text.js';
import { type Comment, Comments, OneComment } from './wire.js';

const pageSize = 100;
/** Keeps a comment from customers in a service project; without meaning elsewhere. It goes along in the request itself: a moment in public is too long. */
const internal = { key: 'sd.public.comment', value: { internal: true } };

/**
 * Writes a comment, or replaces the text of the one that was written with the same marker. The marker is the comment's last line, where people can
 * see what it is; it counts only in comments of this very account, so that nobody else's quotation is overwritten.
 * A comment that holds the text already is left alone. Read back: a comment that shows something else fails with `conflict`.
 */
export async function writeComment(
  jira: Jira,
  ticketKey: string,
  marker: string,
  text: string,
  origins: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<void> {
  const issue = issueId(ticketKey);
  const lastLine = cut(oneLine(marker), 400);
  const { markup } = jira.dialect;
  const body = markup.write(text, origins, lastLine);
  const wanted = markup.read(body);
  const mine = await beforeWriting(findMarked(jira, issue, lastLine, signal));
  if (mine !== undefined && markup.read(mine.body) === wanted) return;
  const id =
    mine === undefined
      ? (
          await jira.client.ask({
            send: (api, via) => api.addComment(via, { issueIdOrKey: issue, body: body as never, properties: [internal] }),
            answer: OneComment,
            effect: 'write',
            signal,
          })
        ).value.id
      : mine.id;
  if (mine !== undefined)
    await jira.client.ask({
      send: (api, via) => api.updateComment(via, { issueIdOrKey: issue, id, body: { body: body as never } }),
      answer: OneComment,
      effect: 'write',
      signal,
    });
  const { value } = await afterWriting(
    jira.client.ask({ send: (api, via) => api.getComment(via, { issueIdOrKey: issue, id }), answer: OneComment, effect: 'read', signal }),
  );
  if (markup.read(value.body) !== wanted)
    throw new Failure('conflict', 'the comment does not show what was written', {
      key: ticketKey,
      committed: 'maybe',
      hint: 'see who or what rewrites comments',
    });
}

/** The text of our comment with this marker, as the remote shows it to readers. */
export async function readComment(jira: Jira, ticketKey: string, marker: string, signal?: AbortSignal): Promise<string | undefined> {
  const mine = await findMarked(jira, issueId(ticketKey), cut(oneLine(marker), 400), signal);
  return mine === undefined ? undefined : jira.dialect.markup.read(mine.body);
}

async function findMarked(jira: Jira, issue: string, lastLine: string, signal?: AbortSignal): Promise<Comment | undefined> {
  const { id: account } = await jira.account.known(signal);
  for (let startAt = 0; ;) {
    const { value } = await jira.client.ask({
      send: (api, via) => api.getComments(via, { issueIdOrKey: issue, startAt, maxResults: pageSize, orderBy: 'created' }),
      answer: Comments,
      effect: 'read',
      signal,
    });
    const found = value.comments.find(
      (comment) =>
        comment.author?.accountId === account && jira.dialect.markup.read(comment.body).split('\n').at(-1) === canonical(lastLine),
    );
    startAt += value.comments.length;
    if (found !== undefined || value.comments.length === 0 || startAt >= value.total) return found;
  }
}
