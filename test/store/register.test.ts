import { describe, expect, test } from '@jest/globals';
import {
  getRelease,
  improvement,
  improvementAsOf,
  improvementByTicket,
  improvementCounts,
  improvementVersions,
  improvements,
  improvementsByChange,
  improvementsWithCaseKeys,
  nextNumber,
  release,
  saveImprovement,
} from '../../src/store/index.js';
import { anImprovement, freshStore } from './world.js';

const by = (day: number) => ({ at: `2026-05-0${day}T00:00:00.000Z`, by: 'decide', because: 'test' });
const ticket = { system: 'jira', resource: 'issue', key: '10001', number: 'SIP-1', url: 'https://jira.test/SIP-1' };
const change = {
  ref: { system: 'snow', stream: 'change_request', key: 'c1' },
  number: 'CHG1',
  url: 'u',
  origin: 'created',
  required: true,
} as const;

describe('the register', () => {
  test('keeps every state, shows any day, and writes nothing when nothing changed', async () => {
    const store = await freshStore();
    const first = anImprovement();
    await store.tx(async (t) => {
      expect(await nextNumber(t)).toBe('IMP-0001');
      expect(await saveImprovement(t, first, by(1))).toBe(true);
      expect(await nextNumber(t)).toBe('IMP-0002');
    });
    const approved = anImprovement({
      status: 'approved',
      ticket,
      changes: [change],
      caseKeys: ['recurrence:vpn', 'record:snow/problem/p'],
    });
    await store.tx((t) => saveImprovement(t, approved, by(3)));
    expect(await store.tx((t) => saveImprovement(t, approved, by(4)))).toBe(false);

    expect(await improvement(store.read, 'IMP-0001')).toEqual(approved);
    expect((await improvementVersions(store.read, 'IMP-0001')).map((each) => [each.version, each.improvement.status, each.at])).toEqual([
      [1, 'proposed', by(1).at],
      [2, 'approved', by(3).at],
    ]);
    expect((await improvementAsOf(store.read, 'IMP-0001', by(2).at))?.improvement.status).toBe('proposed');
    expect((await improvementAsOf(store.read, 'IMP-0001', by(3).at))?.improvement.status).toBe('approved');
    expect(await improvementAsOf(store.read, 'IMP-0001', '2026-04-01T00:00:00.000Z')).toBeUndefined();
  });

  test('is found by status, case, ticket and change, as of its latest state', async () => {
    const store = await freshStore();
    await store.tx((t) => saveImprovement(t, anImprovement({ caseKeys: ['recurrence:old'] }), by(1)));
    await store.tx((t) => saveImprovement(t, anImprovement({ status: 'implementing', ticket, changes: [change] }), by(2)));
    await store.tx((t) => saveImprovement(t, anImprovement({ id: 'IMP-0002', caseKeys: [] }), by(2)));
    const ids = (list: readonly { readonly id: string }[]) => list.map((each) => each.id);
    expect(ids(await improvements(store.read))).toEqual(['IMP-0001', 'IMP-0002']);
    expect(ids(await improvements(store.read, { status: ['implementing', 'reviewing'] }))).toEqual(['IMP-0001']);
    expect(ids(await improvementsWithCaseKeys(store.read, ['recurrence:vpn', 'x']))).toEqual(['IMP-0001']);
    expect(await improvementsWithCaseKeys(store.read, ['recurrence:old'])).toEqual([]);
    expect((await improvementByTicket(store.read, 'jira', '10001'))?.id).toBe('IMP-0001');
    expect(await improvementByTicket(store.read, 'other', '10001')).toBeUndefined();
    expect(ids(await improvementsByChange(store.read, change.ref))).toEqual(['IMP-0001']);
    expect(await improvementCounts(store.read)).toEqual([
      { status: 'implementing', count: 1 },
      { status: 'proposed', count: 1 },
    ]);
  });

  test('never gives one ticket to two improvements', async () => {
    const store = await freshStore();
    await store.tx((t) => saveImprovement(t, anImprovement({ ticket }), by(1)));
    await expect(store.tx((t) => saveImprovement(t, anImprovement({ id: 'IMP-0002', ticket }), by(1)))).rejects.toThrow();
  });

  test('has past states that cannot be rewritten', async () => {
    const store = await freshStore();
    await store.tx((t) => saveImprovement(t, anImprovement(), by(1)));
    const rewrite = store.tx((t) => t.updateTable('improvement_version').set({ data: '{}' }).execute());
    await expect(rewrite).rejects.toThrow('append-only');
  });
});

describe('a new installation', () => {
  test('is held until it is released, and the first release stands', async () => {
    const store = await freshStore();
    expect(await getRelease(store.read)).toBeUndefined();
    const first = { at: by(1).at, by: 'ann', raiseFrom: by(1).at };
    await store.tx((t) => release(t, first));
    await store.tx((t) => release(t, { at: by(2).at, by: 'bob', raiseFrom: by(2).at }));
    expect(await getRelease(store.read)).toEqual(first);
  });
});
