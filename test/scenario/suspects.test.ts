import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Improvement } from '../../src/domain/index.js';
import { threadReport } from '../../src/report/index.js';
import { walkThread } from '../../src/store/index.js';
import { clearSuspects } from '../../src/sync/index.js';
import { burst, weeks, withHistory } from './incidents.js';
import { mail, okafor, type Organisation, startOrganisation } from './organisation.js';
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

  async function triggerKeys(): Promise<readonly string[]> {
    return (await organisation.improvement(id)).triggers.map((trigger) => trigger.slice(trigger.lastIndexOf('/') + 1));
  }
});
