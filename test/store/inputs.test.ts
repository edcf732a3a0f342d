import { describe, expect, test } from '@jest/globals';
import { inputById, inputsById, inputsSince, inputsWithKeys, weeklyCounts } from '../../src/store/index.js';
import { entry, freshStore, input, savePages } from './world.js';

const vpn = (key: string) => [`record:snow/incident/${key}`, 'record:snow/problem/p1', 'recurrence:vpn'];

describe('inputs', () => {
  test('come back exactly as they were given', async () => {
    const store = await freshStore();
    const full = {
      caseKeys: vpn('a'),
      recurrenceKey: 'vpn',
      supplier: 'acme',
      requirement: '8.6.1',
      services: ['s'],
      serviceIds: ['vpn'],
      facts: { n: 1, list: ['x'] },
    };
    await savePages(store, [entry('a', {}, { inputs: [full] })]);
    expect(await inputById(store.read, input('a').id)).toEqual(input('a', full));
    expect(await inputsById(store.read, ['unknown', input('a').id])).toEqual([input('a', full)]);
  });

  test('are found by any of their case keys, their own record among them', async () => {
    const store = await freshStore();
    const keyed = (key: string) => entry(key, {}, { inputs: [{ caseKeys: vpn(key) }] });
    await savePages(store, [keyed('a'), keyed('b'), entry('c', {}, { inputs: [{}] })]);
    const found = async (key: string) => (await inputsWithKeys(store.read, [key])).map((each) => each.trigger.key);
    expect(await found('recurrence:vpn')).toEqual(['a', 'b']);
    expect(await found('record:snow/problem/p1')).toEqual(['a', 'b']);
    expect(await found('record:snow/incident/c')).toEqual(['c']);
    expect(await found('recurrence:nothing')).toEqual([]);
  });

  test('leave a case when a new version of the record says so', async () => {
    const store = await freshStore();
    await savePages(store, [entry('a', { n: 1 }, { inputs: [{ caseKeys: vpn('a') }] })]);
    await savePages(store, [entry('a', { n: 2 }, { inputs: [{ caseKeys: ['record:snow/incident/a', 'recurrence:mail'] }] })]);
    expect(await inputsWithKeys(store.read, ['recurrence:vpn', 'record:snow/problem/p1'])).toEqual([]);
    expect(await inputsWithKeys(store.read, ['recurrence:mail'])).toHaveLength(1);
  });

  test('are counted per week, each record once, ended ones and other categories not', async () => {
    const store = await freshStore();
    const at = (key: string, occurredAt: string, more = {}) =>
      entry(key, {}, { inputs: [{ occurredAt, caseKeys: [`record:snow/incident/${key}`, 'recurrence:vpn'], ...more }] });
    const second = { madeBy: { mapping: 'second', mappingHash: 'm', recordHash: 'r' } };
    const twice = entry(
      'd',
      {},
      {
        inputs: [
          { occurredAt: '2026-03-12T00:00:00.000Z', caseKeys: vpn('d') },
          { occurredAt: '2026-03-12T00:00:00.000Z', caseKeys: vpn('d'), ...second },
        ],
      },
    );
    await savePages(store, [
      at('a', '2026-03-01T00:00:00.000Z'),
      at('b', '2026-03-07T23:59:59.999Z'),
      at('c', '2026-03-08T00:00:00.000Z'),
      twice,
      at('e', '2026-03-15T00:00:00.000Z', { category: 'problem' }),
      at('f', '2026-03-22T00:00:00.000Z'),
    ]);
    await savePages(store, [at('a', '2026-03-01T00:00:00.000Z')]);
    await savePages(store, [{ ...at('c', '2026-03-08T00:00:00.000Z'), inputs: [], content: { hash: 'other', json: '{}' } }]);
    expect(await weeklyCounts(store.read, ['recurrence:vpn'], ['incident'], '2026-03-01T00:00:00.000Z', 3)).toEqual([2, 1, 0]);
    expect(
      await inputsWithKeys(store.read, ['recurrence:vpn'], { from: '2026-03-08T00:00:00.000Z', to: '2026-03-15T00:00:00.000Z' }),
    ).toHaveLength(2);
    expect(await inputsWithKeys(store.read, ['recurrence:vpn'], { activeOnly: false })).toHaveLength(7);
  });

  test('feed: every change is delivered once from where one stopped, an input that changed again at its latest place', async () => {
    const store = await freshStore();
    await savePages(
      store,
      ['a', 'b', 'c'].map((key) => entry(key, {}, { inputs: [{}] })),
    );
    const first = await inputsSince(store.read, 0, 2);
    expect(first.inputs.map((each) => each.trigger.key)).toEqual(['a', 'b']);
    await savePages(store, [entry('a', { n: 2 }, { inputs: [{ title: 'new' }] }), entry('c', { n: 2 }, { inputs: [{ title: 'new' }] })]);
    const rest = await inputsSince(store.read, first.seq, 100);
    expect(rest.inputs.map((each) => [each.trigger.key, each.title])).toEqual([
      ['a', 'new'],
      ['c', 'new'],
    ]);
    expect(rest.more).toBe(false);
    expect((await inputsSince(store.read, rest.seq, 100)).inputs).toEqual([]);
    await savePages(store, [entry('a', { n: 3 }, { inputs: [{ title: 'new' }] })]);
    expect((await inputsSince(store.read, rest.seq, 100)).inputs).toEqual([]);
  });
});
