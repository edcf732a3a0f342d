import { describe, expect, test } from '@jest/globals';
import { step, type Improvement, type LifecycleEvent, type StepResult, type TicketReading } from '../../../src/domain/index.js';
import { change, changeRef, context, day, entry, evidence, goodReading, measurement, policy, proposed } from '../world.js';

function run(improvement: Improvement, ...events: readonly LifecycleEvent[]): Improvement {
  return events.reduce((each, event) => step(each, event, context).improvement, improvement);
}

function refused(result: StepResult): Extract<StepResult, { is: 'refused' }> {
  if (result.is !== 'refused') throw new Error(`expected a refusal, got ${result.is}`);
  return result;
}

const approve = (): LifecycleEvent => entry('acc-anton', 'approved', day(7));
const approved = (): Improvement => run(proposed(), approve());
const link = (): LifecycleEvent => ({ is: 'change-linked', at: day(8), change: change({}) });
const begin = (): LifecycleEvent => ({
  is: 'change-read',
  at: day(15),
  ref: changeRef,
  state: { type: 'normal', phase: 'implementing', approval: 'approved', approvedAt: day(10), startedAt: day(14) },
});
const end = (): LifecycleEvent => ({
  is: 'change-read',
  at: day(21),
  ref: changeRef,
  state: { type: 'normal', phase: 'completed', approval: 'approved', approvedAt: day(10), startedAt: day(14), endedAt: day(20) },
  evidence: evidence(),
});
const reviewing = (): Improvement => run(approved(), link(), begin(), end());
const measured = (result: 'effective' | 'not-effective' | 'inconclusive', at = day(83)): LifecycleEvent => ({
  is: 'measured',
  at,
  measurement: measurement(proposed(), result, at),
});

