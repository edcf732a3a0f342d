import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { threadReport } from '../../src/report/index.js';
import { burst } from './incidents.js';
import { hourMs, type Organisation, rahman, startOrganisation } from './organisation.js';
import { approve, decide } from './people.js';

const warehouse = '5e51ce00000000000000000000000004';
const rationale = { 'Decision rationale': 'The carrier misses its windows.', Objective: 'reliability' };

describe('a supplier improvement whose change is an amendment of the contract', () => {
  let organisation: Organisation;
  beforeAll(async () => {
    organisation = await startOrganisation({
      edits: [
        [
          'config/policy.yaml',
          'coolDownDays: 90',
          'changes: [{ kinds: [supplier], change: none }]\ncontractAmendment: { authorisers: [a.rahman] }\ncoolDownDays: 90',
        ],
        ['config/policy.yaml', 'recurrence: { count: 5, days: 28 }', 'recurrence: { count: 5, days: 28 }\n    kind: supplier'],
      ],
    });
    await organisation.cycle();
    await organisation.release();
    await organisation.servicenow.load('cmdb_ci_service', [{ sys_id: warehouse, name: 'Warehouse' }]);
  });
  afterAll(() => organisation.close());

  const codesOf = async (id: string): Promise<readonly string[]> => {
    const { world } = organisation;
    const report = await threadReport(world.store.read, world.config, id, organisation.now());
    return (report?.thread.gaps ?? []).map(({ code }) => code);
  };

  test('names the third party, is authorised with the approval, and is shown by the signed file with its digest', async () => {
    const { id, dependencies } = await burst(organisation, 5, { business_service: warehouse });
    expect(dependencies).toEqual(['Supplier Northwind Logistics']);
    await decide(organisation, id, 'Approved', { fields: { ...rationale, 'Light path': 'Amendment 3 of the contract with Northwind.' } });
    await organisation.later();
    await organisation.later();
    expect(await organisation.improvement(id)).toMatchObject({
      status: 'implementing',
      lightPath: { form: 'contract-amendment', by: 'a.rahman', because: 'Amendment 3 of the contract with Northwind.' },
      changes: [],
    });
    expect((await organisation.ticket(id)).status).toBe('Implementing');
    expect(await codesOf(id)).toEqual(['completion-evidence-missing']);

    await organisation.pass(hourMs);
    const signed = 'Amendment 3, signed by both.';
    const { key } = await organisation.ticket(id);
    const form = new FormData();
    form.append('file', new Blob([signed], { type: 'application/pdf' }), 'amendment-3.pdf');
    const answer = await fetch(`${process.env['JIRA_URL'] ?? ''}/rest/api/3/issue/${key}/attachments`, {
      method: 'POST',
      headers: { 'x-atlassian-token': 'no-check', authorization: `Basic ${btoa('owner@example.com:owner-token')}` },
      body: form,
    });
    expect(answer.status).toBe(200);
    await organisation.later();
    await organisation.later();
    const done = await organisation.improvement(id);
    expect(done.status).toBe('reviewing');
    expect(done.evidence).toMatchObject([
      { kind: 'document', content: { name: 'amendment-3.pdf', sha256: createHash('sha256').update(signed).digest('hex') } },
    ]);
    expect(await codesOf(id)).toEqual(['effectiveness-missing']);
    expect(await organisation.servicenow.records('change_request')).toHaveLength(0);
  });

  test('of a service without a supplier is not authorised: nobody says whose contract it is', async () => {
    const { id, dependencies } = await burst(organisation, 5, { subcategory: 'no supplier' });
    expect(dependencies).toEqual([]);
    await approve(organisation, id);
    await organisation.jira.edit((await organisation.ticket(id)).key, { by: rahman, fields: { 'Light path': 'Amend the contract.' } });
    await organisation.later();
    await organisation.later();
    expect((await organisation.improvement(id)).status).toBe('approved');
    expect((await organisation.comments(id)).join('\n')).toMatch(/needs the third party whose contract is amended/);
    expect(await codesOf(id)).toEqual(['third-party-missing', 'amendment-not-authorised']);
  });
});
