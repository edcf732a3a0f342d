import { improvement as improvementWithId } from '../../store/index.js';
import { apart } from '../apart.js';
import { readBackChanges } from './read-back-changes.js';
import { clearReadBack, dueReadBacks, noteChangedRecords } from './read-back-due.js';
import { readBackTicket } from './read-back-tickets.js';
import type { World } from '../world.js';

/**
 * Reads back what people did in tickets and changes since the last time. Only what has a new version is asked for; what cannot be read is tried again in
 * the next round and does not keep the others waiting. Returns how many improvements had news.
 */
export async function readBack(world: World): Promise<number> {
  await noteChangedRecords(world);
  let read = 0;
  for (const id of await dueReadBacks(world)) {
    if (world.signal.aborted) break;
    const done = await apart(world, 'read-back', id, async () => {
      const before = await improvementWithId(world.store.read, id);
      if (before?.ticket !== undefined) await readBackTicket(world, id, before.ticket);
      const now = await improvementWithId(world.store.read, id);
      if (now !== undefined) await readBackChanges(world, now);
      await world.store.tx((t) => clearReadBack(t, id));
      return true;
    });
    if (done) read += 1;
  }
  return read;
}
