import type { AnchorFound, JournalHead } from '../../store/index.js';
import { improvements } from '../../store/index.js';
import { systemOf } from '../systems.js';
import type { World } from '../world.js';

const line = /\bJournal (\d{1,12}) ([0-9a-f]{16})\b/g;

/** What the status comment says about the journal: enough to find a chain that was written anew, short enough to be read over. */
export function anchorLine({ seq, hash }: JournalHead): string {
  return `Journal ${seq} ${hash.slice(0, 16)}`;
}

/** The anchors that a comment holds. */
export function anchorsInText(text: string, where: string): readonly AnchorFound[] {
  return [...text.matchAll(line)].map(([, seq, hash = '']) => ({ seq: Number(seq), hash, at: '', where }));
}

/** Reads the status comments of the tickets of the newest `count` improvements, from their systems, and the anchors in them. Asks one or two requests a ticket. */
export async function readTicketAnchors(
  world: Pick<World, 'systems' | 'signal'> & { readonly store: Pick<World['store'], 'read'> },
  count: number,
): Promise<readonly AnchorFound[]> {
  const found: AnchorFound[] = [];
  const withTicket = (await improvements(world.store.read)).filter(({ ticket }) => ticket !== undefined && ticket.lostAt === undefined);
  for (const { ticket } of withTicket.slice(-count)) {
    if (ticket === undefined) continue;
    const { sink } = systemOf(world.systems, ticket.system).connector;
    const text = await sink?.commentText?.(ticket.resource, ticket.key, statusMarker, world.signal);
    if (text !== undefined) found.push(...anchorsInText(text, `ticket ${ticket.number}`));
  }
  return found;
}

/** The mark of the one status comment. */
export const statusMarker = 'golden-thread:status';
