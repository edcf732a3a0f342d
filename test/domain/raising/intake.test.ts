import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  caseKeysOf,
  isOpen,
  joinAsTrigger,
  joinSilently,
  nextEpisode,
  plusDays,
  raise,
  sameCase,
  takeIn,
  type Improvement,
  type ImprovementInput,
  type Intake,
  type Status,
} from '../../../src/domain/index.js';
import { day, directory, input, measurement, policy, proposed, start } from '../world.js';

const options = { raiseFrom: start };
const take = (each: ImprovementInput, improvements: readonly Improvement[], inputs: readonly ImprovementInput[]): Intake =>
  takeIn(each, { improvements, inputs }, policy, options);
const burst = (from: number, count = 5): readonly ImprovementInput[] =>
  Array.from({ length: count }, (_each, index) => input(`b${from}-${index}`, day(from + index)));
const original: readonly ImprovementInput[] = [0, 1, 2, 3, 4].map((index) => input(`${index}`, day(index)));
const last = (inputs: readonly ImprovementInput[]): ImprovementInput => inputs.at(-1) as ImprovementInput;

function turnedDown(at: string): Improvement {
  return {
    ...proposed({ status: 'rejected' }),
    decisions: [{ kind: 'rejected', at, by: 'anton', account: 'acc-anton', rationale: 'no', historyId: '1' }],
  };
}

describe('a new input on a case', () => {
  test.each<[Status, Intake['do']]>([
    ['proposed', 'join-as-trigger'],
    ['approved', 'join-as-trigger'],
    ['deferred', 'join-silently'],
    ['on-hold', 'join-silently'],
    ['implementing', 'effect-data'],
    ['reviewing', 'effect-data'],
  ])('whose improvement is %s: %s', (status, does) => {
    expect(take(input('new', day(10)), [proposed({ status })], [])).toMatchObject({ do: does, improvementId: 'IMP-0001' });
  });

  test('without an improvement raises one when a rule fires, and does nothing otherwise', () => {
    expect(take(last(burst(10)), [], burst(10))).toMatchObject({ do: 'raise', fired: { rule: { id: 'recurring' } } });
    expect(take(input('new', day(10)), [], [])).toMatchObject({ do: 'nothing' });
  });

  test('that was turned down is suppressed until the cool-down ends, then raises again', () => {
    const rejected = turnedDown(day(6));
    expect(take(last(burst(20)), [rejected], [...original, ...burst(20)])).toEqual({
      do: 'suppressed',
      improvementId: 'IMP-0001',
      until: day(96),
    });
    expect(take(last(burst(91)), [rejected], [...original, ...burst(91)]).do).toBe('suppressed');
    expect(take(last(burst(92)), [rejected], [...original, ...burst(92)]).do).toBe('raise');
  });

  test('that was turned down raises before the cool-down ends once the rate has doubled', () => {
    const rejected = turnedDown(day(6));
    expect(take(last(burst(20, 9)), [rejected], [...original, ...burst(20, 9)]).do).toBe('suppressed');
    expect(take(last(burst(20, 10)), [rejected], [...original, ...burst(20, 10)]).do).toBe('raise');
  });

  test('that was closed counts from the end of the measurement window on, and then recurs after it', () => {
    const closed = proposed({ status: 'closed', measurements: [{ ...measurement(proposed(), 'effective', day(90)), final: true }] });
    expect(take(last(burst(84)), [closed], burst(84)).do).toBe('nothing');
    expect(take(last(burst(90)), [closed], burst(90))).toMatchObject({ do: 'recurs-after', improvementId: 'IMP-0001' });
  });

  test('that is known already stays what it is, recategorised or not', () => {
    expect(take(input('1', day(1), { category: 'audit-finding' }), [proposed()], [])).toMatchObject({ do: 'nothing' });
  });

  test('that happened before the burst is baseline, not a trigger', () => {
    expect(take(input('old', day(-60)), [proposed()], [])).toMatchObject({ do: 'nothing' });
  });

  test('goes to the follow-on while the improvement before it waits to be closed', () => {
    const followed = proposed({ status: 'reviewing', followOn: { id: 'IMP-0002' } });
    const followOn = proposed({ id: 'IMP-0002', followOnOf: 'IMP-0001', raisedAt: day(90) });
    expect(take(input('new', day(95)), [followed, followOn], [])).toMatchObject({ do: 'join-as-trigger', improvementId: 'IMP-0002' });
  });
});

test('joining raises the priority while proposed and leaves it alone after the approval', () => {
  const before = proposed();
  const severe = input('new', day(6), { severity: 'critical' });
  const triggers = [0, 1, 2, 3, 4].map((index) => input(`${index}`, day(index)));
  const joined = joinAsTrigger(before, severe, triggers, policy);
  expect(joined.triggers).toEqual([...before.triggers, 'in-new']);
  expect(joined.priority.score).toBeGreaterThan(before.priority.score);
  expect(joinAsTrigger({ ...before, status: 'approved' }, severe, triggers, policy).priority).toEqual(before.priority);
  expect(joinAsTrigger(joined, severe, triggers, policy)).toBe(joined);
  expect(joinSilently(joined, severe)).toBe(joined);
});

test('whatever arrives in whatever order, an improvement is never raised while one of its case is open', () => {
  const arrival = fc.record({
    at: fc.integer({ min: 0, max: 200 }),
    key: fc.constantFrom('a', 'a', 'b'),
    problem: fc.constantFrom(undefined, undefined, 'p', 'q'),
    severity: fc.constantFrom('low', 'moderate', 'critical'),
    next: fc.constantFrom<(Status | undefined)[]>(
      undefined,
      undefined,
      undefined,
      'approved',
      'deferred',
      'implementing',
      'on-hold',
      'rejected',
      'closed',
    ),
  });
  fc.assert(
    fc.property(fc.array(arrival, { minLength: 5, maxLength: 60 }), (arrivals) => {
      const inputs: ImprovementInput[] = [];
      let improvements: readonly Improvement[] = [];
      for (const [index, each] of arrivals.entries()) {
        const links =
          each.problem === undefined ? [] : [{ as: 'investigated-by', to: { system: 'snow', stream: 'problem', key: each.problem } }];
        const fresh = input(`${index}`, plusDays(start, each.at), { recurrenceKey: each.key, severity: each.severity as 'low', links });
        expect(fresh.caseKeys).toEqual(caseKeysOf(fresh, links));
        inputs.push(fresh);
        const ofCase = inputs.filter((other) => sameCase(other, fresh));
        const intake = take(fresh, improvements, ofCase);
        if (intake.do === 'raise' || intake.do === 'recurs-after') {
          if (improvements.some((improvement) => isOpen(improvement) && sameCase(improvement, fresh))) return false;
          const number = `IMP-${improvements.length + 1}`;
          const context = {
            policy,
            directory,
            timeZone: 'UTC',
            at: plusDays(start, 200 + index),
            number,
            episode: nextEpisode(improvements),
          };
          improvements = [...improvements, raise(intake.fired, context)];
        } else if (intake.do === 'join-as-trigger') {
          improvements = improvements.map((improvement) =>
            improvement.id === intake.improvementId ? joinAsTrigger(improvement, fresh, [], policy) : improvement,
          );
        }
        const newest = improvements.at(-1);
        if (each.next !== undefined && newest !== undefined && isOpen(newest))
          improvements = [...improvements.slice(0, -1), { ...newest, status: each.next as Status }];
      }
      return true;
    }),
    { numRuns: 300, seed: 6 },
  );
});
