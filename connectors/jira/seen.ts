import { Failure, type JsonObject } from 'golden-thread/kit';
import { beforeWriting } from './committed.js';
import type { Jira } from './jira.js';
import { differencesOf, type Payload } from './payload.js';
import type { Target } from './target.js';
import { readTicket } from './ticket.js';

/**
 * Fails with `conflict`, and nothing written, when a field that is to be set holds something else than what was `seen` in it when that was decided: somebody has
 * changed it meanwhile, and what a person wrote stays. Jira's edit takes no precondition (its OpenAPI documents name none), so the ticket is read just
 * before; between that and the write a gap remains.
 */
export async function heedWhatOthersWrote(
  jira: Jira,
  target: Target,
  ticketKey: string,
  ask: { readonly sent: Payload; readonly seen: JsonObject; readonly signal: AbortSignal | undefined },
): Promise<void> {
  const { sent, seen, signal } = ask;
  const now = (await beforeWriting(readTicket(jira, target.stream, ticketKey, signal)))?.record.data;
  // A ticket that is gone is told by the write itself.
  if (now === undefined) return;
  const changed = differencesOf(sent, now)
    .map(({ field }) => field)
    .filter((field) => seen[field] !== undefined && JSON.stringify(now[field] ?? null) !== JSON.stringify(seen[field]));
  if (changed.length > 0)
    throw new Failure('conflict', `somebody has changed ${changed.join(', ')} meanwhile; nothing was written`, {
      key: ticketKey,
      committed: 'no',
      hint: 'read the ticket again and decide again: what a person wrote there stays',
    });
}
