import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { statusReport } from '../../src/report/index.js';
import { quarantineEntries } from '../../src/store/index.js';
import { plan, replay } from '../../src/sync/index.js';
import { history, incident } from './incidents.js';
import { dayMs, hourMs, minuteMs, type Organisation, startOrganisation } from './organisation.js';

/** Fourteen critical incidents, each of another kind: fourteen improvements by rule. */
async function flood(organisation: Organisation, count: number): Promise<void> {
  const at = Date.parse(organisation.now()) - 10 * minuteMs;
  const rows = Array.from({ length: count }, (_, index) => ({
    ...incident(at, { subcategory: `flood ${index}`, impact: '1', urgency: '1' }),
    sys_updated_on: organisation.now().slice(0, 19).replace('T', ' '),
  }));
  await organisation.servicenow.bulk('incident', rows);
}

describe('a new database against a year of history', () => {
  let organisation: Organisation;
  beforeAll(async () => {
    organisation = await startOrganisation();
    await history(organisation, 12, 52);
  });
  afterAll(() => organisation.close());

  test('writes nothing anywhere before it is released, however much its rules would fire on', async () => {
    await flood(organisation, 3);
    for (let round = 0; round < 3; round += 1) await organisation.later();
    const made = await plan(organisation.world, '2025-12-20T00:00:00.000Z');
    expect(made.held).toBe(true);
    expect(made.raised.length).toBeGreaterThanOrEqual(4);
    expect(await organisation.writes()).toEqual([]);
    expect(await organisation.improvements()).toEqual([]);
    const report = await statusReport(organisation.world.store.read, organisation.now(), () => hourMs);
    expect(report.held).toBe(true);
    expect(report.streams.find(({ stream }) => stream === 'incident')?.records).toBe(12 * 52 + 3);
  });

  test('nothing of its history raises anything after the release', async () => {
    await organisation.release();
    await organisation.later();
    await organisation.later();
    expect(await organisation.improvements()).toEqual([]);
    expect(await organisation.writes()).toEqual([]);
  });

  test('makes no more tickets a day than the cap; the rest is held, listed, and goes out on the following days', async () => {
    await organisation.later();
    await flood(organisation, 23);
    await organisation.later();
    await organisation.later();
    const tickets = async (): Promise<number> => (await organisation.jira.issues({ project: 'IMP' })).length;
    expect(await organisation.improvements()).toHaveLength(23);
    expect(await tickets()).toBe(10);
    const report = await statusReport(organisation.world.store.read, organisation.now(), () => hourMs);
    expect(report.outbox.find(({ state }) => state === 'pending')?.count).toBeGreaterThanOrEqual(13);
    expect((await plan(organisation.world)).writes.filter(({ operation }) => operation === 'create')).toHaveLength(13);

    await organisation.later(dayMs);
    await organisation.later();
    expect(await tickets()).toBe(20);
    await organisation.later(dayMs);
    await organisation.later();
    expect(await tickets()).toBe(23);
    const numbers = (await organisation.jira.issues({ project: 'IMP' })).map(({ labels }) => labels.join());
    expect(new Set(numbers).size).toBe(23);
  });
});

describe('at rest', () => {
  let organisation: Organisation;
  beforeAll(async () => {
    organisation = await startOrganisation();
    await history(organisation, 4);
    await organisation.cycle();
    await organisation.release();
    await flood(organisation, 3);
    for (let round = 0; round < 4; round += 1) await organisation.later();
  });
  afterAll(() => organisation.close());

  test('a second round with nothing new writes nothing, and asks each stream once', async () => {
    const written = await organisation.writes();
    const [servicenow, jira] = [(await organisation.servicenow.journal()).length, (await organisation.jira.journal()).length];
    const round = await organisation.later(5 * minuteMs);
    expect(round.failures).toEqual([]);
    expect(await organisation.writes()).toEqual(written);
    const asked = (await organisation.servicenow.journal(servicenow)).map(({ method, path }) => `${method} ${path}`);
    expect(asked.toSorted()).toEqual(
      ['change_request', 'incident', 'problem', 'task_sla'].map((table) => `GET /api/now/v2/table/${table}`),
    );
    const searched = (await organisation.jira.journal(jira)).map(({ method, path }) => `${method} ${path}`);
    // With credentials that ran out a search may be answered as for an anonymous caller: each answer names the account that it was made for.
    expect(searched).toEqual(['POST /rest/api/3/search/jql', 'POST /rest/api/3/search/jql']);
  });

  test('100 rounds with nothing new write nothing', async () => {
    const written = await organisation.writes();
    const journal = (await organisation.journal()).length;
    for (let round = 0; round < 100; round += 1) await organisation.later(5 * minuteMs);
    expect(await organisation.writes()).toEqual(written);
    expect(await organisation.journal()).toHaveLength(journal);
  });
});

describe('one record that cannot be used', () => {
  test('is set aside with field and reason while 999 others arrive in the same run, and is taken once the mapping is mended', async () => {
    const organisation = await startOrganisation();
    try {
      await history(organisation, 20, 50);
      const poisoned = (await organisation.servicenow.records('incident'))[500];
      await organisation.servicenow.load('incident', [{ sys_id: poisoned?.sys_id, priority: '9' }]);
      const { pulled } = await organisation.later();
      expect(pulled.find(({ stream }) => stream === 'incident')).toMatchObject({ received: 1000, fresh: 999, quarantined: 1 });
      const [entry] = await quarantineEntries(organisation.world.store.read);
      expect(entry).toMatchObject({ key: poisoned?.sys_id, stream: 'incident' });
      expect(entry?.problems.join()).toMatch(/severity.*priority.*9/s);
      expect((await replay(organisation.world)).still).toMatchObject([{ id: entry?.id }]);

      organisation.edit('mappings/servicenow/incident.yaml', '5: low }', '5: low, 9: low }');
      await organisation.restart();
      expect(await replay(organisation.world)).toEqual({ taken: [entry?.id], still: [] });
      expect(await quarantineEntries(organisation.world.store.read)).toEqual([]);
      const report = await statusReport(organisation.world.store.read, organisation.now(), () => hourMs);
      expect(report.streams.find(({ stream }) => stream === 'incident')).toMatchObject({ records: 1000, quarantined: 0 });
      const again = await organisation.later();
      expect(again.pulled.find(({ stream }) => stream === 'incident')).toMatchObject({ fresh: 0, changed: 0 });
    } finally {
      await organisation.close();
    }
  });
});
