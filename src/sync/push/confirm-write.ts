import { itself } from '../../domain/index.js';
import { appendJournal, confirm, improvement as improvementWithId, type OutboxEntry, saveImprovement, type Tx } from '../../store/index.js';
import type { Delivered } from './deliver.js';
import { keepGraph } from '../decide/keep-graph.js';
import { ticketTarget } from './outgoing.js';
import { decideStatusComment } from './ticket-writes.js';
import { noteReadBack } from '../read-back/read-back-due.js';
import { resourceOf, systemOf } from '../systems.js';
import { takeEvent } from '../decide/take-event.js';
import type { World } from '../world.js';

/** Notes that a write has arrived, with its receipt, and what that means for the improvement: its ticket, its change. */
export async function confirmWrite(world: World, entry: OutboxEntry, done: Extract<Delivered, { readonly is: 'done' }>): Promise<void> {
  await world.store.tx(async (t) => {
    const at = world.clock();
    await confirm(t, entry.id, { at, ticket: done.ticket, ...(done.receipt && { receipt: done.receipt }) });
    const { number, url } = done.ticket;
    const differences = (done.receipt?.differences ?? []).map(({ field, wrote, found }) => ({ field, wrote, found }));
    await appendJournal(t, [
      {
        at,
        actor: itself,
        kind: `remote-${entry.operation}`,
        subject: entry.subject,
        because: `${entry.system} has it, as ${number}`,
        body: { system: entry.system, resource: entry.resource, key: entry.id, payload: entry.payloadHash, number, url, differences },
      },
    ]);
    if (differences.length > 0)
      world.log.warn('the remote did not take a field over as written', {
        system: entry.system,
        ticket: number,
        fields: differences.map(({ field }) => field),
      });
    if (entry.operation === 'create') await created(world, t, entry, done);
    if (entry.operation === 'attach') await attached(world, t, entry);
  });
}

/** The status comment names a file only once it is there. */
async function attached(world: World, t: Tx, entry: OutboxEntry): Promise<void> {
  const improvement = await improvementWithId(t, entry.subject);
  if (improvement !== undefined) await decideStatusComment(world, t, improvement, `attached:${entry.id}`);
}

async function created(world: World, t: Tx, entry: OutboxEntry, { ticket }: Extract<Delivered, { readonly is: 'done' }>): Promise<void> {
  const before = await improvementWithId(t, entry.subject);
  if (before === undefined) return;
  // Its record may have come in before its creation was confirmed to us.
  await noteReadBack(t, before.id);
  const target = ticketTarget(world, before);
  if (entry.system === target.system && entry.resource === target.resource) {
    const { key, number, url } = ticket;
    const after = { ...before, ticket: { system: entry.system, resource: entry.resource, key, number, url } };
    await saveImprovement(t, after, { at: world.clock(), by: itself, because: `its ticket is ${number}` });
    await keepGraph(world, t, after, before);
    return;
  }
  const { stream } = resourceOf(systemOf(world.systems, entry.system), entry.resource);
  await takeEvent(world, t, before, {
    is: 'change-linked',
    at: world.clock(),
    change: {
      ref: { system: entry.system, stream, key: ticket.key },
      number: ticket.number,
      url: ticket.url,
      origin: 'created',
      required: true,
      linkedAt: world.clock(),
    },
  });
}
