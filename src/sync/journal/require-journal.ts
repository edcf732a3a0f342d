import { itself } from '../../domain/index.js';
import { Failure } from '../../kit/index.js';
import { appendJournal, putSetting, recoverOutbox } from '../../store/index.js';
import type { World } from '../world.js';

const setting = 'trouble/journal';

/**
 * Before anything is sent: the journal can be written. Where it could not, an entry is tried that says since when; with it the work goes on, and what was
 * being sent when it began is looked for. Fails while it still cannot.
 */
export async function requireJournal(world: World): Promise<void> {
  const trouble = world.store.journalTrouble();
  if (trouble === undefined) return;
  const at = world.clock();
  const { since, reason } = trouble;
  try {
    await world.store.tx(async (t) => {
      const inDoubt = await recoverOutbox(t, at);
      await putSetting(t, setting, null);
      const because = `the journal can be written again; it could not since ${since}`;
      await appendJournal(t, [
        { at, actor: itself, kind: 'journal-resumed', subject: 'installation', because, body: { since, reason, inDoubt } },
      ]);
    });
    world.log.info('the journal can be written again', { since });
  } catch (error) {
    await show(world, `nothing is written to other systems since ${since}: ${reason}`);
    throw new Failure('transient', `nothing is written to other systems: ${reason}`, {
      place: 'journal',
      hint: 'look at the volume and at the database; golden-thread goes on by itself',
      cause: error,
    });
  }
}

/** For `status`, as far as the database still takes anything. */
async function show(world: World, problem: string): Promise<void> {
  try {
    await world.store.tx((t) => putSetting(t, setting, { at: world.clock(), problem }));
  } catch {
    // Health says it all the same.
  }
}
