import { acceptorsOf, approversOf, nameOf, openSuspects, ownersOf, type SuspectLink } from '../domain/index.js';
import { Failure } from '../kit/index.js';
import { improvement as improvementWithId } from '../store/index.js';
import { localDateOf } from './calendar.js';
import { lifecycleContext, takeEvent } from './decide/take-event.js';
import type { World } from './world.js';

/**
 * Notes that a person has looked at links which changed after they were relied on, and why they still hold: all open ones of the improvement to that record
 * (by number or key), or those of one field. Only its owner, who may approve it or who may accept its result can. Returns what was cleared.
 * Fails with `policy` when the person may not, and with `record` when there is nothing of the kind.
 */
export async function clearSuspects(
  world: World,
  given: { readonly id: string; readonly record: string; readonly field?: string; readonly by: string; readonly because: string },
): Promise<readonly SuspectLink[]> {
  return world.store.tx(async (t) => {
    const improvement = await improvementWithId(t, given.id);
    if (improvement === undefined) throw new Failure('record', `there is no improvement ${given.id}`, { hint: '`register` lists them' });
    const context = lifecycleContext(world);
    const at = world.clock();
    const today = localDateOf(world, at);
    const may = [...ownersOf(improvement, context, today), ...approversOf(improvement, context, today), ...acceptorsOf(context, today)];
    if (!may.includes(given.by))
      throw new Failure('policy', `${given.by} may not say that a link of ${given.id} still holds`, {
        hint: `give the id of one of these: ${[...new Set(may)].map((id) => `${id} (${nameOf(context.directory, id)})`).join(', ')}`,
      });
    const meant = openSuspects(improvement).filter(
      ({ ref, number, field }) =>
        (number === given.record || ref.key === given.record) && (given.field === undefined || field === given.field),
    );
    const [one] = meant;
    if (one === undefined)
      throw new Failure('record', `${given.id} has no open suspect link to ${given.record}`, { hint: '`suspects list` shows them' });
    const { by, because, field } = given;
    await takeEvent(world, t, improvement, {
      is: 'suspect-cleared',
      at,
      ref: one.ref,
      ...(field === undefined ? {} : { field }),
      by,
      because,
    });
    return meant;
  });
}
