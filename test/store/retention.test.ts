import { describe, expect, test } from '@jest/globals';
import {
  addEdges,
  applyRetention,
  inputsWithKeys,
  isRemovedByRetention,
  latestRecord,
  pastRetention,
  readJournal,
  type Store,
  verifyJournal,
} from '../../src/store/index.js';
import { clock, entry, freshStore, incident, incidents, savePages } from './world.js';

const limit = { ...incidents, before: '2024-05-01T00:00:00.000Z' };
const ask = { streams: [limit], by: 'retention', because: 'past their time', at: clock() };

/** Two records that are past their time, one of them behind an improvement, and one that is not. */
async function filled(): Promise<Store> {
  const store = await freshStore();
  const inputs = (key: string) => [
    {
      title: 'Mail of Jane is late',
      caseKeys: [`record:snow/incident/${key}`, 'recurrence:mail'],
      facts: { minutes: 42, breached: true, code: 'P-1', note: 'Jane called twice' },
    },
  ];
  const updatedAt = '2024-01-01T00:00:00.000Z';
  await savePages(store, [
    entry('old', { text: 'Jane said so' }, { inputs: inputs('old'), updatedAt }),
    entry('linked', { text: 'Jane said so' }, { inputs: inputs('linked'), updatedAt }),
    entry('new', { text: 'Jane said so' }, { inputs: inputs('new') }),
  ]);
  await store.tx((t) =>
    addEdges(t, [
      { from: 'improvement:IMP-0001', kind: 'triggered-by', to: 'record:snow/incident/linked', at: clock(), by: 'x', because: 'y' },
    ]),
  );
  return store;
}

describe('records past their time', () => {
  test('lose their text, unless a thread rests on them or they are not', async () => {
    const store = await filled();
    expect(await pastRetention(store.read, [limit])).toEqual({ 'snow/incident': 1 });
    expect(await applyRetention(store, ask)).toEqual({ 'snow/incident': 1 });
    const data = async (key: string) => (await latestRecord(store.read, incident(key)))?.record.data ?? {};
    expect(isRemovedByRetention(await data('old'))).toBe(true);
    expect(await data('linked')).toMatchObject({ text: 'Jane said so' });
    expect(await data('new')).toMatchObject({ text: 'Jane said so' });
  });

  test('are counted as before: when, what, keys and numbers stay', async () => {
    const store = await filled();
    const before = await inputsWithKeys(store.read, ['recurrence:mail'], {});
    await applyRetention(store, ask);
    const after = await inputsWithKeys(store.read, ['recurrence:mail'], {});
    const counted = (inputs: typeof before) =>
      inputs.map(({ id, category, occurredAt, severity, caseKeys }) => ({ id, category, occurredAt, severity, caseKeys }));
    expect(counted(after)).toEqual(counted(before));
    const old = after.find(({ trigger }) => trigger.key === 'old');
    expect(old).toMatchObject({ title: '[removed after its time]', facts: { minutes: 42, breached: true, code: 'P-1' } });
    expect(old?.facts).not.toHaveProperty('note');
  });

  test('are told of by one entry, once, and the journal stays whole', async () => {
    const store = await filled();
    await applyRetention(store, ask);
    expect(await applyRetention(store, ask)).toEqual({});
    expect(await readJournal(store.read, { kind: 'retention-applied' })).toMatchObject([
      { actor: 'retention', body: { records: { 'snow/incident': 1 } } },
    ]);
    expect((await verifyJournal(store.read)).broken).toBeUndefined();
    await expect(store.tx((t) => t.deleteFrom('record_version').execute())).rejects.toThrow('append-only');
  });

  test('are the same version when they are read again unchanged', async () => {
    const store = await filled();
    await applyRetention(store, ask);
    const saved = await savePages(store, [entry('old', { text: 'Jane said so' }, { updatedAt: '2024-01-01T00:00:00.000Z' })]);
    expect(saved).toMatchObject({ unchanged: 1, changed: 0 });
  });
});