describe('deciding', () => {
  test('an entitled person approves with rationale, objective and plan, and the plan is frozen', () => {
    const improvement = run(proposed(), entry('acc-anton', 'approved', day(7), { ...goodReading, plan: { reduceBy: 0.5 } }));
    expect(improvement.status).toBe('approved');
    expect(improvement.plan.reduceBy).toBe(0.5);
    expect(improvement.decisions).toMatchObject([
      { kind: 'approved', by: 'anton', account: 'acc-anton', objective: 'availability', plan: { reduceBy: 0.5 } },
    ]);
  });

  test.each<[string, string, TicketReading, string]>([
    ['without a rationale', 'acc-anton', { objective: 'availability' }, 'rationale-missing'],
    ['with a blank rationale', 'acc-anton', { objective: 'availability', rationale: ' \n' }, 'rationale-missing'],
    ['without an objective', 'acc-anton', { rationale: 'yes' }, 'objective-missing'],
    ['for an objective that the policy does not know', 'acc-anton', { rationale: 'yes', objective: 'world peace' }, 'objective-missing'],
    ['with an emptied target', 'acc-anton', { ...goodReading, plan: { reduceBy: null } }, 'plan-incomplete'],
    ['with a target out of range', 'acc-anton', { ...goodReading, plan: { reduceBy: 7 } }, 'plan-incomplete'],
    ['by the owner', 'acc-olga', goodReading, 'is-owner'],
    ['by somebody who is not entitled', 'acc-peter', goodReading, 'not-entitled'],
    ['by somebody who has left', 'acc-fred', goodReading, 'person-left'],
    ['by an account that nobody knows', 'acc-nobody', goodReading, 'unknown-account'],
    [
      'by the one who last edited the target',
      'acc-anton',
      { ...goodReading, lastPlanEditor: { actor: { id: 'acc-anton', kind: 'person' }, system: 'jira', at: day(6) } },
      'last-editor',
    ],
  ])('an approval %s is refused, and the sentence says what is missing', (_what, account, reading, code) => {
    const result = refused(step(proposed(), entry(account, 'approved', day(7), reading), context));
    expect(result.missing).toContain(code);
    expect(result.improvement.status).toBe('proposed');
    expect(result.improvement.decisions).toEqual([]);
    expect(result.sentence).toMatch(/^IMP-0001 stays proposed: moving it to approved needs .+\.$/);
    expect(result.sentence.split('\n')).toHaveLength(1);
  });

  test('an app decides nothing, even under an account that is entitled', () => {
    const result = refused(
      step(proposed(), entry('acc-anton', 'approved', day(7), goodReading, { actor: { id: 'acc-anton', kind: 'app' } }), context),
    );
    expect(result.code).toBe('not-a-person');
  });

  test('the owner may approve where the policy does not separate the two', () => {
    const lenient = { ...context, policy: { ...policy, roles: { ...policy.roles, separateOwnerAndApprover: false, approvers: ['olga'] } } };
    expect(step(proposed(), entry('acc-olga', 'approved', day(7)), lenient).improvement.status).toBe('approved');
  });

  test('handing the ticket to somebody else for a minute does not let the owner approve it', () => {
    const lenient = { ...context, policy: { ...policy, roles: { ...policy.roles, approvers: ['olga'] } } };
    const handed = step(proposed(), entry('acc-olga', undefined, day(6), { owner: 'peter' }), lenient).improvement;
    expect(handed.owner).toBe('peter');
    expect(refused(step(handed, entry('acc-olga', 'approved', day(7)), lenient)).missing).toContain('is-owner');
  });

  test('a refused move is moved back at most once, and every refusal is kept', () => {
    const first = refused(step(proposed(), entry('acc-peter', 'approved', day(6)), context));
    expect(first.moveBackTo).toBe('proposed');
    const second = refused(step(first.improvement, entry('acc-peter', 'approved', day(7)), context));
    expect(second.moveBackTo).toBeUndefined();
    expect(second.improvement.refusals).toHaveLength(2);
  });

  test('an entry that was taken is not taken again', () => {
    const event = approve();
    const once = step(proposed(), event, context).improvement;
    const twice = step(once, event, context);
    expect(twice.is).toBe('unchanged');
    expect(twice.improvement).toBe(once);
  });

  test('a deferred one needs a review date in the future and comes back on it, not before', () => {
    expect(refused(step(proposed(), entry('acc-anton', 'deferred', day(7), { rationale: 'later' }), context)).missing).toEqual([
      'review-date-missing',
    ]);
    const deferred = run(proposed(), entry('acc-anton', 'deferred', day(7), { rationale: 'later', reviewDate: '2026-04-01' }));
    expect(deferred.status).toBe('deferred');
    expect(step(deferred, { is: 'review-date-reached', at: '2026-03-31T21:59:00.000Z' }, context).is).toBe('unchanged');
    // 1 April begins at 22:00 UTC in Berlin
    expect(step(deferred, { is: 'review-date-reached', at: '2026-03-31T22:00:00.000Z' }, context).improvement.status).toBe('proposed');
  });

  test('on hold returns to where it was and nowhere else', () => {
    const held = run(approved(), entry('acc-olga', 'on-hold', day(9), { reason: 'freeze' }));
    expect(held).toMatchObject({ status: 'on-hold', heldFrom: 'approved' });
    for (const to of ['proposed', 'implementing', 'reviewing', 'closed'] as const)
      expect(refused(step(held, entry('acc-olga', to, day(10)), context)).improvement.status).toBe('on-hold');
    const back = run(held, entry('acc-olga', 'approved', day(10)));
    expect(back.status).toBe('approved');
    expect(back.heldFrom).toBeUndefined();
    expect(back.decisions).toHaveLength(1);
  });

  test('withdrawn needs an entitled person and a reason', () => {
    expect(refused(step(proposed(), entry('acc-peter', 'withdrawn', day(6), {}), context)).missing).toEqual([
      'not-entitled',
      'reason-missing',
    ]);
    expect(run(proposed(), entry('acc-anton', 'withdrawn', day(6), { reason: 'obsolete' })).status).toBe('withdrawn');
  });
});

