import type { Instant } from '../../kit/index.js';
import type { Tx } from '../../store/index.js';
import type { World } from '../world.js';

/** Placeholder. */
export async function noteOverdueInputs(_world: World, _t: Tx, _raiseFrom: Instant): Promise<void> {
  await Promise.resolve();
}
