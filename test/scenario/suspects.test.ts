import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Improvement } from '../../src/domain/index.js';
import { threadReport } from '../../src/report/index.js';
import { walkThread } from '../../src/store/index.js';
import { clearSuspects } from '../../src/sync/index.js';
import { burst, incident, weeks, withHistory } from './incidents.js';
import { dayMs, hourMs, mail, okafor, type Organisation, startOrganisation } from './organisation.js';
import { approve, carryOut, changesOf, closeWithNotes } from './people.js';

describe('links that were relied on and change', () => {
  let organisation: Organisation;
  let id: string;
  let change: string;
  beforeAll(async () => {
    organisation = await withHistory(await startOrganisation());
    ({ id } = await burst(organisation));
    await approve(organisation, id);
    change = (await changesOf(organisation, id))[0]?.sys_id ?? '';
  });
  afterAll(() => organisation.close());

  const later = async (): Promise<Improvement> => {
    await organisation.later();
    await organisation.later();
    return organisation.improvement(id);
  };
  const codesOf = async (): Promise<readonly string[]> => {
    const { world } = organisation;
    const report = await threadReport(world.store.read, world.config, id, organisation.now());
    return (report?.thread.gaps ?? []).map(({ code, sentence }) => `${code}: ${sentence}`);
  };
  const fieldsOf = ({ suspects = [] }: Improvement): readonly string[] => suspects.map(({ stage, field }) => `${stage} ${field}`);
  const suspectEdges = async (): Promise<number> => {
    const { edges } = await walkThread(organisation.world.store.read, `improvement:${id}`, { kinds: ['suspects'] });
    return edges.length;
  };

  test('a trigger that is given to another service after the approval is suspect; a work note on it is not', async () => {
    const [incident] = await organisation.servicenow.records('incident', `sys_id=${(await triggerKeys())[0]}`);
    await organisation.servicenow.load('incident', [
      { sys_id: incident?.sys_id, short_description: 'Checkout fails again', work_notes: 'Looked.' },
    ]);
    expect(fieldsOf(await later())).toEqual([]);
    await organisation.servicenow.load('incident', [{ sys_id: incident?.sys_id, business_service: mail }]);
    expect(fieldsOf(await later())).toEqual(['trigger service']);
    expect(await codesOf()).toContainEqual(
      `suspect-trigger: ${String(incident?.['number'])} changed after it was relied on: service was checkout, is mail.`,
    );
    expect((await organisation.comments(id)).join('\n')).toMatch(/Look again: .* has changed since it was relied on/);
  });

  test('an objective that is edited after the approval makes the decision suspect', async () => {
    await organisation.jira.edit((await organisation.ticket(id)).key, { by: okafor, fields: { Objective: 'reliability' } });
    const { suspects = [] } = await later();
    expect(suspects.at(-1)).toMatchObject({ stage: 'decision', field: 'objective', was: 'fewer-repeats', is: 'reliability' });
    await later();
    expect((await organisation.improvement(id)).suspects).toHaveLength(2);
  });

  test('a change may move as changes do until it was taken as completed; what is altered then is suspect, once', async () => {
    await carryOut(organisation, change);
    expect(await organisation.improvement(id)).toMatchObject({ status: 'reviewing' });
    expect(fieldsOf(await organisation.improvement(id))).toHaveLength(2);
    await organisation.servicenow.load('change_request', [{ sys_id: change, close_code: 'successful_issues', work_notes: 'x' }]);
    const altered = await later();
    expect(fieldsOf(altered).slice(2)).toEqual(['completion state', 'completion close-code']);
    expect(altered.status).toBe('reviewing');
    expect(await organisation.journal('link-suspect')).toHaveLength(4);
    await later();
    expect(await organisation.journal('link-suspect')).toHaveLength(4);
    expect(await suspectEdges()).toBe(3);
  });

  test('a person who may clears one with a reason, which stays in the thread; nobody else can', async () => {
    const { world } = organisation;
    const [found] = (await organisation.improvement(id)).changes;
    const given = { id, record: found?.number ?? '', because: 'The issue was a typing error in the close code.' };
    await expect(clearSuspects(world, { ...given, by: 'l.weber' })).rejects.toThrow('l.weber may not say that a link');
    expect(await clearSuspects(world, { ...given, by: 'm.okafor' })).toHaveLength(2);
    await expect(clearSuspects(world, { ...given, by: 'm.okafor' })).rejects.toThrow('no open suspect link');
    expect((await codesOf()).filter((code) => code.startsWith('suspect-completion'))).toEqual([]);
    expect(await organisation.journal('suspect-cleared')).toMatchObject([{ actor: 'm.okafor', subject: id }]);
    expect(await suspectEdges()).toBe(2);
    const report = await threadReport(world.store.read, world.config, id, organisation.now());
    expect(report?.thread.stages.find(({ stage }) => stage === 'completion')?.items.at(-1)).toMatchObject({
      by: 'Mary Okafor',
      because: 'The issue was a typing error in the close code.',
    });
  });

  test('what changes after closure is reported, and never opens it again', async () => {
    await weeks(organisation, 10, 1);
    const closed = await closeWithNotes(organisation, id);
    expect(closed.status).toBe('closed');
    await organisation.servicenow.load('change_request', [{ sys_id: change, work_end: '2026-01-02 00:00:00' }]);
    const after = await later();
    expect(after).toMatchObject({ status: 'closed', changes: closed.changes });
    expect(after.suspects?.at(-1)).toMatchObject({ field: 'ended-at', afterClosure: true });
    expect((await codesOf()).some((code) => /suspect-completion: .* changed after closure: ended-at/.test(code))).toBe(true);
    expect((await organisation.ticket(id)).status).toBe('Closed');
  });

  test('a record that is revised or comes late makes the result suspect only where the same calculation then says something else, and once', async () => {
    const before = await organisation.improvement(id);
    const [result] = before.measurements;
    expect(result).toMatchObject({ result: 'effective', final: true });
    const found = ({ suspects = [] }: Improvement) => suspects.filter(({ stage }) => stage === 'effectiveness');
    const lateInWindow = async (count: number): Promise<void> => {
      const now = organisation.now().slice(0, 19).replace('T', ' ');
      const begin = Date.parse(result?.window?.from ?? '');
      const rows = Array.from({ length: count }, (_each, at) =>
        incident(begin + (at + 1) * hourMs, { sys_created_on: now, sys_updated_on: now }),
      );
      await organisation.servicenow.bulk('incident', rows);
      for (let day = 0; day < 2; day += 1) await organisation.later(dayMs);
    };
    await lateInWindow(1);
    expect(found(await organisation.improvement(id))).toEqual([]);
    await lateInWindow(40);
    const after = await organisation.improvement(id);
    expect(after).toMatchObject({ status: 'closed', measurements: before.measurements, closure: { result: 'effective' } });
    expect(found(after)).toMatchObject([{ field: 'result', was: 'effective', is: 'not-effective', afterClosure: true }]);
    expect(await codesOf()).toContainEqual(
      expect.stringMatching(/^suspect-effectiveness: With the records .* gives not-effective instead of effective: 41 came late \(INC/),
    );
    expect((await organisation.comments(id)).join('\n')).toMatch(/Look again: With the records that it counts as they are today/);
    await lateInWindow(1);
    expect(found(await organisation.improvement(id))).toHaveLength(1);
    const [doubt] = found(after);
    const cleared = { id, record: doubt?.number ?? '', by: 'm.okafor', because: 'They were imported twice and are being withdrawn.' };
    expect(await clearSuspects(organisation.world, cleared)).toHaveLength(1);
    await lateInWindow(1);
    expect((await codesOf()).filter((code) => code.startsWith('suspect-effectiveness'))).toEqual([]);

    // Its whole baseline is recategorised: nothing of those records points to the case any more, only that they were counted.
    const old = await organisation.servicenow.records(
      'incident',
      `opened_at<${(result?.baseline?.to ?? '').slice(0, 19).replace('T', ' ')}`,
    );
    expect(old.length).toBeGreaterThan(100);
    await organisation.servicenow.load(
      'incident',
      old.map(({ sys_id }) => ({ sys_id, subcategory: 'something else' })),
    );
    for (let day = 0; day < 2; day += 1) await organisation.later(dayMs);
    const [, again] = found(await organisation.improvement(id));
    expect(again).toMatchObject({ field: 'result', was: 'effective', is: 'inconclusive' });
    expect(again?.because).toMatch(/\d+ no longer counted \(INC/);
  });

  async function triggerKeys(): Promise<readonly string[]> {
    return (await organisation.improvement(id)).triggers.map((trigger) => trigger.slice(trigger.lastIndexOf('/') + 1));
  }
});
