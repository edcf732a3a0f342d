import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { threadReport } from '../../src/report/index.js';
import { burst } from './incidents.js';
import { dayMs, mail, type Organisation, startOrganisation, weber } from './organisation.js';
import { approve } from './people.js';

const linked = 'changes: [{ services: [mail], change: link }]\n';

describe('standard and emergency changes', () => {
  let organisation: Organisation;
  beforeAll(async () => {
    organisation = await startOrganisation({ edits: [['config/policy.yaml', 'coolDownDays: 90', `${linked}coolDownDays: 90`]] });
    await organisation.cycle();
    await organisation.release();
  });
  afterAll(() => organisation.close());

  const rounds = async (count = 3): Promise<void> => {
    for (let round = 0; round < count; round += 1) await organisation.later();
  };
  /** An approved improvement about e-mail whose ticket names a change with these values. */
  async function adopted(
    subcategory: string,
    values: Readonly<Record<string, string>>,
  ): Promise<{ readonly id: string; readonly change: string }> {
    const { id } = await burst(organisation, 5, { business_service: mail, subcategory });
    await approve(organisation, id);
    const [loaded] = await organisation.servicenow.load('change_request', [{ short_description: subcategory, ...values }]);
    const [row] = await organisation.servicenow.records('change_request', `sys_id=${loaded?.sys_id ?? ''}`);
    await organisation.jira.edit((await organisation.ticket(id)).key, { by: weber, fields: { Changes: String(row?.['number']) } });
    await rounds();
    return { id, change: loaded?.sys_id ?? '' };
  }
  const stamp = (daysAgo: number): string =>
    new Date(Date.parse(organisation.now()) - daysAgo * dayMs).toISOString().slice(0, 19).replace('T', ' ');
  const changeCodes = async (id: string): Promise<readonly string[]> => {
    const { world } = organisation;
    const report = await threadReport(world.store.read, world.config, id, organisation.now());
    return (report?.thread.gaps ?? []).filter(({ stage }) => stage === 'change').map(({ code }) => code);
  };

  test('a standard change is approved by its template; one that names none is a gap', async () => {
    await organisation.servicenow.declareTable({
      name: 'std_change_producer_version',
      label: 'Standard Change Template Version',
      display: 'name',
      columns: [{ name: 'name', label: 'Name', type: 'string', max: 100 }],
    });
    const [template] = await organisation.servicenow.load('std_change_producer_version', [{ name: 'Restart a relay - 2' }]);
    const ended = { state: '3', close_code: 'successful', type: 'standard', work_start: stamp(1), work_end: stamp(0.5) };
    const with_ = await adopted('standard', { ...ended, std_change_producer_version: template?.sys_id ?? '' });
    expect(await organisation.improvement(with_.id)).toMatchObject({
      status: 'reviewing',
      changes: [{ origin: 'adopted', state: { type: 'standard', template: 'Restart a relay - 2' } }],
    });
    expect(await changeCodes(with_.id)).toEqual([]);
    const without = await adopted('no template', ended);
    expect(await changeCodes(without.id)).toEqual(['change-template-unknown']);
  });

  test('an emergency waits for its approval until the days of the policy have passed; then it is late', async () => {
    const { id, change } = await adopted('emergency', { type: 'emergency', state: '-1', approval: 'requested', work_start: stamp(0) });
    expect(await organisation.improvement(id)).toMatchObject({ status: 'implementing' });
    expect(await changeCodes(id)).toEqual(['change-approval-waiting']);
    await organisation.servicenow.load('change_request', [{ sys_id: change, approval: 'approved', approval_set: stamp(0) }]);
    await rounds();
    expect(await changeCodes(id)).toEqual([]);
    await organisation.servicenow.load('change_request', [
      { sys_id: change, approval_set: new Date(Date.parse(organisation.now()) + 9 * dayMs).toISOString().slice(0, 19).replace('T', ' ') },
    ]);
    await rounds();
    expect(await changeCodes(id)).toEqual(['change-approved-late']);
  });

  test('a change that was begun and whose start nobody entered is a gap, no violation', async () => {
    const { id } = await adopted('no start', { type: 'normal', state: '0', approval: 'approved', approval_set: stamp(3), work_start: '' });
    expect(await changeCodes(id)).toEqual(['change-start-unknown']);
    expect((await organisation.improvement(id)).violations).toEqual([]);
  });
});
