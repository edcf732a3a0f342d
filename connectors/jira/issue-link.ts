import { Failure, type RemoteLink } from 'golden-thread/kit';
import { afterWriting, beforeWriting } from './committed.js';
import { issueId, partsOf } from './issue-key.js';
import type { Jira } from './jira.js';
import { linksOf } from './service-desk.js';
import { type Json } from 'golden-thread/kit';
import { isObject } from './value.js';
import { anything, IssueAnswer, LinkTypes } from './wire.js';

/** The key of the issue of this very Jira that an address leads to; undefined for any other address. */
export function issueAt(jira: Jira, url: string): string | undefined {
  const base = `${jira.config.browseUrl ?? jira.config.site}/browse/`;
  if (!url.startsWith(base)) return undefined;
  const key = url.slice(base.length);
  return partsOf(key) === undefined ? undefined : key;
}

/**
 * Links a ticket to another issue of the same Jira. The relationship chooses the type and the direction: where it is what a type says of one of its ends
 * (`is caused by`), that type with the ticket at that end; otherwise the configured `issueLinkType`. Seen on live sites: after a POST of inward A and
 * outward B, A reads "A <outward> B". A second link of the same kind is none for Jira, so this may be repeated. Read back.
 */
export async function writeIssueLink(jira: Jira, ticketKey: string, other: string, link: RemoteLink, signal?: AbortSignal): Promise<void> {
  const ticket = { id: issueId(ticketKey) };
  const { type, reads } = await beforeWriting(typeOf(jira, link.relationship, signal));
  const ends =
    reads === 'inward' ? { inwardIssue: { key: other }, outwardIssue: ticket } : { inwardIssue: ticket, outwardIssue: { key: other } };
  await jira.client.ask({
    send: (api, via) => api.linkIssues(via, { type: { id: type }, ...ends }),
    answer: anything,
    effect: 'write',
    idempotent: true,
    mayBeEmpty: true,
    signal,
  });
  const { value } = await afterWriting(
    jira.client.ask({
      send: (api, via) => api.getIssue(via, { issueIdOrKey: ticket.id, fields: ['issuelinks'] }),
      answer: IssueAnswer,
      effect: 'read',
      signal,
    }),
  );
  const fields = value['fields'];
  const links = isObject(fields) && Array.isArray(fields['issuelinks']) ? linksOf(fields['issuelinks'] as readonly Json[]) : [];
  if (!links.some((one) => isObject(one) && isObject(one['issue']) && one['issue']['key'] === other))
    throw new Failure('conflict', `the ticket shows no link to ${other} after it was made`, { key: ticketKey, committed: 'maybe' });
}

async function typeOf(
  jira: Jira,
  relationship: string,
  signal?: AbortSignal,
): Promise<{ readonly type: string; readonly reads: 'inward' | 'outward' }> {
  const { value } = await jira.client.ask({
    send: (api, via) => api.getIssueLinkTypes(via),
    answer: LinkTypes,
    effect: 'read',
    signal,
  });
  const said = relationship.trim().toLowerCase();
  for (const type of value.issueLinkTypes) {
    if (type.outward.toLowerCase() === said) return { type: type.id, reads: 'outward' };
    if (type.inward.toLowerCase() === said) return { type: type.id, reads: 'inward' };
  }
  const wanted = jira.config.issueLinkType ?? '';
  const named = value.issueLinkTypes.find((type) => type.id === wanted || type.name.toLowerCase() === wanted.toLowerCase());
  if (named !== undefined) return { type: named.id, reads: 'outward' };
  throw new Failure('config', `Jira has no link type "${wanted}"`, {
    hint: `set issueLinkType to one of: ${value.issueLinkTypes.map((type) => type.name).join(', ')}`,
  });
}
