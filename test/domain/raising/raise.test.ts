import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  idempotencyKey,
  identityOf,
  localDate,
  nextEpisode,
  plusCalendarDays,
  prioritise,
  raise,
  raiseByHand,
  raiseLinked,
  severities,
  step,
  type ByHand,
  type FiredRule,
  type PriorityFactor,
  type RaiseContext,
} from '../../../src/domain/index.js';
import { context, day, directory, entry, input, measurement, policy, proposed } from '../world.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const raising: RaiseContext = { policy, directory, timeZone: 'Europe/Berlin', at: day(5), number: 'IMP-0001', episode: 0 };
const fired = (triggers = [input('1', day(1)), input('2', day(2))]): FiredRule => ({
  rule: policy.rules[0] as FiredRule['rule'],
  windowFrom: day(-26),
  triggers,
});

describe('raising', () => {
  test('fills what the register must hold: owner and approver from the directory, plan, risk, supplier', () => {
    expect(raise(fired(), raising)).toMatchObject({
      id: 'IMP-0001',
      status: 'proposed',
      rule: 'recurring',
      owner: 'olga',
      approver: 'anton',
      triggers: ['in-1', 'in-2'],
      firstTrigger: 'snow/incident/1',
      dependencies: ['Supplier MailCo'],
      processes: ['incident management'],
      plan: { metric: 'weekly-rate', caseKeys: ['recurrence:svc-1/mail/smtp'], categories: ['incident'], baselineEnd: day(-26) },
      title: 'Recurring incident: E-mail cannot be sent (2 in 30 days)',
    });
    expect(raise(fired(), raising).riskStatement).toContain('Service: E-mail.');
  });

  test('a title that a stranger wrote stays on one line and within length', () => {
    const title = `Mail\r\n\u0000broken ${'x'.repeat(500)}\u2028!`;
    const improvement = raise(fired([input('1', day(1), { title })]), raising);
    expect(improvement.title).not.toMatch(/[\p{Cc}\u2028]/u);
    expect(improvement.title.length).toBeLessThanOrEqual(200);
    expect(improvement.description.split('\n')).toHaveLength(4);
  });

  test('the target date is a day of the organisation, also just after midnight there and over the change of clocks', () => {
    const at = '2026-03-28T23:30:00.000Z'; // 00:30 on 29 March in Berlin, the night of the change
    expect(localDate(at, 'Europe/Berlin')).toBe('2026-03-29');
    expect(localDate(at, 'America/New_York')).toBe('2026-03-28');
    const { priority, targetDate } = raise(fired(), { ...raising, at });
    expect(targetDate).toBe(plusCalendarDays('2026-03-29', policy.targetDays[priority.band]));
    expect(plusCalendarDays('2026-03-29', 30)).toBe('2026-04-28');
  });
});

