import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { stateOfEvidence } from '../../src/domain/index.js';
import { threadReport } from '../../src/report/index.js';
import { sha256 } from '../../src/store/index.js';
import { burst } from './incidents.js';
import { hourMs, mail, type Organisation, okafor, rahman, startOrganisation, weber } from './organisation.js';
import { approve, changesOf, decide } from './people.js';

const onMail = 'changes: [{ services: [mail], change: none }]\nlightPath: [{ services: [mail], authorisers: [a.rahman] }]\n';

describe('an improvement that the policy lets be carried out without a change', () => {
  let organisation: Organisation;
  beforeAll(async () => {
    organisation = await startOrganisation({
      edits: [
        ['config/policy.yaml', 'coolDownDays: 90', `${onMail}coolDownDays: 90`],
        ['config/policy.yaml', '    severityAtLeast: critical\n', '    severityAtLeast: critical\n    kind: corrective-action\n'],
      ],
    });
    await organisation.cycle();
    await organisation.release();
  });
  afterAll(() => organisation.close());

  const edit = async (id: string, by: string, fields: Readonly<Record<string, string>>): Promise<void> => {
    await organisation.jira.edit((await organisation.ticket(id)).key, { by, fields });
    await organisation.later();
    await organisation.later();
  };
  const codesOf = async (id: string): Promise<readonly string[]> => {
    const { world } = organisation;
    const report = await threadReport(world.store.read, world.config, id, organisation.now());
    return (report?.thread.gaps ?? []).map(({ code }) => code);
  };

  test('is authorised by a named person before the work, and completed by evidence that was filed afterwards; no change is made', async () => {
    const { id } = await burst(organisation, 5, { business_service: mail });
    await organisation.jira.edit((await organisation.ticket(id)).key, {
      by: rahman,
      fields: { 'Controls to update': '- Mail handbook\n- Runbook 7', 'Completion evidence': 'Draft https://wiki.example.com/draft' },
    });
    await organisation.pass(hourMs);
    const approved = await approve(organisation, id);
    expect(approved).toMatchObject({
      status: 'approved',
      change: 'none',
      decisions: [{ controls: ['Mail handbook', 'Runbook 7'], entitledAs: 'its approver' }],
    });
    await organisation.later();
    expect((await organisation.comments(id)).join('\n')).toMatch(/writes into the field Light path why it may/);
    expect(await codesOf(id)).toEqual(['light-path-not-authorised']);

    // Its owner cannot authorise it; what was filed before counts for nothing.
    await edit(id, weber, { 'Light path': 'Only a page of the handbook.' });
    expect((await organisation.improvement(id)).status).toBe('approved');
    const answers = (await organisation.comments(id)).filter((text) => text.includes('carrying it out without one needs'));
    expect(answers).toHaveLength(1);
    expect(answers[0]).toMatch(/somebody who may authorise it \(Amir Rahman\); somebody other than its owner/);

    await edit(id, rahman, { 'Light path': 'Only a page of the handbook; no service is touched.' });
    expect(await organisation.improvement(id)).toMatchObject({
      status: 'implementing',
      lightPath: { form: 'light-path', by: 'a.rahman', because: 'Only a page of the handbook; no service is touched.' },
    });
    expect((await organisation.ticket(id)).status).toBe('Implementing');
    expect((await organisation.journal('path-authorised')).map(({ subject, actor }) => `${subject} ${actor}`)).toEqual([`${id} a.rahman`]);
    expect(await codesOf(id)).toEqual(['completion-evidence-missing']);

    await edit(id, weber, {
      'Completion evidence': 'Handbook 4.2 https://wiki.example.com/handbook/42',
      'Updated controls': 'The mail handbook (https://wiki.example.com/handbook/42)',
    });
    const done = await organisation.improvement(id);
    expect(done).toMatchObject({
      status: 'reviewing',
      changes: [],
      updatedControls: [{ title: 'The mail handbook', url: 'https://wiki.example.com/handbook/42' }],
    });
    const [, filed] = done.evidence;
    expect(filed).toMatchObject({ kind: 'document', content: { title: 'Handbook 4.2', url: 'https://wiki.example.com/handbook/42' } });
    expect(done.evidence.every((each) => stateOfEvidence(each, sha256) === 'intact')).toBe(true);
    expect(await organisation.servicenow.records('change_request')).toHaveLength(0);
    expect(await codesOf(id)).toEqual(['effectiveness-missing']);
  });

  test('where the policy lists none, the light path is answered with what to do instead', async () => {
    const { id } = await burst(organisation, 5, { subcategory: 'not listed' });
    await approve(organisation, id);
    expect(await changesOf(organisation, id)).toHaveLength(1);
    await edit(id, rahman, { 'Light path': 'It is small.' });
    expect((await organisation.improvement(id)).status).toBe('approved');
    expect((await organisation.comments(id)).join('\n')).toMatch(/needs a change, because the policy lists no light path for it/);
    for (let round = 0; round < 3; round += 1) await organisation.later();
    expect((await organisation.comments(id)).filter((text) => text.includes('lists no light path'))).toHaveLength(1);
  });

  test('a corrective action is not approved without its cause', async () => {
    const { id, kind } = await burst(organisation, 1, { impact: '1', urgency: '1', priority: '1', subcategory: 'critical' });
    expect(kind).toBe('corrective-action');
    await approve(organisation, id);
    await organisation.later();
    expect(await organisation.improvement(id)).toMatchObject({ status: 'proposed' });
    expect((await organisation.comments(id)).join('\n')).toMatch(/needs the cause of the nonconformity/);
    await edit(id, okafor, { Cause: 'Nobody owned the certificate.' });
    await decide(organisation, id, 'Approved');
    await organisation.later();
    expect(await organisation.improvement(id)).toMatchObject({ status: 'approved', cause: 'Nobody owned the certificate.' });
  });
});
