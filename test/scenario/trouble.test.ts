import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { statusReport } from '../../src/report/index.js';
import { burst, incident } from './incidents.js';
import { hourMs, minuteMs, type Organisation, startOrganisation } from './organisation.js';
import { approve, changesOf } from './people.js';

let organisation: Organisation;
beforeEach(async () => {
  organisation = await startOrganisation();
  await organisation.cycle();
  await organisation.release();
});
afterEach(() => organisation.close());

const status = () => statusReport(organisation.world.store.read, organisation.now(), () => 5 * minuteMs);
const requests = async (): Promise<number> => (await organisation.servicenow.journal()).length;

/** A day of rounds, one every quarter of an hour; the requests that ServiceNow got. */
async function aDay(): Promise<number> {
  const before = await requests();
  for (let round = 0; round < 96; round += 1) await organisation.later(15 * minuteMs);
  return (await requests()) - before;
}

describe('a system that does not let us in', () => {
  test('is left alone and probed slowly; the other one goes on; when it lets us in again everything is read', async () => {
    await organisation.servicenow.addFaults({ match: { path: '/api/now/' }, kind: 'unauthorized' });
    const asked = await aDay();
    // 5, 10, 20, … minutes, then every four hours: an account is not locked by us. Without a pause it would be hundreds.
    expect(asked).toBeLessThan(20);
    expect(asked).toBeGreaterThan(4);
    const { systems, streams } = await status();
    expect(systems).toMatchObject([{ system: 'servicenow-prod' }]);
    expect(streams.filter(({ system, state }) => system === 'jira-cloud' && state === 'on-time')).toHaveLength(2);
    expect((await organisation.journal('system-paused')).map(({ subject }) => subject)).toEqual(['servicenow-prod']);

    const row = incident(Date.parse(organisation.now()) - hourMs);
    await organisation.servicenow.bulk('incident', [row]);
    await organisation.servicenow.clearFaults();
    await organisation.later(5 * hourMs);
    await organisation.later(5 * minuteMs);
    const after = await status();
    expect(after.systems).toEqual([]);
    expect(after.streams.find(({ stream }) => stream === 'incident')).toMatchObject({ records: 1, state: 'on-time' });
    expect((await organisation.journal('system-resumed')).map(({ subject }) => subject)).toEqual(['servicenow-prod']);
  });

  test('a writing account that is refused is probed slowly, while reading goes on', async () => {
    const { id } = await burst(organisation);
    await organisation.servicenow.addFaults({ match: { method: 'POST', path: '/change_request' }, kind: 'unauthorized' });
    await approve(organisation, id);
    const before = (await organisation.servicenow.journal()).filter(({ method }) => method === 'POST').length;
    await aDay();
    const posts = (await organisation.servicenow.journal()).filter(({ method }) => method === 'POST').length - before;
    expect(posts).toBeLessThan(20);
    expect((await status()).streams.find(({ stream }) => stream === 'incident')).toMatchObject({ state: 'on-time' });
    expect((await status()).systems).toMatchObject([{ system: 'servicenow-prod/writing' }]);
    await organisation.servicenow.clearFaults();
    await organisation.later(5 * hourMs);
    await organisation.later(minuteMs);
    expect(await changesOf(organisation, id)).toHaveLength(1);
    expect((await status()).systems).toEqual([]);
  });

  test('one that asks for an hour of rest gets an hour of rest', async () => {
    await organisation.servicenow.addFaults({ match: { path: '/table/incident' }, kind: 'status-429-rule', retryAfter: 3600, times: 1 });
    await organisation.later(5 * minuteMs);
    const before = await requests();
    for (let round = 0; round < 11; round += 1) await organisation.later(5 * minuteMs);
    expect((await requests()) - before).toBe(0);
    expect((await status()).systems).toMatchObject([{ system: 'servicenow-prod' }]);
    // A restart does not forget it.
    await organisation.restart();
    await organisation.later(minuteMs);
    expect((await requests()) - before).toBe(0);
    await organisation.later(10 * minuteMs);
    expect((await requests()) - before).toBe(4);
    expect((await status()).systems).toEqual([]);
  });
});

describe('what we wrote', () => {
  test('comes back as records and never triggers anything', async () => {
    const { id } = await burst(organisation);
    await approve(organisation, id);
    const [change] = await changesOf(organisation, id);
    // An emergency that fails would fire the rule for failed changes, were it not ours.
    await organisation.servicenow.moveChange(change?.sys_id ?? '', {
      to: 'closed',
      close_code: 'unsuccessful',
      close_notes: 'Backed out.',
    });
    for (let round = 0; round < 4; round += 1) await organisation.later();
    const streams = (await status()).streams;
    expect(streams.find(({ stream }) => stream === 'change_request')?.records).toBe(1);
    expect(streams.find(({ stream }) => stream === 'improvement')?.records).toBe(1);
    expect(await organisation.improvements()).toHaveLength(1);
    expect(await organisation.jira.issues({ project: 'IMP' })).toHaveLength(1);
  });

  test('comes back before the answer to its own create arrived, and still triggers nothing and is not doubled', async () => {
    const { id } = await burst(organisation);
    await organisation.servicenow.addFaults({ match: { method: 'POST', path: '/change_request' }, kind: 'commit-then-drop', times: 1 });
    await approve(organisation, id);
    const [change] = await changesOf(organisation, id);
    await organisation.servicenow.moveChange(change?.sys_id ?? '', {
      to: 'closed',
      close_code: 'unsuccessful',
      close_notes: 'Backed out.',
    });
    for (let round = 0; round < 4; round += 1) await organisation.later();
    expect(await changesOf(organisation, id)).toHaveLength(1);
    expect(await organisation.improvements()).toHaveLength(1);
  });
});

describe('a ticket mapping that does not know a category', () => {
  test('keeps back the tickets that it cannot make and no others; mended, it makes them', async () => {
    organisation.edit('mappings/jira/improvement.yaml', '    incident: Incident\n', '');
    await organisation.restart();
    const raised = await burst(organisation);
    expect(raised.ticket).toBeUndefined();
    expect((await status()).troubles.find(({ subject }) => subject === `ticket/${raised.id}`)?.problem).toContain('no row for "incident"');
    await organisation.jira.insert([{ project: 'AUD', summary: 'No review of suppliers', fields: { Severity: 'Major' } }]);
    await organisation.later();
    const other = (await organisation.improvements()).find(({ id }) => id !== raised.id);
    expect(other?.ticket).toBeDefined();

    organisation.edit('mappings/jira/improvement.yaml', '    problem: Problem\n', '    incident: Incident\n    problem: Problem\n');
    await organisation.restart();
    await organisation.later();
    expect((await organisation.improvement(raised.id)).ticket).toBeDefined();
    expect((await status()).troubles).toEqual([]);
    expect(await organisation.jira.issues({ project: 'IMP' })).toHaveLength(2);
  });
});
