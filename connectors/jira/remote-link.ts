import { Failure, type RemoteLink } from 'golden-thread/kit';
import { afterWriting } from './committed.js';
import { issueId } from './issue-key.js';
import type { Jira } from './jira.js';
import { cut, oneLine } from './text.js';
import { anything, RemoteLinks } from './wire.js';

const maxText = 255;

/**
 * Links a ticket to an address outside, once per globalId: Jira replaces the link that has the same one (and empties what is left out, so
 * everything is always sent). Read back: a link that shows something else fails with `conflict`.
 */
export async function writeLink(jira: Jira, ticketKey: string, link: RemoteLink, signal?: AbortSignal): Promise<void> {
  const issueIdOrKey = issueId(ticketKey);
  const url = URL.parse(link.url);
  if (url === null || !/^https?:$/.test(url.protocol) || link.globalId.length > maxText || link.globalId === '')
    throw new Failure('record', 'a link needs an http address and a globalId of at most 255 characters', {
      key: ticketKey,
      committed: 'no',
    });
  const title = cut(oneLine(link.title), maxText) || url.host;
  const relationship = cut(oneLine(link.relationship), maxText);
  await jira.client.ask({
    send: (api, via) =>
      api.createOrUpdateRemoteIssueLink(via, {
        issueIdOrKey,
        globalId: link.globalId,
        application: { type: 'golden-thread', name: 'golden-thread' },
        relationship,
        object: { url: url.href, title },
      }),
    answer: anything,
    effect: 'write',
    idempotent: true,
    signal,
  });
  const readBack = jira.client.ask({
    send: (api, via) => api.getRemoteIssueLinks(via, { issueIdOrKey, globalId: link.globalId }),
    answer: RemoteLinks,
    effect: 'read',
    signal,
  });
  const { value } = await afterWriting(readBack);
  if (!value.some((one) => one.globalId === link.globalId && one.object.url === url.href && one.object.title === title))
    throw new Failure('conflict', 'the link does not show what was written', { key: ticketKey, committed: 'maybe' });
}