describe('carrying out', () => {
  test('the start and the completion of the change move it on, with nobody moving the ticket', () => {
    const started = step(run(approved(), link()), begin(), context);
    expect(started).toMatchObject({ is: 'moved', improvement: { status: 'implementing' } });
    expect(step(started.improvement, end(), context)).toMatchObject({ is: 'moved', improvement: { status: 'reviewing' } });
  });

  test('nobody moves it to implementing by hand, and the answer says what does', () => {
    const result = refused(step(approved(), entry('acc-olga', 'implementing', day(9)), context));
    expect(result.sentence).toContain('happens by itself when the work on a linked change has begun');
  });

  test('a completed change without evidence does not count as completed', () => {
    const { evidence: _none, ...bare } = end() as Extract<LifecycleEvent, { is: 'change-read' }>;
    const waiting = run(approved(), link(), begin(), bare);
    expect(waiting.status).toBe('implementing');
    expect(run(waiting, { is: 'evidence-added', at: day(22), evidence: evidence() }).status).toBe('reviewing');
  });

  test.each<[string, LifecycleEvent]>([
    [
      'failed',
      {
        is: 'change-read',
        at: day(16),
        ref: changeRef,
        state: { type: 'normal', phase: 'failed', approval: 'approved', startedAt: day(14) },
      },
    ],
    ['cancelled', { is: 'change-read', at: day(16), ref: changeRef, state: { type: 'normal', phase: 'cancelled', approval: 'approved' } }],
    ['rejected', { is: 'change-read', at: day(16), ref: changeRef, state: { type: 'normal', phase: 'planned', approval: 'rejected' } }],
    ['deleted', { is: 'change-read', at: day(16), ref: changeRef, missing: true }],
  ])('a change that was %s leads back to approved, its edge stays, and another one carries on', (_how, event) => {
    const back = run(approved(), link(), begin(), event);
    expect(back.status).toBe('approved');
    expect(back.changes).toHaveLength(1);
    const second = { system: 'snow', stream: 'change_request', key: 'chg-2' };
    const on = run(back, {
      is: 'change-linked',
      at: day(17),
      change: change({ phase: 'implementing', startedAt: day(17) }, { ref: second, number: 'CHG2' }),
    });
    expect(on.status).toBe('implementing');
    expect(on.changes.map((each) => each.supersededBy)).toEqual(['snow/change_request/chg-2', undefined]);
  });

  test('it is complete when all required changes are, and one that need not be done does not hold it up', () => {
    const second = { system: 'snow', stream: 'change_request', key: 'chg-2' };
    const extra = { system: 'snow', stream: 'change_request', key: 'chg-3' };
    const both = run(
      approved(),
      link(),
      { is: 'change-linked', at: day(9), change: change({}, { ref: second, number: 'CHG2' }) },
      { is: 'change-linked', at: day(9), change: change({}, { ref: extra, number: 'CHG3', required: false }) },
      begin(),
      end(),
    );
    expect(both.status).toBe('implementing');
    const done = run(both, {
      is: 'change-read',
      at: day(30),
      ref: second,
      state: { type: 'normal', phase: 'completed', approval: 'approved', endedAt: day(29) },
      evidence: evidence(second, day(30)),
    });
    expect(done.status).toBe('reviewing');
  });

  test('a change of the target after approval must be approved again; the priority and the rest of the ticket may be edited', () => {
    const edited = step(approved(), entry('acc-olga', undefined, day(9), { title: 'Better title', plan: { reduceBy: 0.3 } }), context);
    expect(edited).toMatchObject({ is: 'unchanged', improvement: { title: 'Better title', status: 'approved' } });
    const eased = step(approved(), entry('acc-olga', undefined, day(9), { plan: { reduceBy: 0.05 } }), context);
    expect(eased).toMatchObject({ is: 'moved', improvement: { status: 'proposed', plan: { reduceBy: 0.05 } } });
    expect(step(reviewing(), entry('acc-olga', undefined, day(60), { plan: { reduceBy: 0.05 } }), context).improvement.status).toBe(
      'proposed',
    );
    expect(step(approved(), entry('acc-olga', undefined, day(9), { serviceIds: ['wiki'] }), context).improvement.status).toBe('proposed');
  });

  test('a target that is changed while it is on hold brings it back as proposed', () => {
    const held = run(
      approved(),
      entry('acc-olga', 'on-hold', day(9), { reason: 'freeze' }),
      entry('acc-olga', undefined, day(10), { plan: { windowWeeks: 2 } }),
    );
    expect(held).toMatchObject({ status: 'on-hold', heldFrom: 'proposed' });
  });
});

