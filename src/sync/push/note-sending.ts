import { itself } from '../../domain/index.js';
import type { Watermark } from '../../kit/index.js';
import { appendJournal, markSending, type OutboxEntry } from '../../store/index.js';
import type { World } from '../world.js';

/**
 * Notes, durably and in the journal, that a write is about to be sent. A journal that cannot be written fails here, before the request: nothing reaches
 * another system without its entry.
 */
export async function noteSending(world: World, entry: OutboxEntry, watermark?: Watermark): Promise<void> {
  const at = world.clock();
  const { id, system, resource, operation, subject, payloadHash } = entry;
  await world.store.tx(async (t) => {
    await markSending(t, id, { owner: world.owner, at, ...(watermark && { watermark }) });
    await appendJournal(t, [
      {
        at,
        actor: itself,
        kind: 'write-sent',
        subject,
        because: entry.state === 'in-doubt' ? 'its answer was lost, and it is not there' : 'it was decided',
        body: { system, resource, operation, key: id, payload: payloadHash },
      },
    ]);
  });
}
