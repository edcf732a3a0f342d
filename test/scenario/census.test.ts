import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { statusReport, threadLines, threadReport } from '../../src/report/index.js';
import { absences, inputsOfRecord, recordsWithKeys } from '../../src/store/index.js';
import { approveCensus } from '../../src/sync/index.js';
import { burst, incident } from './incidents.js';
import { dayMs, hourMs, type Organisation, startOrganisation } from './organisation.js';

const stream = { system: 'servicenow-prod', stream: 'incident' };
let organisation: Organisation;
beforeAll(async () => {
  organisation = await startOrganisation();
  await organisation.cycle();
  await organisation.release();
});
afterAll(() => organisation.close());

const status = () => statusReport(organisation.world.store.read, organisation.now(), () => hourMs);
const absent = () => absences(organisation.world.store.read, stream);
const keysOf = async (): Promise<readonly string[]> =>
  (await organisation.servicenow.records('incident')).map((row) => row['sys_id'] ?? '').toSorted();

describe('records that vanish at their source', () => {
  test('a deleted trigger is noticed within a day, kept, and named in the golden thread', async () => {
    const { id } = await burst(organisation, 5, { subcategory: 'census' });
    const [first] = await organisation.servicenow.records('incident', 'subcategory=census');
    const key = first?.['sys_id'] ?? '';
    await organisation.servicenow.remove('incident', key);
    await organisation.later(dayMs + hourMs);
    await organisation.later(dayMs + hourMs);
    expect(await absent()).toMatchObject([{ ref: { key }, whereabouts: 'deleted' }]);
    const [kept] = await recordsWithKeys(organisation.world.store.read, [{ ...stream, key }]);
    expect(kept?.record.data['subcategory']).toBe('census');
    expect(await inputsOfRecord(organisation.world.store.read, { ...stream, key })).toHaveLength(1);
    const report = await threadReport(organisation.world.store.read, organisation.world.config, id, organisation.now());
    expect(report && threadLines(report, organisation.world.config).join('\n')).toMatch(
      /no longer at its source \(deleted, noticed 2026-\d\d-\d\d\); the kept version is shown/,
    );
    expect((await organisation.journal('census')).map(({ body }) => body)).toMatchObject([{ absent: { deleted: 1 }, missing: [key] }]);
  });

  test('a right that is taken away deletes nothing: the census is held, says so, and all is well when the right is back', async () => {
    const before = await absent();
    const rows = Array.from({ length: 40 }, (_, index) =>
      incident(Date.parse(organisation.now()) - hourMs + index * 1000, { subcategory: `s${index}` }),
    );
    await organisation.servicenow.bulk('incident', rows);
    await organisation.later();
    await organisation.servicenow.restrict({ table: 'incident', user: 'gt.reader', hide: await keysOf() });
    await organisation.later(dayMs + hourMs);
    expect(await absent()).toEqual(before);
    expect((await status()).heldCensuses).toMatchObject([{ stream: 'servicenow-prod/incident' }]);
    expect(await organisation.journal('census-held')).toHaveLength(1);
    await organisation.servicenow.unrestrict();
    await organisation.later(dayMs + hourMs);
    expect((await status()).heldCensuses).toEqual([]);
    expect(await absent()).toEqual(before.map((one) => ({ ...one })));
  });

  test('what was approved is noted up to the number approved, and no further', async () => {
    const keys = await keysOf();
    const hidden = keys.slice(0, 20);
    await organisation.servicenow.restrict({ table: 'incident', user: 'gt.reader', hide: hidden });
    await organisation.later(dayMs + hourMs);
    const [held] = (await status()).heldCensuses;
    expect(held?.missing).toBe(20);
    await approveCensus(organisation.world, stream, { upTo: 20, by: 'Ada Admin' });
    await organisation.servicenow.restrict({ table: 'incident', user: 'gt.reader', hide: keys.slice(20, 35) });
    await organisation.later();
    expect((await status()).heldCensuses).toMatchObject([{ missing: 35 }]);
    await organisation.servicenow.unrestrict();
    await organisation.servicenow.restrict({ table: 'incident', user: 'gt.reader', hide: hidden });
    await approveCensus(organisation.world, stream, { upTo: 20, by: 'Ada Admin' });
    await organisation.later();
    expect((await absent()).filter(({ whereabouts }) => whereabouts === 'not-visible')).toHaveLength(20);
    await organisation.servicenow.unrestrict();
    await organisation.later(dayMs + hourMs);
    expect((await absent()).filter(({ whereabouts }) => whereabouts === 'not-visible')).toEqual([]);
  });
});

describe('a service level that is breached while nobody touches its record', () => {
  test('becomes an input by its deadline', async () => {
    const now = Date.parse(organisation.now());
    const stamp = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
    const [task] = await organisation.servicenow.load('incident', [incident(now, { state: '2', subcategory: 'slow' })]);
    const [sla] = await organisation.servicenow.load('task_sla', [
      {
        task: task?.sys_id ?? '',
        stage: 'in_progress',
        active: 'true',
        has_breached: 'false',
        start_time: stamp(now),
        planned_end_time: stamp(now + 4 * hourMs),
      },
    ]);
    await organisation.later();
    const ref = { system: 'servicenow-prod', stream: 'task_sla', key: sla?.sys_id ?? '' };
    expect(await inputsOfRecord(organisation.world.store.read, ref)).toEqual([]);
    for (let round = 0; round < 5; round += 1) await organisation.later();
    expect(await inputsOfRecord(organisation.world.store.read, ref)).toMatchObject([{ category: 'sla-breach' }]);
  });
});
