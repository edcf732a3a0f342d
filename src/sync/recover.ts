import { endInterruptedRuns, recoverOutbox } from '../store/index.js';
import type { World } from './world.js';

/** At start, under the lock: what a process that died had left open is settled. Returns how many writes are in doubt because of it. */
export async function recover(world: World): Promise<number> {
  return world.store.tx(async (t) => {
    await endInterruptedRuns(t, world.clock());
    return recoverOutbox(t, world.clock());
  });
}
