import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readEventLog } from '../../src/cli/demo/event-log.js';
import { isOpen, type ImprovementInput } from '../../src/domain/index.js';
import { day, type Given, policyWith, record, rulesWorld, type RulesWorld } from './rules-world.js';

jest.setTimeout(120_000);

const rules = [
  { id: 'recurring', description: 'Three in ten days.', categories: ['incident'], recurrence: { count: 3, days: 10 } },
  { id: 'month', description: 'More than three misses a month.', looksAt: 'service-levels', categories: ['sla-breach'], atMost: 3 },
  { id: 'supplier', description: 'Three misses.', looksAt: 'supplier', categories: ['sla-breach'], count: 3, days: 20 },
  { id: 'again', description: 'Twice.', looksAt: 'findings', categories: ['audit-finding'], count: 2, days: 30 },
];

let made: RulesWorld;
beforeAll(async () => {
  made = await rulesWorld(policyWith(rules));
});
afterAll(() => made.close());

const arrival = fc.record({
  at: fc.integer({ min: -20, max: 60 }),
  what: fc.constantFrom('incident', 'sla-breach', 'audit-finding'),
  which: fc.constantFrom('x', 'y'),
});

function inputOf({ at, what, which }: { at: number; what: string; which: string }, index: number): ImprovementInput & Given {
  const more = what === 'sla-breach' ? { supplier: which } : what === 'audit-finding' ? { requirement: which } : { recurrenceKey: which };
  return record(`r${index}`, day(at + 0.5), { category: what, ...more });
}

describe('deciding and a backtest over the same history', () => {
  test('find the same cases, whatever order the records arrive in; of no case two are open; nothing from before the release triggers', async () => {
    const histories = fc.array(arrival, { minLength: 5, maxLength: 30 }).chain((all) => {
      const inputs = all.map(inputOf);
      return fc.tuple(
        fc.constant(inputs),
        fc.shuffledSubarray(inputs, { minLength: inputs.length, maxLength: inputs.length }),
        fc.integer({ min: 1, max: 9 }),
      );
    });
    await fc.assert(
      fc.asyncProperty(histories, async ([inputs, shuffled, size]) => {
        await made.fresh();
        for (let from = 0; from < shuffled.length; from += size) {
          await made.save(shuffled.slice(from, from + size));
          await made.decide();
        }
        const raised = await made.improvements();
        const cases = raised.map(({ rule, caseKeys }) => `${rule} ${caseKeys[0]}`).toSorted();
        expect(new Set(cases).size).toBe(cases.length);
        for (const improvement of raised.filter(isOpen))
          for (const id of improvement.triggers)
            expect(inputs.find((input) => input.id === id)?.occurredAt.slice(0, 10) ?? '').not.toMatch(/^2026-02/);
        const tested = await made.backtest('2026-03-01', '2026-06-08');
        expect(tested.raised.map(({ rule, case: key }) => `${rule} ${key}`).toSorted()).toEqual(cases);
      }),
      { numRuns: 15 },
    );
  });

  test('a backtest writes nothing and gives the same answer again', async () => {
    await made.fresh();
    await made.save([0, 1, 2, 3].map((at) => record(`i${at}`, day(at), { recurrenceKey: 'k' })));
    const first = await made.backtest('2026-03-01', '2026-03-31');
    expect(first.raised).toMatchObject([
      { rule: 'recurring', triggers: ['I0', 'I1', 'I2'], joined: 1, days: ['2026-03-01', '2026-03-02', '2026-03-03'] },
    ]);
    expect(await made.backtest('2026-03-01', '2026-03-31')).toEqual(first);
    expect(await made.improvements()).toEqual([]);
    expect(first.neverFired).toContain('audit-finding');
  });
});

const log = join(process.env['GOLDEN_THREAD_DATA'] ?? '../shared/data', 'uci-servicenow/sample.csv.gz');
(existsSync(log) ? test : test.skip)(`the recurrences of a real log have their dates (needs ${log})`, async () => {
  await made.fresh();
  const rows = new Map(readEventLog(log).map(({ row }) => [row['number'] ?? '', row]));
  const inputs = [...rows].flatMap(([number, row]) => {
    const parts = [row['category'], row['subcategory'], row['u_symptom']];
    const key = parts.every((part) => part !== '') ? { recurrenceKey: parts.join('|') } : {};
    return [record(number, `${(row['opened_at'] ?? '').replace(' ', 'T')}.000Z`, { title: row['short_description'] ?? '', ...key })];
  });
  await made.save(inputs);
  const found = await made.backtest('2016-03-28', '2017-02-20');
  const byCount = new Map<string, string[]>();
  for (const { recurrenceKey, occurredAt } of inputs)
    if (recurrenceKey !== undefined && occurredAt >= '2016-03-28')
      byCount.set(recurrenceKey, [...(byCount.get(recurrenceKey) ?? []), occurredAt]);
  // Counted by hand: three of one kind within ten days.
  const expected = [...byCount].filter(([, all]) => {
    const times = all.map((at) => Date.parse(at)).toSorted((a, b) => a - b);
    return times.some((at, index) => (times[index + 2] ?? Infinity) - at < 10 * 86_400_000);
  });
  expect(found.raised.map(({ case: key }) => key.replace('recurrence:', '')).toSorted()).toEqual(expected.map(([key]) => key).toSorted());
  expect(found.raised.length).toBeGreaterThan(20);
});
