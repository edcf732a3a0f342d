import { cycle, type World } from '../../sync/index.js';
import type { Simulator } from './simulators.js';

/** Everything that plays: both simulators, the product between them, one virtual clock and one source of chance. */
export interface Stage {
  readonly servicenow: Simulator;
  readonly jira: Simulator;
  world: World;
  readonly random: () => number;
  /** The folder with configuration, database and inbox. */
  readonly dir: string;
  now: string;
  /** Stops the product, lets `between` change its files, and starts it again, as an administrator would. */
  reopen(between: () => void): Promise<void>;
}

export const dayMs = 86_400_000;

/** That many days later. */
export function dayAt(from: string, days: number): string {
  return new Date(Date.parse(from) + days * dayMs).toISOString();
}

/** Moves the one clock on. */
export async function advance(stage: Stage, to: string): Promise<void> {
  stage.now = to;
  await Promise.all([stage.servicenow.control('POST', 'clock', { set: to }), stage.jira.control('POST', 'clock', { set: to })]);
}

/** Goes on until a round writes nothing, so that what is counted is at rest. */
export async function settle(stage: Stage): Promise<void> {
  for (let rounds = 0; rounds < 20; rounds += 1) {
    await advance(stage, new Date(Date.parse(stage.now) + 1_800_000).toISOString());
    const { pushed } = await cycle(stage.world);
    if (rounds > 0 && pushed.confirmed + pushed.inDoubt + pushed.later === 0) return;
  }
}