describe('the identity of a write', () => {
  const identity = identityOf(raise(fired(), raising), { installation: 'here', target: 'jira/issue', step: 'create' });

  test('does not depend on the running number, nor on triggers that join later', () => {
    const other = raise(fired(), { ...raising, number: 'IMP-0777', at: day(9) });
    const grown = { ...other, triggers: [...other.triggers, 'in-9'], caseKeys: [...other.caseKeys, 'record:snow/incident/9'] };
    expect(idempotencyKey(identityOf(grown, { installation: 'here', target: 'jira/issue', step: 'create' }), sha256)).toBe(
      idempotencyKey(identity, sha256),
    );
    expect(idempotencyKey(identity, sha256)).toMatch(/^[0-9a-f]{64}$/);
  });

  test('differs in every part, and parts cannot be shifted into each other', () => {
    const changed = Object.keys(identity).map((part) => ({ ...identity, [part]: part === 'episode' ? 1 : 'x' }));
    const shifted = [
      { ...identity, target: 'a', step: 'b:c' },
      { ...identity, target: 'a","b', step: 'c' },
      { ...identity, target: 'a:b', step: 'c' },
    ];
    const keys = [identity, ...changed, ...shifted].map((each) => idempotencyKey(each, sha256));
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('the next episode of a case is another identity', () => {
    expect(nextEpisode([])).toBe(0);
    expect(nextEpisode([proposed(), proposed({ episode: 3 })])).toBe(4);
  });
});

describe('by hand', () => {
  const issue = input('10001', day(3), {
    trigger: { system: 'jira', stream: 'issue', key: '10001' },
    recurrenceKey: undefined as never,
    category: 'audit-finding',
  });
  const proposal: ByHand = {
    input: issue,
    proposer: 'peter',
    ticket: { system: 'jira', resource: 'issue', key: '10001', number: 'IMP-1', url: 'u' },
  };

  test('an issue that a person makes is a proposal with that issue as trigger and ticket', () => {
    expect(raiseByHand(proposal, raising)).toMatchObject({
      is: 'raised',
      improvement: { rule: 'by-hand', proposer: 'peter', status: 'proposed', triggers: ['in-10001'], ticket: { key: '10001' } },
    });
  });

  test('without an approved category or a known reporter it is refused with a sentence', () => {
    const refused = raiseByHand({ input: { ...issue, category: 'rumour' }, ticket: proposal.ticket }, raising);
    expect(refused).toMatchObject({ is: 'refused', missing: ['category-not-approved', 'unknown-account'] });
    expect(refused.is === 'refused' && refused.sentence).toContain('incident, major-incident, audit-finding');
  });

  test('passes the same gates as any other', () => {
    const raised = raiseByHand(proposal, raising);
    if (raised.is !== 'raised') throw new Error('should be raised');
    expect(step(raised.improvement, entry('acc-peter', 'approved', day(6)), context).is).toBe('refused');
    expect(step(raised.improvement, entry('acc-carla', 'approved', day(6)), context).improvement.status).toBe('approved');
  });
});

test('a follow-on keeps case, target and baseline, because a newer baseline would hold the burst', () => {
  const earlier = proposed({ measurements: [{ ...measurement(proposed(), 'not-effective', day(90)), final: true }] });
  const followOn = raiseLinked(earlier, [input('1', day(1))], 'follow-on', { ...raising, number: 'IMP-0002', episode: 1 });
  expect(followOn).toMatchObject({
    id: 'IMP-0002',
    followOnOf: 'IMP-0001',
    status: 'proposed',
    plan: earlier.plan,
    decisions: [],
    measurements: [],
  });
  const third = raiseLinked({ ...followOn, measurements: earlier.measurements }, [input('1', day(1))], 'follow-on', {
    ...raising,
    number: 'IMP-0003',
    episode: 2,
  });
  expect(third.title).toBe(`Follow-on of IMP-0002: ${earlier.title}`);
});

describe('priority', () => {
  const trigger = fc
    .record({
      severity: fc.constantFrom(...severities),
      requirement: fc.option(fc.constantFrom('8.6.1', 'A.5'), { nil: undefined }),
      service: fc.constantFrom('a', 'b'),
      at: fc.nat(100),
    })
    .map(
      ({ severity, requirement, service, at }) =>
        (index: number) =>
          input(`${index}`, day(at), { severity, serviceIds: [service], ...(requirement === undefined ? {} : { requirement }) }),
    );
  const triggers = fc.array(trigger, { minLength: 1, maxLength: 30 }).map((made) => made.map((make, index) => make(index)));
  const weights = fc.record({
    customerImpact: fc.nat(10),
    recurrence: fc.nat(10),
    operationalRisk: fc.nat(10),
    complianceRisk: fc.nat(10),
    effort: fc.nat(10),
  });
  const kinds = fc.constantFrom('service' as const, 'corrective-action' as const);

  test('lies between 0 and 100, each factor between 0 and 5 with a reason, and the rationale names the score', () => {
    fc.assert(
      fc.property(triggers, weights, kinds, (of, by, kind) => {
        const { score, factors, rationale } = prioritise({ triggers: of, kind, weights: by });
        const sound = (factor: PriorityFactor): boolean =>
          factor.score >= 0 && factor.score <= 5 && Number.isInteger(factor.score) && factor.because !== '';
        return score >= 0 && score <= 100 && factors.length === 5 && factors.every(sound) && rationale.includes(`${score} of 100`);
      }),
      { seed: 7 },
    );
  });

  test('never falls when further triggers join', () => {
    fc.assert(
      fc.property(triggers, weights, kinds, (of, by, kind) => {
        const scores = of.map((_each, index) => prioritise({ triggers: of.slice(0, index + 1), kind, weights: by }).score);
        return scores.every((score, index) => index === 0 || score >= (scores[index - 1] ?? 0));
      }),
      { seed: 8 },
    );
  });

  test('a lone trifle is last, a burst of critical incidents against a contract is first', () => {
    const trifle = prioritise({ triggers: [input('1', day(1), { severity: 'low' })], kind: 'service', weights: policy.priority });
    const severe = Array.from({ length: 20 }, (_each, index) =>
      input(`${index}`, day(index), { severity: 'critical', requirement: 'SLA 4 h' }),
    );
    expect(trifle.band).toBe('p4');
    expect(prioritise({ triggers: severe, kind: 'service', weights: policy.priority }).band).toBe('p1');
    expect(prioritise({ triggers: severe, kind: 'service', weights: policy.priority }).rationale).toMatch(
      /^Priority P1, \d+ of 100: mostly .+\.$/,
    );
  });
});
