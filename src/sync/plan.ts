import type { Improvement } from '../domain/index.js';
import type { Instant } from '../kit/index.js';
import { getRelease, improvements, outboxList, type OutboxEntry } from '../store/index.js';
import { decideBatch } from './decide/decide.js';
import { decideScopes } from './decide/decide-scopes.js';
import type { World } from './world.js';

/** What would happen. */
export interface Plan {
  /** Nothing is written until `golden-thread release`. */
  readonly held: boolean;
  readonly raiseFrom: Instant;
  /** Improvements that would be raised. */
  readonly raised: readonly Improvement[];
  /** Remote writes that would be decided, and those that are decided and not made yet. */
  readonly writes: readonly OutboxEntry[];
  /** How many of the new tickets the cap would hold back today. */
  readonly heldByCap: number;
}

/** Thrown to take the whole transaction back. */
class TakenBack extends Error {}

/** Runs the very code that decides, in a transaction that is taken back: what `decide` would do now, and not one write. */
export async function plan(world: World, raiseFromInstead?: Instant): Promise<Plan> {
  const known = await getRelease(world.store.read);
  const raiseFrom = raiseFromInstead ?? known?.raiseFrom ?? world.config.settings.firstRun.raiseFrom ?? world.clock();
  let made: Plan | undefined;
  try {
    await world.store.tx(async (t) => {
      const ids: string[] = [];
      for (const decide of [decideBatch, decideScopes])
        for (let more = true; more;) {
          const part = await decide(world, t, raiseFrom);
          ids.push(...part.raised);
          more = part.more;
        }
      const raised = (await improvements(t)).filter(({ id }) => ids.includes(id));
      const writes = await outboxList(t, { states: ['pending', 'in-doubt'], limit: 10_000 });
      const tickets = writes.filter(({ operation, resource }) => operation === 'create' && resource === 'issue').length;
      made = {
        held: known === undefined,
        raiseFrom,
        raised,
        writes,
        heldByCap: Math.max(0, tickets - world.config.policy.newTicketsPerDay),
      };
      throw new TakenBack();
    });
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error;
  }
  if (made === undefined) throw new Error('the plan was not made');
  return made;
}
