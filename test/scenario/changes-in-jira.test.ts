import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { burst } from './incidents.js';
import { type Organisation, startOrganisation } from './organisation.js';
import { approve } from './people.js';

describe('changes that are kept in Jira', () => {
  let organisation: Organisation;
  beforeAll(async () => {
    organisation = await startOrganisation({
      edits: [
        ['config/policy.yaml', /changeSystem: \S+?([ ,}\n])/, 'changeSystem: jira-cloud$1'],
        [
          'config/golden-thread.yaml',
          '        improvement: { jql: project = IMP }\n',
          '        improvement: { jql: project = IMP }\n        change: { jql: project = ITS AND issuetype = Change }\n',
        ],
        ['config/golden-thread.yaml', '      issueType: Improvement\n', '      issueType: Improvement\n      change: { project: ITS }\n'],
        [
          'config/golden-thread.yaml',
          '        severity: Severity\n',
          '        severity: Severity\n        changeType: Change type\n        plannedStart: Planned start\n        approvals: Approvals\n',
        ],
      ],
    });
    await organisation.jira.switches({ linkTouchesUpdated: true });
    await organisation.cycle();
    await organisation.release();
  });
  afterAll(() => organisation.close());

  const changes = async () => (await organisation.jira.issues({ project: 'ITS' })).filter(({ type }) => type === 'Change');

  async function link(from: string, to: string): Promise<void> {
    const answer = await fetch(`${process.env['JIRA_URL'] ?? ''}/rest/api/3/issueLink`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Basic ${btoa('owner@example.com:owner-token')}` },
      body: JSON.stringify({ type: { name: 'Relates' }, inwardIssue: { key: from }, outwardIssue: { key: to } }),
    });
    expect(answer.status).toBe(201);
  }

  async function carryOut(key: string): Promise<void> {
    for (const to of ['Awaiting approval', 'Awaiting implementation', 'Implementing', 'Completed']) {
      await organisation.jira.transition(key, { to, by: 'Priya Raman' });
      await organisation.later();
    }
    await organisation.later();
  }

  test('an approval raises one change ticket there, and its completion leads to the review', async () => {
    const { id } = await burst(organisation);
    await approve(organisation, id);
    for (let round = 0; round < 3; round += 1) await organisation.later();
    const made = await changes();
    expect(made).toHaveLength(1);
    expect(made[0]).toMatchObject({ status: 'Planning', fields: { priority: { name: expect.any(String) } } });
    expect(JSON.stringify(made[0]!.fields['description'])).toContain(id);
    expect((await organisation.improvement(id)).changes).toMatchObject([{ origin: 'created', number: made[0]!.key }]);
    await carryOut(made[0]!.key);
    expect(await organisation.improvement(id)).toMatchObject({
      status: 'reviewing',
      changes: [{ state: { phase: 'completed', approval: 'approved' } }],
    });
    expect(await organisation.servicenow.records('change_request')).toHaveLength(0);
  });

  test('a change that people linked to the ticket is adopted instead of making one', async () => {
    const { id } = await burst(organisation, 5, { subcategory: 'linked before' });
    const before = await changes();
    const [planned] = await organisation.jira.insert([{ project: 'ITS', type: 'Change', summary: 'Planned anyway' }]);
    await link((await organisation.ticket(id)).key, planned!.key);
    await organisation.later();
    const approved = await approve(organisation, id);
    expect(approved.changes).toMatchObject([{ origin: 'adopted', ref: { key: planned!.id } }]);
    await organisation.later();
    expect(await changes()).toHaveLength(before.length + 1);
  });
});
