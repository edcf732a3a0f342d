import { killAlive } from './alive.js';
import { type Condition, type CrashPoint, type Lane, type Outcome, playPoint } from './crash-point.js';
import { seededRandom } from './random.js';
import { makeSite, type Site } from './site.js';
import { type SimulatorHost, startSimulatorHost } from './simulators.js';

/** Several lanes that play worlds at once. */
export interface Lanes {
  readonly lanes: readonly Lane[];
  end(): Promise<void>;
}

/** Opens `count` lanes, each with simulators in a process of their own. `program` is the file of the worker, if not the compiled one. */
export function openLanes(count: number, program?: string): Lanes {
  const site: Site = makeSite();
  const hosts: readonly SimulatorHost[] = Array.from({ length: count }, startSimulatorHost);
  let worlds = 0;
  const nextDatabase = (): string => `world-${(worlds += 1)}`;
  return {
    lanes: hosts.map((host) => ({ site, host, nextDatabase, ...(program !== undefined && { program }) })),
    end: async () => {
      killAlive();
      await Promise.all(hosts.map((host) => host.stop()));
      site.remove();
    },
  };
}

/** Does all of the work, as much at once as there are lanes; the results stand in the order of the work. */
export async function inLanes<T, R>(
  { lanes }: Lanes,
  work: readonly T[],
  each: (lane: Lane, item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const todo = work.entries();
  await Promise.all(
    lanes.map(async (lane) => {
      for (const [index, item] of todo) results[index] = await each(lane, item);
    }),
  );
  return results;
}

/** A condition and how many boundaries an undisturbed run passes under it. */
export interface Counted {
  readonly condition: Condition;
  readonly boundaries: number;
  readonly undisturbed: Outcome;
}

/** Counts the boundaries of a run in which nobody dies. */
export async function count(lane: Lane, condition: Condition): Promise<Counted> {
  const undisturbed = await playPoint(lane, condition, { first: 0, second: 0 });
  return { condition, boundaries: undisturbed.last?.steps ?? 0, undisturbed };
}

/**
 * The points to try: every boundary, or `sample` of them, one at random in each of as many equal stretches. The successor dies at a random boundary of
 * its own, which lies early more often than late: it has less to do.
 */
export function pointsOf(boundaries: number, sample: number | 'all', seed: number): readonly CrashPoint[] {
  const random = seededRandom(seed);
  const second = (): number => 1 + Math.floor(random() ** 2 * boundaries);
  if (sample === 'all' || sample >= boundaries)
    return Array.from({ length: boundaries }, (_, index) => ({ first: index + 1, second: second() }));
  return Array.from({ length: sample }, (_, index) => ({
    first: 1 + Math.floor(((index + random()) * boundaries) / sample),
    second: second(),
  }));
}

/** Sums up for one line. */
export function sumUp(outcomes: readonly Outcome[]): string {
  const survived = outcomes.filter(({ problems }) => problems.length === 0).length;
  const total = (of: 'lost' | 'duplicate' | 'parked'): number => outcomes.reduce((sum, outcome) => sum + outcome[of], 0);
  return `crash points ${survived}/${outcomes.length} survived, lost ${total('lost')}, duplicate ${total('duplicate')}, parked ${total('parked')}`;
}

/** A condition in words. */
export function nameOf({ indexLagMs, lost, mutant }: Condition): string {
  const answer = lost === undefined ? '' : `, answer of the ${lost.of}'s create lost (${lost.how})`;
  return `index lag ${indexLagMs / 1000} s${answer}${mutant === undefined ? '' : `, ${mutant}`}`;
}
