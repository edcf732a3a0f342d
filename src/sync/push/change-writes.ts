import { approvalOf, type Improvement, type LifecycleEvent, type LinkedChange, outcomeOf, requiredChanges } from '../../domain/index.js';
import type { DecisionMapping } from '../../mapping/index.js';
import { inputsById, neighbours, recordsWithKeys, type Tx } from '../../store/index.js';
import { recordNode } from '../decide/keep-graph.js';
import { ticketStream } from '../read-back/ticket-stream.js';
import { changeTarget, decideWrite, fieldsFor } from './outgoing.js';
import { resourceOf, systemOf } from '../systems.js';
import type { World } from '../world.js';

/** A link that a record carries to the change that mends it (`incident.rfc`, `problem.rfc`). */
const mendedBy = 'resolved-by';

/**
 * After an approval: adopts the change that the records behind the improvement already name, else decides to create one. An adopted change is never
 * doubled by one of ours. Nothing happens while a required change is under way, or where the policy wants none.
 */
export async function decideChange(world: World, t: Tx, improvement: Improvement): Promise<readonly LifecycleEvent[]> {
  const adopted = await adoption(world, t, improvement);
  if (adopted !== undefined) return [adopted];
  if (improvement.change !== 'create' || isUnderWay(improvement)) return [];
  const target = changeTarget(world, improvement);
  // A new approval after a failed change is a new change; the same approval never is.
  const step = `create:${approvalOf(improvement)?.historyId ?? ''}`;
  await decideWrite(world, t, improvement, { target, step, operation: 'create', payload: await fieldsFor(world, t, improvement, target) });
  return [];
}

/** The event that takes over a change which the records behind the improvement name; undefined when there is none, or one is under way. */
export async function adoption(world: World, t: Tx, improvement: Improvement): Promise<LifecycleEvent | undefined> {
  if (isUnderWay(improvement) || improvement.change === 'none') return undefined;
  const change = await adoptable(world, t, improvement);
  return change === undefined ? undefined : { is: 'change-linked', at: world.clock(), change };
}

function isUnderWay(improvement: Improvement): boolean {
  return requiredChanges(improvement).some((change) => outcomeOf(change) !== 'not-done');
}

async function adoptable(world: World, t: Tx, improvement: Improvement): Promise<LinkedChange | undefined> {
  const target = changeTarget(world, improvement);
  const { stream } = resourceOf(systemOf(world.systems, target.system), target.resource);
  const sources: (readonly string[])[] = [await linkedToTicket(world, t, improvement, { system: target.system, stream })];
  for (const { trigger } of (await inputsById(t, [...improvement.triggers, ...improvement.joined])).toReversed()) {
    const { out } = await neighbours(t, recordNode(trigger), { kinds: [mendedBy] });
    const prefix = recordNode({ system: target.system, stream, key: '' });
    sources.push(out.flatMap(({ to }) => (to.startsWith(prefix) ? [to.slice(prefix.length)] : [])));
  }
  for (const keys of sources) {
    const fresh = keys
      .filter((key) => !improvement.changes.some(({ ref }) => ref.key === key))
      .map((key) => ({ system: target.system, stream, key }));
    const [found] = await recordsWithKeys(t, fresh);
    if (found === undefined) continue;
    const { ref, number, url } = found.record;
    return { ref, number, url, origin: 'adopted', required: true, linkedAt: world.clock() };
  }
  return undefined;
}

/** Keys of the changes that people linked to the improvement's own ticket, as the mapping of that ticket to a decision says. */
async function linkedToTicket(
  world: World,
  t: Tx,
  { ticket }: Improvement,
  wanted: { readonly system: string; readonly stream: string },
): Promise<readonly string[]> {
  if (ticket === undefined) return [];
  const { kind } = systemOf(world.systems, ticket.system);
  const stream = ticketStream(world, ticket);
  const mapping = world.mappings.find((one): one is DecisionMapping => one.kind === 'decision' && one.from === `${kind}.${stream}`);
  const [stored] = await recordsWithKeys(t, [{ system: ticket.system, stream, key: ticket.key }]);
  if (mapping === undefined || stored === undefined) return [];
  const systems = new Map([...world.systems.byId.values()].map((system) => [system.id, system.kind]));
  const mapped = mapping.map(stored.record, { system: ticket.system, systems });
  if (mapped.is !== 'mapped') return []; // what the ticket says cannot be read; reading it back will say so
  return mapped.links
    .filter(({ as, to }) => as === mendedBy && to.system === wanted.system && to.stream === wanted.stream)
    .map(({ to }) => to.key);
}
