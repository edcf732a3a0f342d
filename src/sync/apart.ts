import { asFailure, describeFailure } from '../kit/index.js';
import { getSetting, putSetting } from '../store/index.js';
import type { World } from './world.js';

/**
 * Does `work` for one subject without letting its trouble stop the others: what is wrong with this one (its record, its mapping, a rule) is noted and shown
 * by `status` until it works again. What is wrong with the system or with us stops the task.
 */
export async function apart(world: World, task: string, subject: string, work: () => Promise<boolean>): Promise<boolean> {
  const name = `trouble/${task}/${subject}`;
  try {
    const done = await work();
    if ((await getSetting(world.store.read, name)) !== undefined && (await getSetting(world.store.read, name)) !== null)
      await world.store.tx((t) => putSetting(t, name, null));
    return done;
  } catch (error) {
    const failure = asFailure(error);
    if (failure.kind !== 'record' && failure.kind !== 'config' && failure.kind !== 'policy') throw failure;
    world.log.error(failure.message, { task, subject, kind: failure.kind, hint: failure.details.hint ?? '' });
    await world.store.tx((t) => putSetting(t, name, { at: world.clock(), kind: failure.kind, problem: describeFailure(failure) }));
    return false;
  }
}
