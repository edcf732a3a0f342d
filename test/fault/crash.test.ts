import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type BundledWorker, bundleWorker } from './bundled-worker.js';
import { count, type Counted, inLanes, type Lanes, nameOf, openLanes, pointsOf, sumUp } from './crash-matrix.js';
import { type Condition, type CrashPoint, type LostAnswer, type Outcome, playPoint } from './crash-point.js';

/** Every boundary is tried with GOLDEN_THREAD_CRASH_POINTS=all; a number samples that many under the first condition, and a twelfth of it under each other one. */
const usualSample = '3';
const wanted = process.env['GOLDEN_THREAD_CRASH_POINTS'] ?? usualSample;
const sample = (isFirst: boolean): number | 'all' => (wanted === 'all' ? 'all' : isFirst ? Number(wanted) : Math.ceil(Number(wanted) / 12));

const usual = 90_000;
// The longest is longer than the first rounds of a restart, and shorter than what the connector is told to allow for (five minutes).
const lags = [usual, 0, 270_000];
const lostAnswers: readonly LostAnswer[] = [
  { of: 'ticket', how: 'commit-then-drop' },
  { of: 'ticket', how: 'commit-then-500' },
  { of: 'change', how: 'commit-then-drop' },
  { of: 'change', how: 'commit-then-500' },
];
const conditions: readonly Condition[] = lags.flatMap((indexLagMs) => [
  { indexLagMs },
  ...lostAnswers.map((lost) => ({ indexLagMs, lost })),
]);
const hour = 3_600_000;
const say = (line: string): void => void process.stderr.write(`${line}\n`);

describe('a process that dies', () => {
  let worker: BundledWorker;
  let lanes: Lanes;
  beforeAll(async () => {
    worker = await bundleWorker();
    lanes = openLanes(2, worker.program);
  }, 60_000);
  afterAll(async () => {
    await lanes?.end();
    worker?.remove();
  });
  let counted: readonly Counted[] = [];

  test(
    'when nobody dies, one ticket and one change are made, also when the answer of their create is lost',
    async () => {
      counted = await inLanes(lanes, conditions, count);
      for (const { condition, boundaries, undisturbed } of counted) {
        say(`${String(boundaries).padStart(4)} boundaries: ${nameOf(condition)}`);
        expect({ of: nameOf(condition), problems: undisturbed.problems }).toEqual({ of: nameOf(condition), problems: [] });
      }
    },
    hour,
  );

  test(
    'at any boundary of HTTP and commits, and again after its restart, loses nothing, doubles nothing and leaves nothing to a person',
    async () => {
      const started = performance.now();
      const outcomes: Outcome[] = [];
      for (const [index, { condition, boundaries }] of counted.entries()) {
        const some = await inLanes(lanes, pointsOf(boundaries, sample(index === 0), index), async (lane, point) => {
          const outcome = await playPoint(lane, condition, point).catch((error: unknown): Outcome => broken(point, error));
          if (outcome.problems.length > 0)
            say(`FAILED at ${point.first}, then ${point.second}; ${nameOf(condition)}: ${outcome.problems.join('; ')}`);
          return outcome;
        });
        if (wanted !== usualSample) say(`${sumUp(some)}: ${nameOf(condition)}`);
        outcomes.push(...some);
      }
      const total = counted.reduce((sum, { boundaries }) => sum + boundaries, 0);
      const seconds = Math.round((performance.now() - started) / 1000);
      say(
        `${sumUp(outcomes)} (of ${total} counted boundaries under ${counted.length} conditions; each point with a second death; ${seconds} s)`,
      );
      expect(outcomes.length).toBeGreaterThan(0);
      expect(outcomes.flatMap(({ problems }) => problems)).toEqual([]);
    },
    8 * hour,
  );
});

/** A point that could not be played to its end survived nothing. */
function broken(point: CrashPoint, error: unknown): Outcome {
  return { lost: 0, duplicate: 0, parked: 0, problems: [error instanceof Error ? error.message : String(error)], point, last: undefined };
}
