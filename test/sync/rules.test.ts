import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { ImprovementInput } from '../../src/domain/index.js';
import { inputStandings, reviewInput } from '../../src/sync/index.js';
import { day, type Given, policyWith, record, rulesWorld, type RulesWorld, start } from './rules-world.js';

jest.setTimeout(60_000);

const open: RulesWorld[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

type Inputs = readonly (ImprovementInput & Given)[];

async function raisedBy(rule: object, inputs: Inputs, more: { readonly now?: string; readonly others?: readonly object[] } = {}) {
  const made = await rulesWorld(policyWith([...(more.others ?? []), { description: 'A rule.', id: 'rule', ...rule }]));
  open.push(made);
  if (more.now !== undefined) made.now = more.now;
  await made.save(inputs);
  await made.decide();
  return { made, raised: await made.improvements() };
}

/** `count` records, one a day from `from` on. */
function daily(prefix: string, from: number, count: number, given: Given = {}, step = 1): Inputs {
  return Array.from({ length: count }, (_each, at) => record(`${prefix}${at}`, day(from + at * step), given));
}

describe('a rule about single records', () => {
  test('fires on a fact such as an accepted major incident, and on no other value', async () => {
    const rule = { categories: ['incident'], facts: { major: ['accepted'] } };
    const { raised } = await raisedBy(rule, [
      record('a', day(1), { facts: { major: 'accepted' } }),
      record('b', day(2), { facts: { major: 'proposed' } }),
    ]);
    expect(raised.map(({ triggers }) => triggers)).toEqual([['test/incident#record:servicenow-prod/incident/a']]);
  });
});

describe('a rule about trends', () => {
  const rule = { looksAt: 'trend', categories: ['incident'], weeks: 4, minimumRecords: 10, level: 0.01 };
  const past = daily('p', -181, 26, {}, 7); // one a week, since half a year before the release

  test('fires when the rate of a service is up beyond chance, names the numbers, and counts the service afterwards', async () => {
    const { raised } = await raisedBy(rule, [...past, ...daily('n', 9, 20)]);
    expect(raised).toHaveLength(1);
    expect(raised[0]).toMatchObject({
      caseKeys: ['scope:rule/mail'],
      serviceIds: ['mail'],
      plan: { filter: { scope: 'services' }, scopeOf: ['mail'], baselineEnd: '2026-03-01T22:00:00.000Z' },
    });
    expect(raised[0]?.title).toMatch(/^E-mail: incident up \d+ % \(20 in 4 weeks\)$/);
  }, 60_000);

  test('stays silent on as many records when that is what the service always had, and without a past to compare with', async () => {
    const { raised } = await raisedBy(rule, [...daily('p', -182, 181), ...daily('n', 2, 28)]);
    expect(raised).toEqual([]);
    const { raised: young } = await raisedBy(rule, daily('n', 2, 28));
    expect(young).toEqual([]);
  });
});

describe('a rule about service levels', () => {
  const breach = { category: 'sla-breach' };

  test('fires on the first miss above the number for the month, and not on the last one allowed', async () => {
    const rule = { looksAt: 'service-levels', categories: ['sla-breach'], atMost: 2 };
    const { made, raised } = await raisedBy(rule, daily('s', 3, 2, breach));
    expect(raised).toEqual([]);
    await made.save([record('third', day(9), breach)]);
    await made.decide();
    expect((await made.improvements()).map(({ title, triggers }) => [title, triggers.length])).toEqual([
      ['E-mail: 3 missed targets (sla-breach) in 2026-03, target at most 2', 3],
    ]);
  });

  test('counts by the month of the organisation, not by that of UTC', async () => {
    const rule = { looksAt: 'service-levels', categories: ['sla-breach'], atMost: 1 };
    // 31 March 23:30 in UTC is 1 April in Berlin.
    const { raised } = await raisedBy(rule, [
      record('a', '2026-03-15T12:00:00.000Z', breach),
      record('b', '2026-03-31T23:30:00.000Z', breach),
    ]);
    expect(raised).toEqual([]);
  });

  test('judges a share when the month is over, also when nothing arrives then', async () => {
    const rule = { looksAt: 'service-levels', categories: ['sla-breach'], atMostShare: 0.1, of: ['incident'] };
    const inputs = [...daily('i', 1, 20), ...daily('s', 3, 3, breach)];
    const { made, raised } = await raisedBy(rule, inputs, { now: day(28) });
    expect(raised).toEqual([]);
    made.now = day(32);
    await made.decide();
    expect((await made.improvements()).map(({ title }) => title)).toEqual([
      'E-mail: missed targets (sla-breach) 15 % (3 of 20) in 2026-03, target at most 10 %',
    ]);
  });
});

test('a rule about changes fires when the share of emergencies is above its limit, and not at it', async () => {
  const rule = {
    looksAt: 'changes',
    categories: ['change'],
    facts: { type: ['emergency'] },
    atMostShare: 0.2,
    minimumRecords: 10,
    kind: 'sms',
  };
  const normal = daily('c', 1, 8, { category: 'change', facts: { type: 'normal' } });
  const emergency = daily('e', 10, 2, { category: 'change', facts: { type: 'emergency' } });
  const { raised: atIt } = await raisedBy(rule, [...normal, ...emergency]);
  expect(atIt).toEqual([]);
  const { raised } = await raisedBy(rule, [
    ...normal,
    ...emergency,
    record('x', day(15), { category: 'change', facts: { type: 'emergency' } }),
  ]);
  expect(raised.map(({ kind, title }) => [kind, title])).toEqual([
    ['sms', 'All services: change emergency 27.3 % (3 of 11) in 2026-03, target at most 20 %'],
  ]);
});

describe('a rule about deployments', () => {
  const rule = { looksAt: 'deployments', categories: ['incident'], days: 7, count: 2 };
  const change = record('chg', day(5), { category: 'change' });

  test('fires on the second incident that a change caused within its days; the change is the case', async () => {
    const { made, raised } = await raisedBy(rule, [
      change,
      record('a', day(6), { causedBy: 'chg' }),
      record('late', day(12), { causedBy: 'chg' }),
    ]);
    expect(raised).toEqual([]);
    await made.save([record('b', day(11), { causedBy: 'chg' })]);
    await made.decide();
    expect((await made.improvements()).map(({ caseKeys, triggers }) => [caseKeys, triggers.length])).toEqual([
      [['scope:rule/servicenow-prod/change_request/chg', 'record:servicenow-prod/change_request/chg'], 2],
    ]);
  });

  test('fires as well when the end of the change is learned last', async () => {
    const incidents = [record('a', day(6), { causedBy: 'chg' }), record('b', day(7), { causedBy: 'chg' })];
    const { made, raised } = await raisedBy(rule, incidents);
    expect(raised).toEqual([]);
    await made.save([change]);
    await made.decide();
    expect(await made.improvements()).toHaveLength(1);
  });
});

test('a rule about suppliers rolls misses of several services up and becomes the parent of the open cases behind them', async () => {
  const miss = (key: string, at: number, service: string): ImprovementInput & Given =>
    record(key, day(at), {
      category: 'sla-breach',
      supplier: 'Northwind Logistics',
      serviceIds: [service],
      recurrenceKey: `sla/${service}`,
    });
  const others = [{ id: 'repeated', description: 'Again.', categories: ['sla-breach'], recurrence: { count: 2, days: 30 } }];
  const rule = { looksAt: 'supplier', categories: ['sla-breach'], count: 4, days: 60, services: 2 };
  const { made, raised } = await raisedBy(rule, [miss('a', 1, 'mail'), miss('b', 2, 'mail'), miss('c', 3, 'mail'), miss('d', 4, 'mail')], {
    others,
  });
  expect(raised.map(({ rule: by }) => by)).toEqual(['repeated']); // four, but of one service
  await made.save([miss('e', 5, 'shop')]);
  await made.decide();
  const all = await made.improvements();
  const parent = all.find(({ rule: by }) => by === 'rule');
  expect(parent).toMatchObject({ kind: 'supplier', caseKeys: ['scope:rule/northwind'], dependencies: ['Supplier Northwind'] });
  expect(all.filter(({ parent: id }) => id === parent?.id).map(({ rule: by }) => by)).toEqual(['repeated']);
  // A case that is opened later belongs under it at once.
  await made.save([miss('f', 6, 'shop')]);
  await made.decide();
  expect((await made.improvements()).filter(({ parent: id }) => id === parent?.id)).toHaveLength(2);
});

test('a rule about problem resolution fires on what recurs after the problem was closed, linked to it or not', async () => {
  const rule = { looksAt: 'problem-resolution', categories: ['incident'], days: 30, count: 2 };
  const problem = record('prb', day(2), { category: 'problem', facts: { closedAt: day(10) } });
  const linked = record('a', day(1), { recurrenceKey: 'k', problem: 'prb' });
  const again = (key: string, at: number): ImprovementInput & Given => record(key, day(at), { recurrenceKey: 'k' });
  const { made, raised } = await raisedBy(rule, [problem, linked, again('before', 9), again('b', 12)]);
  expect(raised).toEqual([]);
  await made.save([again('c', 39)]);
  await made.decide();
  const [improvement] = await made.improvements();
  expect(improvement?.triggers).toHaveLength(2);
  expect(improvement?.description).toContain('PRB (Record prb) was closed on 2026-03-11; since then it happened 2 times again.');
});

test('a rule about findings makes a corrective action of a requirement that is not met again, however it is spelt', async () => {
  const finding = (key: string, at: number, requirement: string): ImprovementInput & Given =>
    record(key, day(at), { category: 'audit-finding', requirement, serviceIds: [] });
  const rule = { looksAt: 'findings', categories: ['audit-finding'], count: 2, days: 60 };
  const { raised: apart } = await raisedBy(rule, [finding('a', 1, '8.5.1'), finding('b', 2, '8.6.1'), finding('c', 62, '8.5.1')]);
  expect(apart).toEqual([]);
  const { raised } = await raisedBy(rule, [finding('a', 1, '8.5.1 Change'), finding('b', 40, ' 8.5.1  change ')]);
  expect(raised.map(({ kind, triggers }) => [kind, triggers.length])).toEqual([['corrective-action', 2]]);
});

describe('a rule about assessments', () => {
  const score = (key: string, at: number, value: number): ImprovementInput & Given =>
    record(key, day(at), { category: 'sms-assessment', processes: ['change-management'], serviceIds: [], facts: { score: value } });

  test('fires below the target and not at it, and may ask to remove something', async () => {
    const rule = { looksAt: 'assessment', categories: ['sms-assessment'], below: 3, asksTo: 'remove' };
    expect((await raisedBy(rule, [score('a', 1, 3)])).raised).toEqual([]);
    const { raised } = await raisedBy(rule, [score('a', 1, 2.9)]);
    expect(raised.map(({ kind, title }) => [kind, title])).toEqual([
      ['sms', 'Change management: assessed at 2.9, target 3 - remove something'],
    ]);
  });

  test('fires on the second fall in a row, with older assessments as the past', async () => {
    const rule = { looksAt: 'assessment', categories: ['sms-assessment'], falling: 2 };
    expect((await raisedBy(rule, [score('a', -60, 4), score('b', -30, 4.1), score('c', 3, 4)])).raised).toEqual([]);
    expect((await raisedBy(rule, [score('a', -60, 4.2), score('b', -30, 4.1), score('c', 3, 4)])).raised).toHaveLength(1);
  });
});

describe('an approved input', () => {
  const rules = [{ id: 'overdue', description: 'An input is overdue.', categories: ['input-overdue'], kind: 'sms' }];

  test('that brings nothing within its cadence raises an improvement of its owner, whose trigger is a record that is kept', async () => {
    const made = await rulesWorld(policyWith(rules, { 'audit-finding': 30 }));
    open.push(made);
    made.now = day(30.5);
    await made.decide();
    expect(await made.improvements()).toEqual([]);
    made.now = day(32);
    await made.decide();
    await made.decide();
    const all = await made.improvements();
    expect(all.map(({ kind, owner, triggers }) => [kind, owner, triggers])).toEqual([
      ['sms', 'olga', ['golden-thread/input-overdue#record:golden-thread/input-overdue/audit-finding/2026-03-31']],
    ]);
  });

  test('that a named person has reviewed is not overdue until its cadence has passed again', async () => {
    const made = await rulesWorld(policyWith(rules, { 'audit-finding': 30 }));
    open.push(made);
    made.now = day(40);
    const state = async () =>
      (await inputStandings(made.world, made.store.read, made.now, start)).find(({ category }) => category === 'audit-finding')?.state;
    expect(await state()).toBe('overdue');
    await reviewInput(made.world, {
      category: 'audit-finding',
      by: 'olga',
      from: '2026-03-01',
      to: '2026-04-10',
      note: 'No audit took place.',
    });
    expect(await state()).toBe('reviewed');
    await made.decide();
    expect(await made.improvements()).toEqual([]);
    made.now = day(71.5);
    expect(await state()).toBe('overdue');
    await made.save([record('f', day(71), { category: 'audit-finding' })]);
    expect(await state()).toBe('on-time');
  });

  test.each([
    ['an unknown person', { by: 'nobody' }, /knows no person "nobody"/],
    ['somebody who has left', { by: 'gone' }, /Gerd Gone has left/],
    ['a period in the future', { to: '2026-12-31' }, /is in the future/],
    ['days in the wrong order', { from: '2026-05-01', to: '2026-04-01' }, /before it begins/],
    ['an input that nobody approved', { category: 'rumour' }, /there is no input "rumour"/],
  ])('is not reviewed by %s', async (_what, given, message) => {
    const made = await rulesWorld(policyWith(rules));
    open.push(made);
    const review = { category: 'incident', by: 'olga', from: '2026-03-01', to: '2026-03-31', note: 'Looked.', ...given };
    await expect(reviewInput(made.world, review)).rejects.toThrow(message);
  });
});

test('nothing that occurred before raising began fires a rule over a scope', async () => {
  const breach = { category: 'sla-breach' };
  const rule = { looksAt: 'service-levels', categories: ['sla-breach'], atMost: 2 };
  const made = await rulesWorld(policyWith([{ id: 'rule', description: 'A rule.', ...rule }]), day(10));
  open.push(made);
  await made.save([...daily('s', 1, 8, breach), ...daily('t', 11, 2, breach)]);
  await made.decide();
  expect(await made.improvements()).toEqual([]);
});

test('an improvement that looks like an earlier one says so in its ticket and stays an improvement of its own', async () => {
  const rule = { categories: ['incident'], severityAtLeast: 'critical' };
  const critical = (key: string, at: number): ImprovementInput & Given =>
    record(key, day(at), { severity: 'critical', title: 'Sending mail fails for everybody' });
  const { raised } = await raisedBy(rule, [critical('a', 1), critical('b', 9)]);
  expect(raised.map(({ similar }) => similar?.map(({ id }) => id))).toEqual([undefined, ['IMP-0001']]);
  expect(raised[1]?.description).toMatch(
    /Similar improvements \(not merged; please look\):\n- IMP-0001: same service and category \(mail, incident\); titles alike/,
  );
});
