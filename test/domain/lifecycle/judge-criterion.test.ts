import { describe, expect, test } from '@jest/globals';
import {
  type CriterionPlan,
  type Improvement,
  planAsRead,
  planDiffers,
  step,
  type StepResult,
  type TicketReading,
} from '../../../src/domain/index.js';
import { change, context, day, entry, evidence, proposed } from '../world.js';

const criterion = 'Both shifts have rehearsed the restart.';

/** Under review since day 22, with a criterion that Carla judges; its change ended on day 21 and settles for a week. */
function underReview(): Improvement {
  const { caseKeys, categories, baselineEnd } = proposed().plan;
  const plan: CriterionPlan = { metric: 'criterion', criterion, judge: 'carla', settleDays: 7, caseKeys, categories, baselineEnd };
  const done = change({ phase: 'completed', approval: 'approved', startedAt: day(20), endedAt: day(21) });
  return proposed({
    status: 'reviewing',
    plan,
    changes: [done],
    evidence: [evidence(done.ref, day(21))],
    decisions: [
      {
        kind: 'approved',
        at: day(8),
        by: 'anton',
        account: 'acc-anton',
        rationale: 'It hurts',
        objective: 'availability',
        plan,
        historyId: '1',
      },
    ],
  });
}

/** Somebody sets the field, at the entry that says so. */
function judged(account: string, at: string, more: Partial<NonNullable<TicketReading['judgement']>> = {}, id = '77'): StepResult {
  const reading: TicketReading = {
    judgement: { met: true, evidence: 'Protocol of 3 May', ...more },
    judgementBy: { actor: { id: account, kind: 'person' }, system: 'jira', at, historyId: id },
  };
  return step(underReview(), entry(account, undefined, at, reading), context);
}

describe('an acceptance criterion', () => {
  test('is met when the person whom the plan names says so with evidence, and the plan is measured with that', () => {
    const { improvement } = judged('acc-carla', day(30));
    expect(improvement.measurements).toMatchObject([
      { result: 'effective', final: true, judged: { by: 'carla', met: true, evidence: 'Protocol of 3 May', criterion } },
    ]);
    const closed = step(improvement, entry('acc-olga', 'closed', day(31), { closureNotes: 'Done' }), context);
    expect(closed).toMatchObject({ is: 'moved', improvement: { status: 'closed', closure: { result: 'effective', by: 'olga' } } });
  });

  test('that is not met needs a follow-on like any other result', () => {
    const { improvement } = judged('acc-carla', day(30), { met: false });
    expect(improvement.measurements).toMatchObject([{ result: 'not-effective', reason: 'criterion-not-met' }]);
    expect(step(improvement, entry('acc-olga', 'closed', day(31), { closureNotes: 'Done' }), context)).toMatchObject({
      is: 'refused',
      code: 'follow-on-missing',
    });
  });

  test.each([
    ['acc-peter', day(30), {}, 'not-the-judge'],
    ['acc-olga', day(30), {}, 'not-the-judge'],
    ['acc-carla', day(30), { evidence: '  ' }, 'judgement-evidence-missing'],
    ['acc-carla', day(25), {}, 'judged-too-early'],
  ])('is not judged by %s on %s with %j: %s', (account, at, more, code) => {
    const result = judged(account, at, more);
    expect(result).toMatchObject({ is: 'refused', code });
    expect(result.improvement.measurements).toEqual([]);
    expect(result).not.toHaveProperty('moveBackTo');
  });

  test('is refused once for one judgement, and taken when it is written anew', () => {
    const refused = judged('acc-carla', day(25)).improvement;
    const reading = (id: string, at: string): TicketReading => ({
      judgement: { met: true, evidence: 'Protocol' },
      judgementBy: { actor: { id: 'acc-carla', kind: 'person' }, system: 'jira', at, historyId: id },
    });
    expect(step(refused, entry('acc-olga', undefined, day(26), reading('77', day(25))), context).is).toBe('unchanged');
    expect(step(refused, entry('acc-carla', undefined, day(30), reading('78', day(30))), context).improvement.measurements).toHaveLength(1);
  });

  test('whose judge owns the improvement by now is not judged by them', () => {
    const owned = { ...underReview(), owner: 'carla' };
    const reading: TicketReading = {
      owner: 'carla',
      judgement: { met: true, evidence: 'Protocol' },
      judgementBy: { actor: { id: 'acc-carla', kind: 'person' }, system: 'jira', at: day(30), historyId: '79' },
    };
    expect(step(owned, entry('acc-carla', undefined, day(30), reading), context)).toMatchObject({ is: 'refused', code: 'judge-is-owner' });
  });
});

describe('a plan in the ticket', () => {
  test('becomes one that a person judges when a criterion is filled in, and is incomplete without a judge other than the owner', () => {
    const improvement = proposed();
    const said = { metric: 'criterion', criterion, reduceBy: 0.3, windowWeeks: 8 };
    expect(planAsRead(improvement, { plan: { ...said, judge: 'carla' } })).toMatchObject({
      plan: { metric: 'criterion', criterion, judge: 'carla' },
      missing: [],
    });
    expect(planAsRead(improvement, { plan: { ...said, judge: null } }).missing).toEqual(['judge']);
    expect(planAsRead(improvement, { plan: said }).missing).toEqual(['judge']);
    expect(planAsRead(improvement, { plan: { ...said, judge: improvement.owner } }).missing).toEqual(['a judge other than the owner']);
    expect(planAsRead(underReview(), { plan: { criterion: null, judge: 'carla' } }).missing).toEqual(['criterion']);
  });

  test('takes a value instead of a share, and goes back to the share when the value is emptied', () => {
    const improvement = proposed();
    const { plan, missing } = planAsRead(improvement, { plan: { target: 4, reduceBy: null } });
    expect([plan, missing]).toMatchObject([{ target: 4 }, []]);
    expect(planAsRead({ ...improvement, plan }, { plan: { target: null, reduceBy: 0.5 } }).plan).toMatchObject({ reduceBy: 0.5 });
    expect(planAsRead({ ...improvement, plan }, { plan: { target: null } }).plan).not.toHaveProperty('target');
    expect(planAsRead(improvement, { plan: { reduceBy: null } }).missing).toEqual(['reduceBy']);
  });

  test('of one kind does not differ by what it has no use for', () => {
    expect(planDiffers(underReview(), underReview().plan, { plan: { reduceBy: 0.9, windowWeeks: 3, criterion, judge: 'carla' } })).toBe(
      false,
    );
    expect(planDiffers(underReview(), underReview().plan, { plan: { criterion: 'Something easier.' } })).toBe(true);
    const rate = proposed();
    expect(planDiffers(rate, rate.plan, { plan: { criterion: null, judge: null, target: null } })).toBe(false);
    expect(planDiffers(rate, rate.plan, { plan: { target: 9 } })).toBe(true);
  });
});
