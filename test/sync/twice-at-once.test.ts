import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readBack } from '../../src/sync/index.js';
import { history, incident } from '../scenario/incidents.js';
import { dayMs, hourMs, type Organisation, startOrganisation } from '../scenario/organisation.js';
import { changesOf, decide } from '../scenario/people.js';

/** Two rounds over the same database at the same moment, as two processes would run them if a lock failed. */
async function twice(organisation: Organisation): Promise<void> {
  await Promise.all([organisation.cycle(), organisation.cycle()]);
  await organisation.later();
}

describe('every task may run twice, one after the other or at once', () => {
  let organisation: Organisation;
  beforeAll(async () => {
    organisation = await startOrganisation();
    await history(organisation, 4);
  });
  afterAll(() => organisation.close());

  test('each record is stored once, each improvement raised once, each ticket and change made once', async () => {
    await twice(organisation);
    await organisation.release();
    const from = Date.parse(organisation.now());
    await organisation.pass(2 * dayMs);
    await organisation.servicenow.bulk(
      'incident',
      Array.from({ length: 6 }, (_, index) => incident(from + (index + 1) * 6 * hourMs)),
    );
    await twice(organisation);
    expect(await organisation.improvements()).toHaveLength(1);
    expect(await organisation.jira.issues({ project: 'IMP' })).toHaveLength(1);

    await decide(organisation, 'IMP-0001', 'Approved');
    await organisation.pass(hourMs);
    await twice(organisation);
    const approved = await organisation.improvement('IMP-0001');
    expect(approved).toMatchObject({ status: 'approved', decisions: [{ by: 'a.rahman' }], changes: [{ origin: 'created' }] });
    expect(await changesOf(organisation, 'IMP-0001')).toHaveLength(1);
    expect((await organisation.journal('decision-taken')).map(({ subject }) => subject)).toEqual(['IMP-0001']);
  });

  test('reading back again what was read back changes nothing', async () => {
    const before = await organisation.improvement('IMP-0001');
    const journal = (await organisation.journal()).length;
    const written = await organisation.writes();
    for (let time = 0; time < 3; time += 1) await readBack(organisation.world);
    expect(await organisation.improvement('IMP-0001')).toEqual(before);
    expect(await organisation.journal()).toHaveLength(journal);
    expect(await organisation.writes()).toEqual(written);
  });
});
