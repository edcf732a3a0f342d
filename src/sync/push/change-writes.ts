import { approvalOf, type Improvement, type LifecycleEvent, outcomeOf, requiredChanges } from '../../domain/index.js';
import type { SourceRecord } from '../../kit/index.js';
import type { DecisionMapping } from '../../mapping/index.js';
import { inputsById, neighbours, outboxList, recordsOfStreamByNumber, recordsWithKeys, type Tx } from '../../store/index.js';
import { recordNode } from '../decide/keep-graph.js';
import { ticketStream } from '../read-back/ticket-stream.js';
import { changeTarget, decideWrite, fieldsFor, type Target } from './outgoing.js';
import { decideComment } from './ticket-writes.js';
import { resourceOf, systemOf } from '../systems.js';
import type { World } from '../world.js';

/** A link that a record carries to the change that mends it (`incident.rfc`, `problem.rfc`). */
const mendedBy = 'resolved-by';

/**
 * After an approval: adopts the changes that the ticket or the records behind the improvement already name, else decides to create one, or asks the owner
 * where the policy says so. An adopted change is never doubled by one of ours. Nothing happens while a required change is under way, or where the policy
 * wants none.
 */
export async function decideChange(world: World, t: Tx, improvement: Improvement): Promise<readonly LifecycleEvent[]> {
  const adopted = await adoption(world, t, improvement);
  if (adopted.length > 0) return adopted;
  if (isUnderWay(improvement)) return [];
  if (improvement.change !== 'create') {
    await askFor(world, t, improvement);
    return [];
  }
  const target = changeTarget(world, improvement);
  if (await isBeingMade(t, improvement, target)) return [];
  // A new approval after a failed change is a new change; the same approval never is.
  const step = `create:${approvalOf(improvement)?.historyId ?? ''}`;
  await decideWrite(world, t, improvement, { target, step, operation: 'create', payload: await fieldsFor(world, t, improvement, target) });
  return [];
}

/** A change that an earlier approval asked for and that the remote has not confirmed yet will be linked by itself: a second one would double it. */
async function isBeingMade(t: Tx, improvement: Improvement, { system, resource }: Target): Promise<boolean> {
  const open = await outboxList(t, { subject: improvement.id, states: ['pending', 'sending', 'in-doubt'] });
  return open.some((entry) => entry.operation === 'create' && entry.system === system && entry.resource === resource);
}

/** Says in the ticket what is wanted of its owner, once for each approval. */
async function askFor(world: World, t: Tx, improvement: Improvement): Promise<void> {
  if (improvement.lightPath !== undefined) return;
  const link = 'link one to this ticket, or write its number into the field Changes';
  const text = {
    create: undefined,
    link: `${improvement.id} is approved and needs a change: ${link}.`,
    ask: `${improvement.id} is approved. How is it to be carried out? Choose Create in the field Change wanted, and a change is made; or ${link}.`,
    none: `${improvement.id} is approved and is carried out without a change ticket. Before the work begins, somebody who may authorise it writes into the field Light path why it may; afterwards put a link into Completion evidence, or attach the file.`,
  }[improvement.change];
  if (text !== undefined) await decideComment(world, t, improvement, `change:${approvalOf(improvement)?.historyId ?? ''}`, text);
}

/** The events that take over changes which people have linked; empty when there is none. */
export async function adoption(world: World, t: Tx, improvement: Improvement): Promise<readonly LifecycleEvent[]> {
  if (improvement.change === 'none' || improvement.lightPath !== undefined) return [];
  const at = world.clock();
  const { ticket, records } = await adoptable(world, t, improvement);
  const found = ticket.length > 0 ? ticket : isUnderWay(improvement) ? [] : records;
  return found.map(({ record: { ref, number, url }, required }) => ({
    is: 'change-linked',
    at,
    change: { ref, number, url, origin: 'adopted', required, linkedAt: at },
  }));
}

