import { afterAll, describe, expect, test } from '@jest/globals';
import { count, type Counted, inLanes, nameOf, openLanes, pointsOf, sumUp } from './crash-matrix.js';
import { type Condition, type LostAnswer, playPoint } from './crash-point.js';

/** Every boundary is tried with GOLDEN_THREAD_CRASH_POINTS=all; a number samples that many under the first condition, and a twelfth of it under each other one. */
const wanted = process.env['GOLDEN_THREAD_CRASH_POINTS'] ?? '24';
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
  const lanes = openLanes(2);
  afterAll(() => lanes.end());
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
      const work = counted.flatMap(({ condition, boundaries }, index) =>
        pointsOf(boundaries, sample(index === 0), index).map((point) => ({ condition, point })),
      );
      const total = counted.reduce((sum, { boundaries }) => sum + boundaries, 0);
      const started = performance.now();
      const outcomes = await inLanes(lanes, work, async (lane, { condition, point }) => {
        const outcome = await playPoint(lane, condition, point).catch((error: unknown) => ({
          lost: 0,
          duplicate: 0,
          parked: 0,
          problems: [String(error)],
          point,
          last: undefined,
        }));
        if (outcome.problems.length > 0)
          say(`FAILED at ${point.first}, then ${point.second}; ${nameOf(condition)}: ${outcome.problems.join('; ')}`);
        return outcome;
      });
      say(
        `${sumUp(outcomes)} (${work.length} of ${total} counted boundaries, each with a second death; ${Math.round((performance.now() - started) / 1000)} s)`,
      );
      expect(work.length).toBeGreaterThan(0);
      expect(outcomes.flatMap(({ problems }) => problems)).toEqual([]);
    },
    8 * hour,
  );
});
