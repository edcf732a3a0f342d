import { type ImprovementInput, refText } from '../domain/index.js';
import { improvements, latestRecord, outboxList, type Tx } from '../store/index.js';
import { ticketStream } from './ticket-stream.js';
import type { World } from './world.js';

/** What we created or linked: evidence, never a trigger. */
export interface Ours {
  /** As `refText`. */
  readonly refs: ReadonlySet<string>;
  /** The beginnings of the idempotency keys of creates whose answer is still out: the record that they made carries its key. */
  readonly underWay: readonly string[];
}

/** Both connectors carry at least this much of the key: ServiceNow in the sys_id, Jira in the label. */
const carried = 32;

/** Everything of ours that may come back as a record. */
export async function whatIsOurs(world: World, t: Tx): Promise<Ours> {
  const all = await improvements(t);
  const refs = all.flatMap(({ changes, ticket }) => [
    ...changes.map((change) => refText(change.ref)),
    ...(ticket === undefined ? [] : [refText({ system: ticket.system, stream: ticketStream(world, ticket), key: ticket.key })]),
  ]);
  const open = await outboxList(t, { states: ['sending', 'in-doubt', 'parked'] });
  return { refs: new Set(refs), underWay: open.filter(({ operation }) => operation === 'create').map(({ id }) => id.slice(0, carried)) };
}

/** Whether a record is one of ours, also one whose creation has not been confirmed to us yet. */
export async function isOurs(t: Tx, input: ImprovementInput, ours: Ours): Promise<boolean> {
  if (ours.refs.has(refText(input.trigger))) return true;
  if (ours.underWay.length === 0) return false;
  if (ours.underWay.includes(input.trigger.key)) return true;
  const stored = await latestRecord(t, input.trigger);
  const text = JSON.stringify(stored?.record.data ?? {});
  return ours.underWay.some((key) => text.includes(key));
}
