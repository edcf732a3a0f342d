import type { Instant, Stream } from '../../kit/index.js';
import { dueAgain, lookAgain } from '../../store/index.js';
import type { System } from '../systems.js';
import type { World } from '../world.js';
import { saveRead } from './save-read.js';

/** Keys a question. */
const batch = 100;
/** Records a round: the others wait for the next one. */
const mostARound = 1000;
/** A deadline that has passed and that the remote has not drawn its conclusion from: its own job runs every few minutes. */
const patienceMs = 15 * 60_000;

/**
 * Reads records again whose time has come: a service level is breached by its deadline, which moves no update stamp. `now` is the remote's clock.
 * Returns how many were read. Safe to repeat.
 */
export async function lookAgainAtDue(world: World, system: System, stream: Stream, now: Instant): Promise<number> {
  if (stream.get === undefined || stream.lookAgainAt === undefined) return 0;
  const name = { system: system.id, stream: stream.name };
  const due = await dueAgain(world.store.read, name, now, mostARound);
  for (let at = 0; at < due.length && !world.signal.aborted; at += batch) {
    const keys = due.slice(at, at + batch);
    const found = await stream.get(keys, world.signal);
    const soon = new Date(Date.parse(now) + patienceMs).toISOString();
    // What is not there any more is the census's to find.
    const next = new Map<string, Instant | undefined>(keys.map((key) => [key, undefined]));
    for (const { ref, data } of found) {
      const then = stream.lookAgainAt(data);
      next.set(ref.key, then !== undefined && then <= now ? soon : then);
    }
    await world.store.tx(async (t) => {
      const cause = { at: world.clock(), by: 'look-again', because: `due by ${now}` };
      await saveRead(world, t, { system, stream, cause }, found);
      await lookAgain(t, name, next);
    });
  }
  return due.length;
}
