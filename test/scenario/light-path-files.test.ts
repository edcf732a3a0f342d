import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { burst } from './incidents.js';
import { okafor, type Organisation, rahman, startOrganisation } from './organisation.js';
import { approve } from './people.js';

const report = 'Retry limit raised to 5 on all nodes. Checked by hand, 14:20.\n';
const digest = createHash('sha256').update(report).digest('hex');

/** The owner puts a file at the ticket, in Jira. */
async function attach(organisation: Organisation, id: string, name: string, content = report): Promise<void> {
  const form = new FormData();
  form.append('file', new Blob([content], { type: 'text/plain' }), name);
  const answer = await fetch(`${process.env['JIRA_URL'] ?? ''}/rest/api/3/issue/${(await organisation.ticket(id)).key}/attachments`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${okafor}:owner-token`)}`, 'x-atlassian-token': 'no-check' },
    body: form,
  });
  expect(answer.status).toBe(200);
}

const contentsRead = async (organisation: Organisation): Promise<number> =>
  (await organisation.jira.journal()).filter(({ path }) => path.includes('/attachment/content/')).length;

describe('an improvement that is carried out without a change', () => {
  let organisation: Organisation;
  let id = '';
  beforeAll(async () => {
    organisation = await startOrganisation({
      edits: [
        [
          'config/policy.yaml',
          'coolDownDays: 90',
          'changes: [{ change: none }]\nlightPath: [{ authorisers: [a.rahman] }]\ncoolDownDays: 90',
        ],
      ],
    });
    await organisation.cycle();
    await organisation.release();
    id = (await burst(organisation)).id;
    await approve(organisation, id);
  });
  afterAll(() => organisation.close());

  test('begins once an entitled person has authorised it in the ticket, and no change is made', async () => {
    await attach(organisation, id, 'done before anybody allowed it.txt');
    await organisation.later();
    const { key } = await organisation.ticket(id);
    await organisation.jira.edit(key, { by: rahman, fields: { 'Light path': 'A setting; nothing is deployed.' } });
    await organisation.later();
    expect(await organisation.improvement(id)).toMatchObject({ status: 'implementing', lightPath: { by: 'a.rahman' }, changes: [] });
    expect(await organisation.servicenow.records('change_request')).toHaveLength(0);
  });

  test('is not completed by what was there before, nor by a run chart of ours', async () => {
    await organisation.later();
    await attach(organisation, id, `run-chart-${id}-2026-01-01-0123456789abcdef.svg`, '<svg/>');
    for (let round = 0; round < 2; round += 1) await organisation.later();
    expect((await organisation.improvement(id)).status).toBe('implementing');
  });

  test('is completed by a file that its owner attaches in Jira, kept by its SHA-256; one that was unreadable for a while is read when Jira is back', async () => {
    await attach(organisation, id, 'test report.txt');
    await organisation.jira.addFaults({ kind: 'drop', match: { path: '/attachment/content/' } });
    await organisation.later();
    expect((await organisation.improvement(id)).status).toBe('implementing');
    await organisation.jira.clearFaults();
    await organisation.later();
    const { status, evidence } = await organisation.improvement(id);
    expect(status).toBe('reviewing');
    const filed = evidence.filter(({ content }) => (content as { name?: string }).name === 'test report.txt');
    expect(filed).toMatchObject([{ kind: 'document', content: { sha256: digest, bytes: report.length, type: 'text/plain' } }]);
    expect(evidence.map(({ content }) => JSON.stringify(content)).join()).not.toContain('run-chart');
    expect((await organisation.journal('evidence-kept')).filter(({ subject }) => subject === id)).toHaveLength(2);
  });

  test('has its files read again when the ticket has changed, and in no idle round', async () => {
    for (let round = 0; round < 3; round += 1) await organisation.later();
    const before = await contentsRead(organisation);
    for (let round = 0; round < 30; round += 1) await organisation.later();
    expect(await contentsRead(organisation)).toBe(before);
    const kept = (await organisation.improvement(id)).evidence.length;
    await organisation.jira.edit((await organisation.ticket(id)).key, { by: okafor, fields: { 'Closure notes': 'Seen.' } });
    for (let round = 0; round < 2; round += 1) await organisation.later();
    expect(await contentsRead(organisation)).toBeGreaterThan(before);
    expect((await organisation.improvement(id)).evidence).toHaveLength(kept);
  });
});
