import { isWatched, watchForRegression, watchLooks, watchSpans } from '../../domain/index.js';
import { getSetting, improvement as improvementWithId, improvements, putSetting, type Tx } from '../../store/index.js';
import { takeEvent } from '../decide/take-event.js';
import type { World } from '../world.js';
import { gather } from './gather.js';

const lastWatch = 'watched-on';

/** Once a day: looks whether what closed as effective has kept its level. Returns the ids of those that have lost it. */
export async function watchEffects(world: World): Promise<readonly string[]> {
  const at = world.clock();
  if ((await getSetting(world.store.read, lastWatch)) === at.slice(0, 10)) return [];
  const lost: string[] = [];
  for (const improvement of await improvements(world.store.read, { status: ['closed'] }))
    if (isWatched(improvement, at) && (await world.store.tx((t) => watchEffect(world, t, improvement.id)))) lost.push(improvement.id);
  await world.store.tx((t) => putSetting(t, lastWatch, at.slice(0, 10)));
  return lost;
}

async function watchEffect(world: World, t: Tx, id: string): Promise<boolean> {
  const improvement = await improvementWithId(t, id);
  if (improvement === undefined || improvement.plan.metric === 'criterion') return false;
  const { plan } = improvement;
  const at = world.clock();
  for (let look = 1; look <= watchLooks; look += 1) {
    const spans = watchSpans(improvement, look);
    if (spans === undefined || at < spans.window.to) return false;
    const { inputs, coverage, unsound } = await gather(t, world, improvement, plan, spans);
    const regression = watchForRegression({ improvement, plan, spans, inputs, coverage, unsound, at });
    if (regression === undefined) continue;
    await takeEvent(world, t, improvement, { is: 'regressed', at, regression });
    return true;
  }
  return false;
}
