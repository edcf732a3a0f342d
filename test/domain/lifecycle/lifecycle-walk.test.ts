import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  gapsOf,
  lifecycle,
  statuses,
  step,
  switchableGates,
  type GuardName,
  type Improvement,
  type Move,
  type Way,
} from '../../../src/domain/index.js';
import { day } from '../world.js';
import { attempts, events, jitters, scenes, scenesIn, type Made, type Scene } from './walk-events.js';
import { isSettled, unjustified } from './walk-oracle.js';

/** How many walks: more with GOLDEN_THREAD_WALKS=50000. */
const walks = Number(process.env['GOLDEN_THREAD_WALKS'] ?? 2000);
const seed = Number(process.env['FAST_CHECK_SEED'] ?? 20_260_301);
/** That walks reach everything, and that they find what is missing, is shown once and for all. */
const fixed = 20_260_301;

interface Walk {
  readonly scene: Scene;
  readonly visited: readonly Improvement[];
  readonly moves: readonly Move[];
  /** What moves lacked, in words. */
  readonly wrong: readonly string[];
}

function walk(scene: Scene, made: readonly Made[], jitter: readonly number[], ways: readonly Way[] = lifecycle): Walk {
  const visited = [scene.begin];
  const moves: Move[] = [];
  const wrong: string[] = [];
  for (const [index, make] of made.entries()) {
    const before = visited.at(-1) as Improvement;
    const event = make(day(7 + 3 * index + (jitter[index] ?? 0)));
    const { improvement, moves: these } = step(before, event, scene.context, ways);
    for (const move of these) wrong.push(...unjustified(scene, before, event, move, improvement));
    if (isSettled(before.status) && improvement.status !== before.status) wrong.push(`left ${before.status}`);
    if (improvement.status !== (these.at(-1)?.to ?? before.status)) wrong.push('moved without saying so');
    visited.push(improvement);
    moves.push(...these);
  }
  return { scene, visited, moves, wrong };
}

const walked = fc.tuple(scenes, events, jitters).map(([scene, made, jitter]) => walk(scene, made, jitter));

/** Whether some walk that begins where this way does breaks the law, with these ways; the first that does ends the search. */
function isFound(ways: readonly Way[], index: number, numRuns = 30_000): boolean {
  const begin = fc.constantFrom(...(lifecycle[index]?.from ?? [])).chain(scenesIn);
  const there = fc.tuple(begin, attempts, jitters).map(([scene, made, jitter]) => walk(scene, made, jitter, ways));
  return fc.check(
    fc.property(there, ({ wrong }) => wrong.length === 0),
    { numRuns, seed: fixed, endOnFailure: true },
  ).failed;
}

describe('any events, by anybody, in any order, of any kind, with clocks that go wrong', () => {
  test(`no move is made that lacks anything, and nothing is closed without every link of the thread (${walks} walks)`, () => {
    fc.assert(
      fc.property(walked, ({ wrong }) => expect(wrong).toEqual([])),
      { numRuns: walks, seed },
    );
  });

  test('the walks do reach every status and take every way, so that the promise is not an empty one', () => {
    const all = fc.sample(walked, { numRuns: 1500, seed: fixed }).flatMap(({ moves }) => moves);
    const taken = (way: Way): boolean =>
      all.some(({ from, to, because }) => way.from.includes(from) && to === way.to && because === way.because);
    expect(lifecycle.filter((way) => !taken(way))).toEqual([]);
    expect([...new Set(all.map(({ to }) => to))].toSorted()).toEqual(statuses.toSorted());
    expect(all.filter(({ to }) => to === 'closed').length).toBeGreaterThan(50);
  });

  test('what was closed although its change was not controlled has a gap that says so', () => {
    const closed = fc.sample(walked, { numRuns: 1000, seed: fixed }).flatMap(({ scene, visited }) => {
      const last = visited.at(-1) as Improvement;
      return last.status === 'closed' ? [{ last, scene }] : [];
    });
    for (const { last, scene } of closed) {
      const codes = gapsOf(last, { ...scene.context, at: day(400) }).map(({ code }) => code);
      const controlled = last.changes.every(({ state, required, supersededBy }) => {
        if (!required || supersededBy !== undefined) return true;
        return state?.approval === 'approved' && state.approvedAt !== undefined && state.approvedAt <= (state.startedAt ?? '');
      });
      if (!controlled) expect(codes.some((code) => code.startsWith('change-'))).toBe(true);
    }
    expect(closed.length).toBeGreaterThan(20);
  });
});

/** The lifecycle with one guard taken out of one of its ways. */
function without(index: number, name: GuardName): readonly Way[] {
  return lifecycle.map((way, at) => (at === index ? { ...way, guards: way.guards.filter((each) => each !== name) } : way));
}

// A guard that names people lets only those pass whom the directory knows as persons who are still here: `person` words the refusal, and alone it can be
// missing without harm. It is taken out together with the guard that names people.
const naming: readonly GuardName[] = ['entitled', 'authoriser', 'closer', 'owner-or-approver'];
const single = lifecycle.flatMap((way, index) =>
  way.guards.filter((name) => name !== 'person').map((name) => [`${way.from.join('/')} -> ${way.to} by ${way.by}`, name, index] as const),
);

describe('a lifecycle with one guard less', () => {
  test.each(single)('%s without %s is found by walks that begin there', (_way, name, index) => {
    expect(isFound(without(index, name), index)).toBe(true);
  });

  test('without person, nothing is lost where another guard names people; without both, it is found', () => {
    for (const [index, way] of lifecycle.entries()) {
      if (!way.guards.includes('person')) continue;
      const other = way.guards.find((name) => naming.includes(name));
      expect(other).toBeDefined();
      const ways = lifecycle.map((each, at) =>
        at === index ? { ...each, guards: each.guards.filter((name) => name !== 'person' && name !== other) } : each,
      );
      expect(isFound(ways, index)).toBe(true);
    }
  });
});

describe('gates that a policy may switch off', () => {
  test('with all of them off, everything else still holds: only what they guard is missing, and each move says which gate was off', () => {
    const gatesOff = switchableGates.map((gate) => ({ gate, because: 'a trial', by: 'carla', since: '2026-01-01' }));
    const off = fc.tuple(scenes, events, jitters).map(([scene, made, jitter]) => {
      const policy = { ...scene.context.policy, gatesOff };
      return walk({ ...scene, context: { ...scene.context, policy } }, made, jitter);
    });
    const guarded =
      /by somebody other than|by another than who|an approved category|a review date ahead|its review date|by the owner, or by|notes|by owner or approver|a reason|a cause|similar nonconf|third party/;
    let told = 0;
    fc.assert(
      fc.property(off, ({ wrong, visited, moves }) => {
        expect(wrong.filter((each) => !guarded.test(each))).toEqual([]);
        const last = visited.at(-1) as Improvement;
        const noted = moves.filter(({ gatesOff: gates }) => gates !== undefined).length;
        expect(last.waivers?.length ?? 0).toBe(noted);
        if (wrong.length > 0) expect(noted).toBeGreaterThan(0);
        told += noted;
      }),
      { numRuns: Math.min(walks, 1000), seed },
    );
    expect(told).toBeGreaterThan(100);
  });
});