function isUnderWay(improvement: Improvement): boolean {
  return requiredChanges(improvement).some((change) => outcomeOf(change) !== 'not-done');
}

interface Adoptable {
  readonly record: SourceRecord;
  readonly required: boolean;
}

/** What people linked to the ticket: all of it counts. What the records behind it name: the newest, because one bad night names many. */
async function adoptable(
  world: World,
  t: Tx,
  improvement: Improvement,
): Promise<{ readonly ticket: readonly Adoptable[]; readonly records: readonly Adoptable[] }> {
  const target = changeTarget(world, improvement);
  const { stream } = resourceOf(systemOf(world.systems, target.system), target.resource);
  const wanted = { system: target.system, stream };
  const isNew = ({ ref }: SourceRecord): boolean => !improvement.changes.some((change) => change.ref.key === ref.key);
  const ticket = (await linkedToTicket(world, t, improvement, wanted)).filter(({ record }) => isNew(record));
  if (ticket.length > 0 || isUnderWay(improvement)) return { ticket, records: [] };
  const prefix = recordNode({ ...wanted, key: '' });
  for (const { trigger } of (await inputsById(t, [...improvement.triggers, ...improvement.joined])).toReversed()) {
    const { out } = await neighbours(t, recordNode(trigger), { kinds: [mendedBy] });
    const keys = out.flatMap(({ to }) => (to.startsWith(prefix) ? [to.slice(prefix.length)] : []));
    const stored = (
      await recordsWithKeys(
        t,
        keys.map((key) => ({ ...wanted, key })),
      )
    ).find(({ record }) => isNew(record));
    if (stored !== undefined) return { ticket, records: [{ record: stored.record, required: true }] };
  }
  return { ticket, records: [] };
}

/** The changes that people linked to the improvement's own ticket or named in it, as the mapping of that ticket to a decision says. */
async function linkedToTicket(
  world: World,
  t: Tx,
  { ticket }: Improvement,
  wanted: { readonly system: string; readonly stream: string },
): Promise<readonly Adoptable[]> {
  if (ticket === undefined) return [];
  const { kind } = systemOf(world.systems, ticket.system);
  const stream = ticketStream(world, ticket);
  const mapping = world.mappings.find((one): one is DecisionMapping => one.kind === 'decision' && one.from === `${kind}.${stream}`);
  const [stored] = await recordsWithKeys(t, [{ system: ticket.system, stream, key: ticket.key }]);
  if (mapping === undefined || stored === undefined) return [];
  const systems = new Map([...world.systems.byId.values()].map((system) => [system.id, system.kind]));
  const mapped = mapping.map(stored.record, { system: ticket.system, systems });
  if (mapped.is !== 'mapped') return []; // what the ticket says cannot be read; reading it back will say so
  const refs = mapped.links.flatMap(({ as, to }) =>
    as === mendedBy && to.system === wanted.system && to.stream === wanted.stream ? [to] : [],
  );
  const linked = (await recordsWithKeys(t, refs)).map(({ record }) => ({ record, required: true }));
  const asked = changeNumbers(mapped.value.changes ?? '');
  const found = await recordsOfStreamByNumber(
    t,
    wanted,
    asked.map(({ number }) => number),
  );
  const named = asked.flatMap(({ number, required }) =>
    found.flatMap(({ record }) => (record.number === number ? [{ record, required }] : [])),
  );
  return [...linked.filter(({ record }) => !named.some((one) => one.record.ref.key === record.ref.key)), ...named];
}

/** The numbers in the field Changes: `CHG0030001, CHG0030002 (not required)`. At most 20. */
export function changeNumbers(text: string): readonly { readonly number: string; readonly required: boolean }[] {
  return [...text.matchAll(/([A-Z][A-Z0-9]*-?\d+)(\s*\(not required\))?/g)]
    .slice(0, 20)
    .map(([, number = '', not]) => ({ number, required: not === undefined }));
}
