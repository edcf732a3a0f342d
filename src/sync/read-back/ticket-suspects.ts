import { approvalOf, decisionSuspects, type Improvement, type LifecycleEvent, objectiveOf } from '../../domain/index.js';
import type { HistoryEntry, SourceRecord } from '../../kit/index.js';
import { ticketStream } from './ticket-stream.js';
import type { World } from '../world.js';

/**
 * What changed in the ticket under an approval that was relied on: the event that makes the link suspect, or nothing. `before` and `after` are the
 * improvement around what was just read; an approval that is new with it has nothing under it that could have changed.
 */
export function suspectsOfTicket(
  world: World,
  read: {
    readonly before: Improvement;
    readonly after: Improvement;
    readonly record: SourceRecord;
    readonly history: readonly HistoryEntry[];
    /** As the ticket says it now; undefined when it cannot be read. */
    readonly objective: string | undefined;
  },
): LifecycleEvent | undefined {
  const { before, after, record, history, objective } = read;
  const { ticket } = after;
  if (ticket === undefined || approvalOf(before)?.historyId !== approvalOf(after)?.historyId) return undefined;
  const at = world.clock();
  const ref = { system: ticket.system, stream: ticketStream(world, ticket), key: ticket.key };
  const entries = history.map((entry) => ({ historyId: entry.id, at: entry.at, account: entry.actor.id }));
  const named = objective === undefined ? {} : { objective: objectiveOf(world.config.policy, objective)?.id ?? objective };
  const suspects = decisionSuspects(after, { ref, number: record.number, entries, ...named }, at);
  return suspects.length === 0 ? undefined : { is: 'links-suspect', at, suspects };
}
