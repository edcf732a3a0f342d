import { afterAll, describe, expect, test } from '@jest/globals';
import { count, nameOf, openLanes } from './crash-matrix.js';
import { type Condition, playPoint } from './crash-point.js';

/** Broken variants, and the request behind whose answer they lose or double something. */
const mutants: readonly {
  readonly promise: string;
  readonly after: string;
  readonly condition: Condition;
  readonly finds: 'lost' | 'duplicate';
  /** How many boundaries behind it one is tried first; the others follow. */
  readonly first: number;
}[] = [
  {
    promise: 'a write that is noted only after its request is caught: it makes a second ticket',
    after: 'POST /rest/api/3/issue',
    condition: { indexLagMs: 90_000, mutant: 'intent-after-request' },
    finds: 'duplicate',
    first: 0,
  },
  {
    promise: 'a second request without looking first is caught: it makes a second ticket',
    after: 'POST /rest/api/3/issue',
    condition: { indexLagMs: 90_000, mutant: 'blind-second-post' },
    finds: 'duplicate',
    first: 0,
  },
  {
    promise: 'a cursor that is saved before its page is caught: it loses records',
    after: 'GET /api/now/v2/table/{table}',
    condition: { indexLagMs: 90_000, mutant: 'cursor-before-page' },
    finds: 'lost',
    first: 1,
  },
];
/** So many boundaries behind the request are tried. */
const stretch = 6;

describe('the crash test can fail', () => {
  const lanes = openLanes(1);
  const [lane] = lanes.lanes;
  afterAll(() => lanes.end());

  test.each(mutants)(
    '$promise',
    async ({ after, condition, finds, first: begin }) => {
      if (lane === undefined) throw new Error('no lane');
      const { boundaries, undisturbed } = await count(lane, condition);
      // Nothing is wrong with it as long as nobody dies: only the crash shows it.
      expect(undisturbed.problems).toEqual([]);
      const from = undisturbed.last?.requests.find(({ what }) => what === after)?.step ?? 0;
      expect(from).toBeGreaterThan(0);
      let caught: string | undefined;
      for (let tried = 0; tried < stretch && caught === undefined; tried += 1) {
        const first = from + ((begin + tried) % stretch);
        const outcome = await playPoint(lane, condition, { first, second: 0 });
        if (outcome[finds] > 0) caught = `boundary ${first} of ${boundaries}: ${outcome.problems.join('; ')}`;
      }
      process.stderr.write(`${nameOf(condition)} ${caught === undefined ? 'survived' : `caught at ${caught}`}\n`);
      expect(caught).toBeDefined();
    },
    300_000,
  );
});
