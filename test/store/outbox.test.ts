import { describe, expect, test } from '@jest/globals';
import {
  type NewOutboxEntry,
  type Store,
  claimNext,
  confirm,
  createsSince,
  enqueue,
  markInDoubt,
  markSending,
  outboxCounts,
  outboxEntry,
  outboxList,
  park,
  recoverOutbox,
  retryLater,
} from '../../src/store/index.js';
import { freshStore } from './world.js';

const at = (minute: number) => `2026-05-01T10:${String(minute).padStart(2, '0')}:00.000Z`;
const ticket = { key: '10001', number: 'SIP-1', url: 'https://jira.test/SIP-1' };
const receipt = { ticket, at: at(1), differences: [], data: { summary: 'x' } };

function create(id: string, more: Partial<NewOutboxEntry> = {}): NewOutboxEntry {
  return { id, system: 'jira', resource: 'issue', operation: 'create', subject: `IMP-${id}`, payload: { summary: id }, ...more };
}

const add = (store: Store, ...entries: NewOutboxEntry[]) =>
  store.tx(async (t) => {
    for (const entry of entries) await enqueue(t, entry, at(0));
  });
const claim = (store: Store, more: { owner?: string; now?: string; until?: string; systems?: string[] } = {}) =>
  store.tx((t) => claimNext(t, { owner: 'me', now: at(1), until: at(5), systems: ['jira', 'snow'], ...more }));

describe('the outbox', () => {
  test('takes the same write once, and refuses other content under the same key', async () => {
    const store = await freshStore();
    expect(await store.tx((t) => enqueue(t, create('a'), at(0)))).toBe(true);
    expect(await store.tx((t) => enqueue(t, create('a'), at(1)))).toBe(false);
    const other = store.tx((t) => enqueue(t, create('a', { payload: { summary: 'other' } }), at(2)));
    await expect(other).rejects.toMatchObject({ kind: 'contract' });
    expect((await outboxEntry(store.read, 'a'))?.payload).toEqual({ summary: 'a' });
  });

  test('goes from pending over sending to confirmed, with watermark and receipt kept', async () => {
    const store = await freshStore();
    await add(store, create('a'));
    expect((await claim(store))?.id).toBe('a');
    await store.tx((t) => markSending(t, 'a', { owner: 'me', at: at(1), watermark: { highest: 7 } }));
    expect(await outboxEntry(store.read, 'a')).toMatchObject({ state: 'sending', attempts: 1, watermark: { highest: 7 } });
    await store.tx((t) => confirm(t, 'a', { at: at(2), receipt }));
    await store.tx((t) => confirm(t, 'a', { at: at(3), receipt }));
    expect(await outboxEntry(store.read, 'a')).toMatchObject({ state: 'confirmed', ticket, receipt });
    expect(await claim(store)).toBeUndefined();
  });

  test('gives an entry to one claimant until the claim ends', async () => {
    const store = await freshStore();
    await add(store, create('a'));
    expect((await claim(store, { owner: 'one' }))?.id).toBe('a');
    expect(await claim(store, { owner: 'two' })).toBeUndefined();
    await expect(store.tx((t) => markSending(t, 'a', { owner: 'two', at: at(1) }))).rejects.toMatchObject({ kind: 'conflict' });
    expect((await claim(store, { owner: 'two', now: at(6), until: at(9) }))?.id).toBe('a');
    await expect(store.tx((t) => markSending(t, 'a', { owner: 'one', at: at(6) }))).rejects.toMatchObject({ kind: 'conflict' });
  });

  test('holds a write back until what it depends on is confirmed, until its time, and while its system is paused', async () => {
    const store = await freshStore();
    const link = create('link', { operation: 'link', dependsOn: 'change', subject: 'IMP-2' });
    await add(store, create('change', { system: 'snow', subject: 'IMP-1' }), link, create('later', { notBefore: at(30) }));
    expect((await claim(store, { systems: ['jira'] }))?.id).toBeUndefined();
    expect((await claim(store))?.id).toBe('change');
    await store.tx((t) => markSending(t, 'change', { owner: 'me', at: at(1) }));
    expect(await claim(store)).toBeUndefined();
    await store.tx((t) => confirm(t, 'change', { at: at(2), receipt }));
    expect((await claim(store))?.id).toBe('link');
    expect((await claim(store, { owner: 'other', now: at(31), until: at(40) }))?.id).toBeDefined();
  });

  test('keeps the order of one subject: a later write waits for the one in doubt before it', async () => {
    const store = await freshStore();
    await add(
      store,
      create('a', { subject: 'IMP-1' }),
      create('b', { subject: 'IMP-1', operation: 'update' }),
      create('c', { subject: 'IMP-2' }),
    );
    await claim(store);
    await store.tx((t) => markSending(t, 'a', { owner: 'me', at: at(1) }));
    await store.tx((t) => markInDoubt(t, 'a', { at: at(1), failure: { message: 'reset' }, notBefore: at(20) }));
    expect((await claim(store))?.id).toBe('c');
    expect(await claim(store, { owner: 'other' })).toBeUndefined();
    expect((await claim(store, { now: at(21), until: at(25), owner: 'other' }))?.id).toBe('a');
  });

  test('finds what a dead process was sending in doubt, and frees its claims', async () => {
    const store = await freshStore();
    await add(store, create('a'), create('b'));
    await claim(store, { owner: 'dead' });
    await store.tx((t) => markSending(t, 'a', { owner: 'dead', at: at(1) }));
    await claim(store, { owner: 'dead' });
    expect(await store.tx((t) => recoverOutbox(t, at(2)))).toBe(1);
    expect((await outboxEntry(store.read, 'a'))?.state).toBe('in-doubt');
    expect((await claim(store, { owner: 'new' }))?.id).toBe('a');
  });

  test('parks for a person, who may send it again; what is confirmed stays so', async () => {
    const store = await freshStore();
    await add(store, create('a'));
    await store.tx((t) => park(t, 'a', { at: at(1), failure: { message: 'two tickets carry this key' } }));
    expect(await claim(store)).toBeUndefined();
    expect(await outboxList(store.read, { states: ['parked'] })).toMatchObject([
      { id: 'a', failure: { message: 'two tickets carry this key' } },
    ]);
    await store.tx((t) => retryLater(t, 'a', { at: at(2), notBefore: at(3) }));
    expect((await claim(store, { now: at(4) }))?.id).toBe('a');
    await store.tx((t) => confirm(t, 'a', { at: at(5), ticket }));
    await expect(store.tx((t) => retryLater(t, 'a', { at: at(6) }))).rejects.toMatchObject({ kind: 'conflict' });
    expect(await outboxCounts(store.read)).toEqual([{ system: 'jira', state: 'confirmed', count: 1, oldest: at(0) }]);
    expect(await createsSince(store.read, { resource: 'issue', since: at(0) })).toBe(1);
    expect(await createsSince(store.read, { resource: 'issue', since: at(1) })).toBe(0);
  });
});
