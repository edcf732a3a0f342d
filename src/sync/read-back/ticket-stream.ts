import type { Target } from '../push/outgoing.js';
import { resourceOf, systemOf } from '../systems.js';
import type { World } from '../world.js';

/** The stream in which the tickets of this target come back. */
export function ticketStream(world: World, target: Target): string {
  return resourceOf(systemOf(world.systems, target.system), target.resource).stream;
}