describe('closing', () => {
  test('the owner closes an effective one with notes', () => {
    const closed = run(reviewing(), measured('effective'), entry('acc-olga', 'closed', day(84)));
    expect(closed).toMatchObject({ status: 'closed', closure: { by: 'olga', result: 'effective', notes: 'Works as planned' } });
  });

  test('the daemon closes an effective one only where the policy says so', () => {
    const automatic = { ...context, policy: { ...policy, closeEffectiveAutomatically: true } };
    expect(step(reviewing(), measured('effective'), context).improvement.status).toBe('reviewing');
    expect(step(reviewing(), measured('effective'), automatic).improvement).toMatchObject({
      status: 'closed',
      closure: { by: 'golden-thread' },
    });
    expect(step(reviewing(), measured('not-effective'), automatic).improvement.status).toBe('reviewing');
  });

  test('closing without a measurement is refused and stays visible as a violation', () => {
    const result = refused(step(reviewing(), entry('acc-olga', 'closed', day(40)), context));
    expect(result.missing).toContain('measurement-missing');
    expect(result.improvement).toMatchObject({ status: 'reviewing', violations: [{ code: 'closed-without-guard', by: 'olga' }] });
  });

  test('one that did not work is closed only after its follow-on is decided', () => {
    const failed = run(reviewing(), measured('not-effective'));
    expect(refused(step(failed, entry('acc-olga', 'closed', day(84)), context)).missing).toEqual(['follow-on-missing']);
    const raised = run(failed, { is: 'follow-on-raised', at: day(84), id: 'IMP-0002' });
    expect(refused(step(raised, entry('acc-olga', 'closed', day(85)), context)).missing).toEqual(['follow-on-missing']);
    const decided = run(raised, { is: 'follow-on-decided', at: day(86), id: 'IMP-0002', by: 'anton', kind: 'approved' });
    expect(run(decided, entry('acc-olga', 'closed', day(87)))).toMatchObject({
      status: 'closed',
      closure: { result: 'not-effective', followOn: 'IMP-0002' },
    });
  });

  test('or after somebody who may has accepted the result with a reason', () => {
    const failed = run(reviewing(), measured('not-effective'));
    const accept = (account: string, reason: string): LifecycleEvent => ({
      is: 'accepted',
      at: day(84),
      historyId: `a-${account}`,
      system: 'jira',
      actor: { id: account, kind: 'person' },
      reason,
    });
    expect(refused(step(failed, accept('acc-olga', 'good enough'), context)).missing).toEqual(['not-entitled']);
    expect(refused(step(failed, accept('acc-carla', ' '), context)).missing).toEqual(['reason-missing']);
    const accepted = run(failed, accept('acc-carla', 'the service ends in May'));
    expect(run(accepted, entry('acc-olga', 'closed', day(85)))).toMatchObject({
      status: 'closed',
      closure: { acceptance: { by: 'carla' } },
    });
    expect(run(failed, entry('acc-carla', 'closed', day(85), { closureNotes: 'the service ends in May' }))).toMatchObject({
      status: 'closed',
      closure: { by: 'carla', acceptance: { by: 'carla', rationale: 'the service ends in May' } },
    });
  });

  test('an inconclusive window is extended twice, and only then may it be accepted', () => {
    const once = run(reviewing(), measured('inconclusive', day(83)));
    expect(once).toMatchObject({ status: 'reviewing', extensions: 1 });
    const close = (at: string): LifecycleEvent => entry('acc-carla', 'closed', at, { closureNotes: 'fine' });
    expect(refused(step(once, close(day(84)), context)).missing).toContain('measurement-missing');
    const thrice = run(once, measured('inconclusive', day(139)), measured('inconclusive', day(195)));
    expect(thrice.extensions).toBe(2);
    expect(run(thrice, close(day(196)))).toMatchObject({ status: 'closed', closure: { result: 'inconclusive' } });
  });

  test('an effective result against a plan that was approved after the work began needs an acceptance', () => {
    const late = run(proposed(), entry('acc-anton', 'approved', day(16)), link(), begin(), end(), measured('effective'));
    expect(refused(step(late, entry('acc-olga', 'closed', day(84)), context)).missing).toContain('plan-frozen-late');
    expect(run(late, entry('acc-carla', 'closed', day(84), { closureNotes: 'the target never changed' })).status).toBe('closed');
  });

  test('a ticket that is reopened after closure is a violation and asks for a new improvement, once', () => {
    const closed = run(reviewing(), measured('effective'), entry('acc-olga', 'closed', day(84)));
    const reopened = refused(step(closed, entry('acc-olga', 'proposed', day(90)), context));
    expect(reopened).toMatchObject({
      raiseLinked: true,
      improvement: { status: 'closed', violations: [{ code: 'reopened-after-closure' }] },
    });
    expect(refused(step(reopened.improvement, entry('acc-olga', 'approved', day(91)), context)).raiseLinked).toBeUndefined();
  });

  test('our own write that comes back changes nothing', () => {
    const result = step(reviewing(), entry('acc-bot', 'implementing', day(22), {}, { ours: true }), context);
    expect(result).toMatchObject({ is: 'unchanged', improvement: { status: 'reviewing' } });
    expect(result.improvement.refusals ?? []).toEqual([]);
  });
});
