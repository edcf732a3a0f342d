import type { Improvement } from '../../domain/index.js';
import { asFailure, describeFailure } from '../../kit/index.js';
import { getSetting, improvement as improvementWithId, putSetting, settingsUnder, type Tx } from '../../store/index.js';
import { decideTicket } from '../push/ticket-writes.js';
import type { World } from '../world.js';

/** Shown by `status` until the ticket is decided. */
const troubles = 'trouble/ticket/';

/**
 * Decides the ticket of an improvement without letting its trouble stop the others: where a mapping cannot say what this ticket holds, the improvement is in the
 * register without one, which is a gap, and it is tried again in every round.
 */
export async function decideTicketApart(world: World, t: Tx, improvement: Improvement): Promise<void> {
  const name = `${troubles}${improvement.id}`;
  try {
    await decideTicket(world, t, improvement);
    if (((await getSetting(t, name)) ?? null) !== null) await putSetting(t, name, null);
  } catch (error) {
    const failure = asFailure(error);
    if (failure.kind !== 'record' && failure.kind !== 'config') throw failure;
    world.log.error(failure.message, { improvement: improvement.id, kind: failure.kind, hint: failure.details.hint ?? '' });
    await putSetting(t, name, { at: world.clock(), kind: failure.kind, problem: describeFailure(failure) });
  }
}

/** Tries those again whose ticket could not be decided: a mapping may have been mended meanwhile. */
export async function decideLateTickets(world: World, t: Tx): Promise<void> {
  for (const { name, value } of await settingsUnder(t, troubles)) {
    const improvement = value === null ? undefined : await improvementWithId(t, name.slice(troubles.length));
    if (improvement !== undefined) await decideTicketApart(world, t, improvement);
  }
}
