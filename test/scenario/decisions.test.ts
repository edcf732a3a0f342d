import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { burst } from './incidents.js';
import { automation, dayMs, hourMs, okafor, type Organisation, outsider, rahman, startOrganisation } from './organisation.js';
import { approve, changesOf, decide } from './people.js';

const rationale = 'Repeat failures cost orders every week.';

describe('only a decision that the guards let pass counts', () => {
  let organisation: Organisation;
  beforeAll(async () => {
    organisation = await startOrganisation();
    await organisation.cycle();
    await organisation.release();
  });
  afterAll(() => organisation.close());

  test.each([
    {
      who: 'the owner',
      by: okafor,
      fields: { 'Decision rationale': rationale, Objective: 'fewer-repeats' },
      says: /somebody who is entitled to decide.*other than its owner/,
    },
    {
      who: 'an outsider',
      by: outsider,
      fields: { 'Decision rationale': rationale, Objective: 'fewer-repeats' },
      says: /an account that the directory knows/,
    },
    {
      who: 'an automation rule',
      by: automation,
      fields: { 'Decision rationale': rationale, Objective: 'fewer-repeats' },
      says: /apps and automation decide nothing/,
    },
    { who: 'the approver without a rationale', by: rahman, fields: { Objective: 'fewer-repeats' }, says: /needs a rationale\./ },
    {
      who: 'the approver without an objective',
      by: rahman,
      fields: { 'Decision rationale': rationale },
      says: /the objective that it serves \(one of reliability/,
    },
  ])(
    'an approval by $who is refused, journalled, answered by one comment that says what is missing, and moved back once',
    async ({ who, by, fields, says }) => {
      const { id } = await burst(organisation, 5, { subcategory: who });
      await decide(organisation, id, 'Approved', { by, fields });
      for (let round = 0; round < 3; round += 1) await organisation.later();

      expect(await organisation.improvement(id)).toMatchObject({ status: 'proposed', decisions: [] });
      expect((await organisation.ticket(id)).status).toBe('Proposed');
      const answers = (await organisation.comments(id)).filter((text) => text.includes('stays proposed'));
      expect(answers).toHaveLength(1);
      expect(answers[0]).toMatch(says);
      const refusals = (await organisation.journal('move-refused')).filter(({ subject }) => subject === id);
      expect(refusals).toHaveLength(1);
      expect(await changesOf(organisation, id)).toHaveLength(0);

      // A second time: answered again, because it is another attempt, but not moved back again.
      await decide(organisation, id, 'Approved', { by, fields });
      for (let round = 0; round < 3; round += 1) await organisation.later();
      expect((await organisation.ticket(id)).status).toBe('Approved');
      expect(await organisation.improvement(id)).toMatchObject({ status: 'proposed', decisions: [] });
      expect((await organisation.comments(id)).filter((text) => text.includes('stays proposed'))).toHaveLength(2);
      expect(await changesOf(organisation, id)).toHaveLength(0);
    },
  );

  test('who edited the target last cannot approve it; somebody else can', async () => {
    const { id } = await burst(organisation, 5, { subcategory: 'last editor' });
    const { key } = await organisation.ticket(id);
    await organisation.jira.edit(key, { by: rahman, fields: { 'Rate reduction target %': 10 } });
    await organisation.pass(hourMs);
    const refused = await approve(organisation, id);
    expect(refused.status).toBe('proposed');
    await organisation.later();
    expect((await organisation.comments(id)).join('\n')).toMatch(/somebody other than the one who last edited target/);

    await organisation.jira.edit(key, { by: okafor, fields: { 'Rate reduction target %': 40 } });
    await organisation.pass(hourMs);
    const approved = await approve(organisation, id);
    expect(approved.status).toBe('approved');
    expect(approved.decisions[0]?.plan).toMatchObject({ reduceBy: 0.4 });
  });

  test('the plan that is approved is the one that stood in the ticket at that moment, whatever was written into it before we looked', async () => {
    const { id } = await burst(organisation, 5, { subcategory: 'edited plan' });
    const { key } = await organisation.ticket(id);
    await organisation.jira.edit(key, { by: okafor, fields: { 'Rate reduction target %': 50, 'Measurement window weeks': 6 } });
    await organisation.pass(hourMs);
    await decide(organisation, id, 'Approved');
    await organisation.pass(hourMs);
    await organisation.jira.edit(key, { by: okafor, fields: { 'Rate reduction target %': 20 } });
    await organisation.later();

    const reopened = await organisation.improvement(id);
    expect(reopened.decisions).toMatchObject([{ kind: 'approved', by: 'a.rahman', plan: { reduceBy: 0.5, windowWeeks: 6 } }]);
    expect(reopened).toMatchObject({ status: 'proposed', plan: { reduceBy: 0.2 } });
    await organisation.later();
    expect((await organisation.ticket(id)).status).toBe('Proposed');

    const again = await approve(organisation, id);
    expect(again).toMatchObject({ status: 'approved', plan: { reduceBy: 0.2, windowWeeks: 6 } });
    expect(again.decisions).toHaveLength(2);
    await organisation.later();
    expect(await changesOf(organisation, id)).toHaveLength(1);
  });

  test('an edit after the approval makes it proposed again, and its change is not doubled by the second approval', async () => {
    const { id } = await burst(organisation, 5, { subcategory: 'edited after' });
    expect((await approve(organisation, id)).status).toBe('approved');
    await organisation.later();
    expect(await changesOf(organisation, id)).toHaveLength(1);
    const { key } = await organisation.ticket(id);
    await organisation.jira.edit(key, { by: okafor, fields: { 'Rate reduction target %': 5 } });
    await organisation.later();
    await organisation.later();
    expect((await organisation.improvement(id)).status).toBe('proposed');
    expect((await organisation.ticket(id)).status).toBe('Proposed');
    expect((await approve(organisation, id)).status).toBe('approved');
    for (let round = 0; round < 3; round += 1) await organisation.later();
    expect(await changesOf(organisation, id)).toHaveLength(1);
  });

  test('a deferred one comes back on its review date, and not a day before', async () => {
    const { id } = await burst(organisation, 5, { subcategory: 'deferred' });
    const date = new Date(Date.parse(organisation.now()) + 10 * dayMs).toISOString().slice(0, 10);
    await decide(organisation, id, 'Deferred', { fields: { 'Decision rationale': 'After the freeze.', 'Review date': date } });
    await organisation.later();
    expect((await organisation.improvement(id)).status).toBe('deferred');
    await organisation.later(9 * dayMs - 2 * hourMs);
    expect((await organisation.improvement(id)).status).toBe('deferred');
    await organisation.later(dayMs);
    await organisation.later();
    expect((await organisation.improvement(id)).status).toBe('proposed');
    expect((await organisation.ticket(id)).status).toBe('Proposed');
  });

  test('what was put on hold goes on where it was, and nowhere else', async () => {
    const { id } = await burst(organisation, 5, { subcategory: 'on hold' });
    await approve(organisation, id);
    await decide(organisation, id, 'On Hold', { by: okafor, fields: { 'Decision rationale': 'Waiting for the budget round.' } });
    await organisation.later();
    expect(await organisation.improvement(id)).toMatchObject({ status: 'on-hold', heldFrom: 'approved' });
    await decide(organisation, id, 'Reviewing', { by: okafor, fields: {} });
    await organisation.later();
    await organisation.later();
    expect((await organisation.improvement(id)).status).toBe('on-hold');
    expect((await organisation.comments(id)).join('\n')).toMatch(/a return to where it was \(approved\)/);
    await decide(organisation, id, 'Approved', { by: okafor, fields: {} });
    await organisation.later();
    expect((await organisation.improvement(id)).status).toBe('approved');
  });

  test('withdrawing takes an entitled person and a reason', async () => {
    const { id } = await burst(organisation, 5, { subcategory: 'withdrawn' });
    await decide(organisation, id, 'Withdrawn', { by: okafor, fields: { 'Decision rationale': 'Not mine any more.' } });
    await organisation.later();
    expect((await organisation.improvement(id)).status).toBe('proposed');
    await organisation.later();
    await decide(organisation, id, 'Withdrawn', { fields: { 'Decision rationale': 'The service is retired in March.' } });
    await organisation.later();
    expect(await organisation.improvement(id)).toMatchObject({ status: 'withdrawn', decisions: [{ kind: 'withdrawn', by: 'a.rahman' }] });
  });

  test('after a rejection the case stays quiet, until its rate has doubled', async () => {
    const kind = { subcategory: 'rejected' };
    const { id } = await burst(organisation, 6, kind);
    await decide(organisation, id, 'Rejected', {
      fields: { 'Decision rationale': 'A nuisance; the vendor mends it in autumn.', resolution: "Won't Do" },
    });
    await organisation.later();
    expect((await organisation.improvement(id)).status).toBe('rejected');
    const known = (await organisation.improvements()).length;
    await expect(burst(organisation, 6, kind)).rejects.toThrow('0 improvements were raised');
    expect(await organisation.improvements()).toHaveLength(known);
    expect((await organisation.journal('input-suppressed')).some(({ subject }) => subject === id)).toBe(true);
    const again = await burst(organisation, 8, kind);
    expect(again).toMatchObject({ status: 'proposed', rule: 'recurring-incident' });
  });
});
