import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { statusReport, threadReport } from '../../src/report/index.js';
import { burst, weeks } from './incidents.js';
import { dayMs, okafor, type Organisation, outsider, rahman, startOrganisation } from './organisation.js';
import { approve, carryOut, changesOf, closeWithNotes } from './people.js';

const status = (organisation: Organisation) => statusReport(organisation.world.store.read, organisation.now(), () => 3_600_000);

describe('tickets that people make, move, close and reopen', () => {
  let organisation: Organisation;
  beforeAll(async () => {
    organisation = await startOrganisation();
    await organisation.cycle();
    await organisation.release();
  });
  afterAll(() => organisation.close());

  test('an issue made by hand is in the register with its proposer, and goes through the same gates', async () => {
    const [issue] = await organisation.jira.insert(
      [
        {
          project: 'IMP',
          summary: 'Publish the hand-over checklist',
          description: 'Half of the night calls ask for it.',
          fields: { Category: 'Incident', 'Rate reduction target %': 30, 'Measurement window weeks': 8 },
        },
      ],
      okafor,
    );
    await organisation.later();
    const [raised] = await organisation.improvements();
    expect(raised).toMatchObject({ status: 'proposed', rule: 'by-hand', proposer: 'm.okafor', ticket: { number: issue?.key } });
    expect(raised?.description).toContain('Half of the night calls');
    await organisation.later();
    expect(await organisation.jira.issues({ project: 'IMP' })).toHaveLength(1);
    const approved = await approve(organisation, raised?.id ?? '');
    expect(approved.decisions).toMatchObject([{ kind: 'approved', by: 'a.rahman' }]);
    await organisation.later();
    expect(await changesOf(organisation, approved.id)).toHaveLength(1);
  });

  test('one without a category is refused where people see it, and taken once it has one', async () => {
    const [issue] = await organisation.jira.insert([{ project: 'IMP', summary: 'Faster coffee' }], okafor);
    await organisation.later();
    const known = (await organisation.improvements()).length;
    expect(await organisation.journal('proposal-refused')).toHaveLength(1);
    expect((await status(organisation)).troubles.map(({ problem }) => problem).join('\n')).toMatch(
      /not in the improvement register yet: it needs an approved category/,
    );
    await organisation.later();
    expect(await organisation.journal('proposal-refused')).toHaveLength(1);
    const [seen] = await organisation.jira.issues({ ids: [issue?.key ?? ''] });
    expect(seen?.comments).toHaveLength(1);
    expect(JSON.stringify(seen?.comments)).toContain('it needs an approved category');
    await organisation.jira.edit(issue?.key ?? '', { by: okafor, fields: { Category: 'Staff suggestion' } });
    await organisation.later();
    const raised = (await organisation.improvements()).slice(known);
    expect(raised).toMatchObject([{ rule: 'by-hand', ticket: { number: issue?.key } }]);
    expect((await status(organisation)).troubles).toEqual([]);
  });

  test('one from somebody whom the directory does not know is refused, and taken once the directory knows them', async () => {
    const [issue] = await organisation.jira.insert(
      [{ project: 'IMP', summary: 'From outside', fields: { Category: 'Staff suggestion' } }],
      outsider,
    );
    await organisation.later();
    const known = (await organisation.improvements()).length;
    expect((await status(organisation)).troubles.map(({ problem }) => problem).join('\n')).toMatch(/a reporter whom the directory knows/);
    organisation.edit(
      'config/directory.yaml',
      'people:\n',
      "people:\n  - id: d.whitlock\n    name: Dana Whitlock\n    accounts: { jira-cloud: '712020:00000000-0000-4000-8000-000000000004' }\n",
    );
    await organisation.restart();
    await organisation.later();
    expect((await organisation.improvements()).slice(known)).toMatchObject([{ proposer: 'd.whitlock', ticket: { number: issue?.key } }]);
  });

  test('a ticket that is moved to another project keeps its identity: decisions there count', async () => {
    const { id } = await burst(organisation, 5, { subcategory: 'moved' });
    const { key } = await organisation.ticket(id);
    await organisation.jira.addProject({ key: 'OPS', like: 'IMP' });
    await organisation.jira.move(key, 'OPS');
    await organisation.later();
    const issues = (await organisation.jira.issues()).length;
    await organisation.jira.transition(key, {
      to: 'Approved',
      by: rahman,
      fields: { 'Decision rationale': 'Worth it.', Objective: 'reliability' },
    });
    await organisation.later(dayMs);
    await organisation.later(dayMs);
    expect(await organisation.improvement(id)).toMatchObject({ status: 'approved', decisions: [{ by: 'a.rahman' }] });
    expect(await organisation.jira.issues()).toHaveLength(issues);
  });

  test('a ticket that is deleted is a gap with a name, and is not made again', async () => {
    const { id } = await burst(organisation, 5, { subcategory: 'deleted ticket' });
    const { key } = await organisation.ticket(id);
    const count = (await organisation.jira.issues()).length;
    await organisation.jira.remove(key);
    for (let day = 0; day < 4; day += 1) await organisation.later(dayMs);
    const report = await threadReport(organisation.world.store.read, organisation.world.config, id, organisation.now());
    expect(report?.thread.gaps.map(({ code }) => code)).toContain('ticket-lost');
    expect(await organisation.jira.issues()).toHaveLength(count - 1);
  });

  test('closing by hand without a result is a violation; that the workflow has no way back is said once, and waits for nobody to release it', async () => {
    const { id } = await burst(organisation, 5, { subcategory: 'closed by hand' });
    await approve(organisation, id);
    const { key } = await organisation.ticket(id);
    await organisation.jira.transition(key, { to: 'Closed', by: okafor });
    for (let round = 0; round < 4; round += 1) await organisation.later();
    const after = await organisation.improvement(id);
    expect(after).toMatchObject({ status: 'approved', violations: [{ code: 'closed-without-guard', by: 'm.okafor' }] });
    expect((await organisation.journal('violation')).some(({ subject }) => subject === id)).toBe(true);
    const said = async (): Promise<readonly string[]> =>
      (await organisation.comments(id)).filter((text) => text.includes('The workflow has no step from there to Approved'));
    expect(await said()).toHaveLength(1);
    const stands = await status(organisation);
    expect(stands.parked).toEqual([]);
    expect(stands.astray).toEqual([{ subject: id, ticket: after.ticket?.number, standsAt: 'closed', status: 'approved' }]);
    const gaps = async (): Promise<readonly string[] | undefined> =>
      (await threadReport(organisation.world.store.read, organisation.world.config, id, organisation.now()))?.thread.gaps.map(
        ({ code }) => code,
      );
    expect(await gaps()).toContain('ticket-astray');

    // The work begins all the same: nobody is told a second time, and the ticket follows as soon as its workflow has a step.
    const [made] = await changesOf(organisation, id);
    await carryOut(organisation, made?.sys_id ?? '');
    for (let round = 0; round < 2; round += 1) await organisation.later();
    expect((await organisation.improvement(id)).status).toBe('reviewing');
    expect(await said()).toHaveLength(1);
    expect((await organisation.ticket(id)).status).toBe('Reviewing');
    expect(await status(organisation)).toMatchObject({ parked: [], astray: [] });
    expect(await gaps()).not.toContain('ticket-astray');
  });

  test('reopened after closure, it stays closed, and a linked improvement is raised once', async () => {
    const { id } = await burst(organisation, 5, { subcategory: 'reopened' });
    await approve(organisation, id);
    await carryOut(organisation, (await changesOf(organisation, id))[0]?.sys_id ?? '');
    await weeks(organisation, 27, 0, false);
    for (let look = 0; look < 3; look += 1) await organisation.later();
    await organisation.later();
    await closeWithNotes(organisation, id, rahman);
    expect((await organisation.improvement(id)).status).toBe('closed');
    const known = (await organisation.improvements()).length;
    const { key } = await organisation.ticket(id);
    await organisation.jira.transition(key, { to: 'Reviewing', by: okafor });
    for (let round = 0; round < 3; round += 1) await organisation.later();
    const raised = (await organisation.improvements()).slice(known);
    expect(raised).toMatchObject([{ status: 'proposed', recursAfter: id }]);
    expect(await organisation.improvement(id)).toMatchObject({ status: 'closed', violations: [{ code: 'reopened-after-closure' }] });
  });

  test('a ticket whose status means nothing to the mapping does not stop the others, shows in status, and is read once the mapping is mended', async () => {
    const stuck = await burst(organisation, 5, { subcategory: 'unknown status' });
    const fine = await burst(organisation, 5, { subcategory: 'known status' });
    organisation.edit('mappings/jira/decision.yaml', '    Withdrawn: withdrawn\n', '');
    await organisation.restart();
    const { key } = await organisation.ticket(stuck.id);
    await organisation.jira.transition(key, { to: 'Withdrawn', by: rahman, fields: { 'Decision rationale': 'Retired.' } });
    expect((await approve(organisation, fine.id)).status).toBe('approved');
    expect((await organisation.improvement(stuck.id)).status).toBe('proposed');
    const { troubles } = await status(organisation);
    expect(troubles.map(({ subject, problem }) => `${subject} ${problem}`).join('\n')).toMatch(new RegExp(`${stuck.id}.*Withdrawn`, 's'));
    organisation.edit('mappings/jira/decision.yaml', '    Closed: closed\n', '    Closed: closed\n    Withdrawn: withdrawn\n');
    await organisation.restart();
    await organisation.later();
    expect((await organisation.improvement(stuck.id)).status).toBe('withdrawn');
    expect((await status(organisation)).troubles).toEqual([]);
  });
});

describe('clocks that disagree', () => {
  test('our own move of a ticket is recognised although our clock is minutes ahead of the remote one', async () => {
    const organisation = await startOrganisation({ clockAheadMs: 4 * 60_000 });
    try {
      await organisation.cycle();
      await organisation.release();
      await organisation.pass(10 * 60_000);
      const { id } = await burst(organisation);
      await approve(organisation, id);
      await organisation.servicenow.moveChange((await changesOf(organisation, id))[0]?.sys_id ?? '', { to: 'implement' });
      for (let round = 0; round < 4; round += 1) await organisation.later();
      expect((await organisation.ticket(id)).status).toBe('Implementing');
      expect(await organisation.improvement(id)).toMatchObject({ status: 'implementing', violations: [] });
      expect(await organisation.journal('move-refused')).toEqual([]);
      expect((await organisation.comments(id)).filter((text) => text.includes('stays'))).toEqual([]);
    } finally {
      await organisation.close();
    }
  });
});
