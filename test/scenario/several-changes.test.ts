import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { burst } from './incidents.js';
import { hourMs, mail, okafor, type Organisation, rahman, startOrganisation, weber } from './organisation.js';
import { approve, carryOut, changesOf } from './people.js';

const ways = 'changes: [{ services: [mail], change: link }, { services: [warehouse], change: ask }]\n';
const warehouse = '5e51ce00000000000000000000000004';

describe('how an improvement gets its changes is said by the policy', () => {
  let organisation: Organisation;
  beforeAll(async () => {
    organisation = await startOrganisation({ edits: [['config/policy.yaml', 'coolDownDays: 90', `${ways}coolDownDays: 90`]] });
    await organisation.cycle();
    await organisation.release();
    await organisation.servicenow.load('cmdb_ci_service', [{ sys_id: warehouse, name: 'Warehouse' }]);
  });
  afterAll(() => organisation.close());

  const edit = async (id: string, by: string, fields: Readonly<Record<string, string>>): Promise<void> => {
    await organisation.jira.edit((await organisation.ticket(id)).key, { by, fields });
    for (let round = 0; round < 3; round += 1) await organisation.later();
  };

  test('link: none is made; all that the ticket names are adopted, and those that are not required are not waited for', async () => {
    const { id } = await burst(organisation, 5, { business_service: mail });
    await approve(organisation, id);
    await organisation.later();
    expect(await changesOf(organisation, id)).toHaveLength(0);
    expect((await organisation.comments(id)).join('\n')).toMatch(/is approved and needs a change: link one to this ticket/);
    const [one, two, three] = await organisation.servicenow.load('change_request', [
      { short_description: 'Certificate', type: 'normal', state: '-5' },
      { short_description: 'Relay', type: 'normal', state: '-5' },
      { short_description: 'Tidy up', type: 'normal', state: '-5' },
    ]);
    const number = async (sysId = ''): Promise<string> =>
      String((await organisation.servicenow.records('change_request', `sys_id=${sysId}`))[0]?.['number']);
    const numbers = await Promise.all([one, two, three].map((each) => number(each?.sys_id)));
    await edit(id, weber, { Changes: `${numbers[0]}, ${numbers[1]} and ${numbers[2]} (not required)` });
    expect((await organisation.improvement(id)).changes).toMatchObject([
      { number: numbers[0], origin: 'adopted', required: true },
      { number: numbers[1], origin: 'adopted', required: true },
      { number: numbers[2], origin: 'adopted', required: false },
    ]);
    await carryOut(organisation, one?.sys_id ?? '');
    expect((await organisation.improvement(id)).status).toBe('implementing');
    await carryOut(organisation, two?.sys_id ?? '');
    expect((await organisation.improvement(id)).status).toBe('reviewing');
    expect(await organisation.servicenow.records('change_request')).toHaveLength(3);
  });

  test('ask: the owner is asked, and a change is made once they say so', async () => {
    const { id } = await burst(organisation, 5, { business_service: warehouse, subcategory: 'asked' });
    await approve(organisation, id);
    await organisation.later();
    expect(await changesOf(organisation, id)).toHaveLength(0);
    expect((await organisation.comments(id)).filter((text) => text.includes('Choose Create in the field Change wanted'))).toHaveLength(1);
    await edit(id, okafor, { 'Change wanted': 'Create' });
    expect(await changesOf(organisation, id)).toHaveLength(1);
    expect((await organisation.improvement(id)).changes).toMatchObject([{ origin: 'created' }]);
  });

  test('a gate that is switched off is a journal entry of its own, and what passed because of it says so in the thread', async () => {
    await organisation.restart(() =>
      organisation.edit(
        'config/policy.yaml',
        'coolDownDays: 90',
        'gatesOff: [{ gate: not-last-editor, because: Two people only until March, by: a.rahman, since: 2026-01-01 }]\ncoolDownDays: 90',
      ),
    );
    const { id } = await burst(organisation, 5, { subcategory: 'gate off' });
    const [off] = await organisation.journal('gate-switched-off');
    expect(off).toMatchObject({ actor: 'a.rahman', body: { gate: 'not-last-editor' } });
    await organisation.jira.edit((await organisation.ticket(id)).key, { by: rahman, fields: { 'Rate reduction target %': 10 } });
    await organisation.pass(hourMs);
    expect(await approve(organisation, id)).toMatchObject({
      status: 'approved',
      decisions: [{ gatesOff: ['not-last-editor'] }],
      waivers: [{ to: 'approved', by: 'a.rahman', gates: ['not-last-editor'] }],
    });
    await organisation.restart(() => organisation.edit('config/policy.yaml', /^gatesOff: .*\n/m, ''));
    await organisation.later();
    expect(await organisation.journal('gate-switched-on')).toHaveLength(1);
  });
});
