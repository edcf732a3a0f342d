import { Failure, type JsonObject } from 'golden-thread/kit';
import { canonical, fromAdf, isAdf } from './adf-read.js';
import { richTextLimit, toAdf } from './adf-write.js';
import { afterWriting, beforeWriting } from './committed.js';
import { issueId } from './issue-key.js';
import type { Jira } from './jira.js';
import { cut, oneLine } from './text.js';
import { type Comment, Comments, OneComment } from './wire.js';

const pageSize = 100;
/** Kept free for the marker's paragraph. */
const markerRoom = 1000;

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
  const body = marked(text, lastLine, origins);
  const wanted = fromAdf(body);
  const mine = await beforeWriting(findMarked(jira, issue, lastLine, signal));
  if (mine !== undefined && textOf(mine) === wanted) return;
  const id =
    mine === undefined
      ? (
          await jira.client.ask({
            send: (api, via) => api.addComment(via, { issueIdOrKey: issue, body: body as never }),
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
  if (textOf(value) !== wanted)
    throw new Failure('conflict', 'the comment does not show what was written', {
      key: ticketKey,
      committed: 'maybe',
      hint: 'see who or what rewrites comments',
    });
}

/** The text is cut before the marker is, or the comment could not be found again. */
function marked(text: string, lastLine: string, origins: ReadonlySet<string>): JsonObject {
  const document = toAdf(text, origins, richTextLimit - markerRoom);
  const content = document['content'];
  return {
    ...document,
    content: [...(Array.isArray(content) ? (content as readonly JsonObject[]).filter(notEmpty) : []), ...paragraphOf(lastLine)],
  };
}

function notEmpty(node: JsonObject): boolean {
  return !Array.isArray(node['content']) || node['content'].length > 0;
}

function paragraphOf(line: string): JsonObject[] {
  return line === '' ? [] : [{ type: 'paragraph', content: [{ type: 'text', text: line }] }];
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
      (comment) => comment.author?.accountId === account && textOf(comment).split('\n').at(-1) === canonical(lastLine),
    );
    startAt += value.comments.length;
    if (found !== undefined || value.comments.length === 0 || startAt >= value.total) return found;
  }
}

function textOf(comment: Comment): string {
  return isAdf(comment.body) ? fromAdf(comment.body) : typeof comment.body === 'string' ? canonical(comment.body) : '';
}
