import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { explainMeasurements, explanationLines, threadReport } from '../../src/report/index.js';
import { burst, history, weeks } from './incidents.js';
import { mail, type Organisation, startOrganisation, weber } from './organisation.js';
import { approve, carryOut, changesOf, closeWithNotes, decide } from './people.js';

const rare = { business_service: mail, category: 'network', subcategory: 'relay', short_description: 'Mail is delayed at the relay' };
const steady = { perWeek: 4 };

describe('when a change did not help, or nobody can tell', () => {
  let organisation: Organisation;
  let missed: string;
  let unclear: string;
  beforeAll(async () => {
    organisation = await startOrganisation();
    await history(organisation, 4);
    await organisation.cycle();
    await organisation.release();
    missed = (await burst(organisation)).id;
    unclear = (await burst(organisation, 5, rare)).id;
    for (const id of [missed, unclear]) await approve(organisation, id);
    for (const id of [missed, unclear]) await carryOut(organisation, (await changesOf(organisation, id))[0]?.sys_id ?? '');
  });
  afterAll(() => organisation.close());

  test('a missed target raises a linked follow-on, and closing waits until that is decided', async () => {
    await weeks(organisation, 10, [steady]);
    await organisation.later();
    const judged = await organisation.improvement(missed);
    expect(judged.measurements).toMatchObject([{ result: 'not-effective', reason: 'target-missed', final: true }]);
    const explained = await explainMeasurements(organisation.world.store.read, missed);
    expect(explained?.measurements).toMatchObject([{ same: true, again: { result: 'not-effective' } }]);
    const lines = explained === undefined ? [] : explanationLines(explained);
    expect(lines.at(-1)).toBe('  done again from the kept record versions: not-effective, same as recorded');
    expect(lines.filter((line) => /INC\d+ {2}servicenow-prod\/incident {2}version \d+ \([0-9a-f]{12}\)/.test(line))).toHaveLength(
      judged.measurements[0]?.judged === undefined ? (judged.measurements[0]?.basis?.inputs ?? 0) : 0,
    );
    const followOn = await organisation.improvement(judged.followOn?.id ?? '');
    expect(followOn).toMatchObject({ status: 'proposed', followOnOf: missed });
    const ticket = await organisation.ticket(followOn.id);
    expect(ticket.summary).toContain(`Follow-on of ${missed}`);
    expect((await organisation.comments(missed)).join('\n')).toContain(`Carried on by ${followOn.id}`);

    const early = await closeWithNotes(organisation, missed);
    await organisation.later();
    expect(early.status).toBe('reviewing');
    expect((await organisation.comments(missed)).join('\n')).toMatch(/either a decided follow-on or an acceptance/);
    expect((await organisation.ticket(missed)).status).toBe('Reviewing');

    await approve(organisation, followOn.id);
    expect((await organisation.improvement(missed)).followOn).toMatchObject({ decided: { by: 'a.rahman', kind: 'approved' } });
    const closed = await closeWithNotes(organisation, missed);
    expect(closed).toMatchObject({ status: 'closed', closure: { result: 'not-effective', followOn: followOn.id, by: 'm.okafor' } });
    const report = await threadReport(organisation.world.store.read, organisation.world.config, missed, organisation.now());
    // Only the attempt to close it too early stays visible.
    expect(report?.thread.gaps.map(({ code }) => code)).toEqual(['closed-without-guard']);
  });

  test('an inconclusive window is extended twice, then somebody who is entitled to may accept it', async () => {
    expect((await organisation.improvement(unclear)).measurements).toMatchObject([
      { result: 'inconclusive', reason: 'no-baseline', final: false },
    ]);
    await weeks(organisation, 17, [steady]);
    const judged = await organisation.improvement(unclear);
    expect(judged.extensions).toBe(2);
    expect(judged.measurements.map(({ result, final }) => `${result} ${final}`)).toEqual([
      'inconclusive false',
      'inconclusive false',
      'inconclusive true',
    ]);
    expect(judged.measurements.map(({ window }) => window?.weekly.length)).toEqual([8, 16, 24]);
    expect(judged.followOn).toBeDefined();

    const byOwner = await closeWithNotes(organisation, unclear, weber);
    expect(byOwner.status).toBe('reviewing');
    await organisation.later();
    await decide(organisation, unclear, 'Closed', {
      fields: { 'Closure notes': 'Too rare to be measured; the relay is replaced next year.', resolution: 'Done' },
    });
    await organisation.later();
    const closed = await organisation.improvement(unclear);
    expect(closed).toMatchObject({
      status: 'closed',
      closure: { result: 'inconclusive', by: 'a.rahman', acceptance: { kind: 'accepted' } },
    });
  });
});

const rateFalls = [{ perWeek: 1 }];

describe('what was not read does not count as silence', () => {
  let organisation: Organisation;
  let id: string;
  beforeAll(async () => {
    organisation = await startOrganisation();
    await history(organisation, 4);
    await organisation.cycle();
    await organisation.release();
    ({ id } = await burst(organisation));
    await approve(organisation, id);
    await carryOut(organisation, (await changesOf(organisation, id))[0]?.sys_id ?? '');
  });
  afterAll(() => organisation.close());

  test('a stream that was paused for half of the window yields "inconclusive: data gap", however quiet it looks', async () => {
    await weeks(organisation, 3, rateFalls);
    organisation.edit('config/golden-thread.yaml', '    connector: servicenow\n', '    connector: servicenow\n    paused: [incident]\n');
    await organisation.restart();
    await weeks(organisation, 4, 0);
    organisation.edit('config/golden-thread.yaml', '    paused: [incident]\n', '');
    await organisation.restart();
    await weeks(organisation, 3, rateFalls);
    const [measurement] = (await organisation.improvement(id)).measurements;
    expect(measurement).toMatchObject({ result: 'inconclusive', reason: 'data-gap' });
    expect(measurement?.sentence).toMatch(/servicenow-prod\/incident was not read completely from/);
  });
});

describe('an outage that was caught up with', () => {
  test('leaves no gap: everything that happened meanwhile was read afterwards', async () => {
    const organisation = await startOrganisation();
    try {
      await history(organisation, 4);
      await organisation.cycle();
      await organisation.release();
      const { id } = await burst(organisation);
      await approve(organisation, id);
      await carryOut(organisation, (await changesOf(organisation, id))[0]?.sys_id ?? '');
      await weeks(organisation, 3, rateFalls);
      await organisation.servicenow.addFaults({ match: { method: 'GET', path: '/table/incident' }, kind: 'unauthorized' });
      await weeks(organisation, 4, rateFalls);
      await organisation.servicenow.clearFaults();
      await organisation.later();
      await weeks(organisation, 3, rateFalls);
      expect((await organisation.improvement(id)).measurements).toMatchObject([{ result: 'effective' }]);
    } finally {
      await organisation.close();
    }
  });
});
