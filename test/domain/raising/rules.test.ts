import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { firedRules, plusDays, type ImprovementInput } from '../../../src/domain/index.js';
import { day, input, policy, start } from '../world.js';

const options = { raiseFrom: start };
const five = (at: (index: number) => number = (index) => index): readonly ImprovementInput[] =>
  [0, 1, 2, 3, 4].map((index) => input(`${index}`, day(at(index))));
const ids = (
  input_: ImprovementInput,
  all: readonly ImprovementInput[],
  more: Partial<Parameters<typeof firedRules>[3]> = {},
): readonly string[] => firedRules(policy, input_, all, { ...options, ...more }).map((fired) => fired.rule.id);
const last = (inputs: readonly ImprovementInput[]): ImprovementInput => inputs.at(-1) as ImprovementInput;

describe('a rule that counts', () => {
  test('fires on the fifth record within 30 days and names all five; its window began 30 days before the last', () => {
    const [fired] = firedRules(policy, last(five()), five(), options);
    expect(fired?.triggers.map((each) => each.id)).toEqual(['in-0', 'in-1', 'in-2', 'in-3', 'in-4']);
    expect(fired?.windowFrom).toBe(day(4 - 30));
  });

  test('does not fire on four, nor on five in 31 days, and does on five in just under 30', () => {
    expect(ids(last(five()), five().slice(1))).toEqual([]);
    expect(
      ids(
        last(five((index) => index * 7.5)),
        five((index) => index * 7.5),
      ),
    ).toEqual([]);
    expect(
      ids(
        last(five((index) => index * 7.49)),
        five((index) => index * 7.49),
      ),
    ).toEqual(['recurring']);
  });

  test('counts records, not versions or mappings', () => {
    const again = five()
      .slice(0, 4)
      .map((each) => ({ ...each, id: `${each.id}-other-mapping` }));
    expect(ids(five()[0] as ImprovementInput, [...five().slice(0, 4), ...again])).toEqual([]);
  });

  test('counts by when it occurred: a record that arrives late completes the burst it belongs to', () => {
    const late = five()[1] as ImprovementInput;
    expect(ids(late, five())).toEqual(['recurring']);
  });

  test('does not count what happened before raising began, what has ended, or what is ours', () => {
    expect(ids(last(five()), five(), { raiseFrom: day(0.5) })).toEqual([]);
    expect(
      ids(
        last(five()),
        five().map((each, index) => (index === 0 ? { ...each, endedAt: day(9) } : each)),
      ),
    ).toEqual([]);
    expect(ids(last(five()), five(), { ours: new Set(['snow/incident/2']) })).toEqual([]);
    expect(ids(last(five()), five(), { ours: new Set(['snow/incident/4']) })).toEqual([]);
  });

  test('fires for the same set of records whichever of them arrives last', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 5, maxLength: 12 }), (days) => {
        const inputs = days.map((at, index) => input(`${index}`, plusDays(start, at)));
        const fires = inputs.some((each) => ids(each, inputs).length > 0);
        const sorted = days.toSorted((a, b) => a - b);
        const burst = sorted.some((at, index) => (sorted[index + 4] ?? Infinity) - at < 30);
        return fires === burst;
      }),
      { seed: 5 },
    );
  });
});

test('a rule about single records fires on each, by category and severity', () => {
  expect(ids(input('1', day(1), { severity: 'critical' }), [])).toEqual(['major']);
  expect(ids(input('1', day(1), { severity: 'high' }), [])).toEqual([]);
  expect(ids(input('1', day(1), { category: 'audit-finding' }), [])).toEqual(['finding']);
});

test('a category that the policy does not approve fires nothing', () => {
  const rules = [{ ...(policy.rules[1] as (typeof policy.rules)[number]), categories: ['rumour'] }];
  expect(firedRules({ ...policy, rules }, input('1', day(1), { category: 'rumour', severity: 'critical' }), [], options)).toEqual([]);
});
