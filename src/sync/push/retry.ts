import { Failure } from '../../kit/index.js';
import { appendJournal, type OutboxEntry, outboxList, retryLater } from '../../store/index.js';
import type { World } from '../world.js';

/**
 * Takes writes up again that were parked, because a person has removed the cause: the next push looks for a create by its key before it sends it. `ids`: whole
 * idempotency keys or their beginnings; none means all that are parked. Fails with `config` when one names no parked write, or several; nothing is changed then.
 */
export async function retryParked(world: World, ids: readonly string[], by: string): Promise<readonly OutboxEntry[]> {
  return world.store.tx(async (t) => {
    const parked = await outboxList(t, { states: ['parked'] });
    const wanted = ids.length === 0 ? parked : ids.map((id) => theOne(parked, id));
    const at = world.clock();
    for (const { id } of wanted) await retryLater(t, id, { at });
    await appendJournal(
      t,
      wanted.map(({ id, system, operation, subject, failure }) => ({
        at,
        actor: by,
        kind: 'write-retried',
        subject,
        because: 'its cause is removed, says whoever takes it up again',
        body: { key: id, system, operation, was: failure ?? null },
      })),
    );
    return wanted;
  });
}

function theOne(parked: readonly OutboxEntry[], id: string): OutboxEntry {
  const [one, ...more] = parked.filter((entry) => entry.id.startsWith(id));
  if (one !== undefined && more.length === 0) return one;
  throw new Failure('config', one === undefined ? `no parked write begins with "${id}"` : `several parked writes begin with "${id}"`, {
    hint: 'golden-thread outbox list shows them',
  });
}
