import { describe, expect, test } from '@jest/globals';
import { completionOf, outcomeOf, verifyChange, type ChangeState, type Improvement } from '../../../src/domain/index.js';
import { change, day, policy, proposed } from '../world.js';

describe('a change went through change control', () => {
  const verdict = (state: Partial<ChangeState>, at = day(30)): string => {
    const found = verifyChange(change({ approval: 'approved', phase: 'completed', ...state }), policy, at);
    return found.is === 'verified' ? 'verified' : `${found.is} ${found.code}`;
  };

  test.each<[string, Partial<ChangeState>, string]>([
    ['approved before its work began', { approvedAt: day(1), startedAt: day(2) }, 'verified'],
    ['approved at the very moment', { approvedAt: day(2), startedAt: day(2) }, 'verified'],
    ['begun before its approval', { approvedAt: day(3), startedAt: day(2) }, 'violation change-started-before-approval'],
    ['never approved', { approval: 'requested', startedAt: day(2) }, 'violation change-not-approved'],
    ['rejected', { approval: 'rejected' }, 'violation change-rejected'],
    ['with a start that nobody recorded', { approvedAt: day(1) }, 'gap change-start-unknown'],
    ['with an approval that nobody dated', { startedAt: day(2) }, 'gap change-approval-undated'],
    ['not begun and not approved', { phase: 'planned', approval: 'requested' }, 'gap change-approval-waiting'],
    [
      'standard, by its template',
      { type: 'standard', approval: 'not-requested', template: 'Restart relay', startedAt: day(2) },
      'verified',
    ],
    ['standard, approved on its own', { type: 'standard', approvedAt: day(1), startedAt: day(2) }, 'verified'],
    ['standard, without either', { type: 'standard', approval: 'not-requested', startedAt: day(2) }, 'gap change-template-unknown'],
    ['emergency, approved within five days', { type: 'emergency', approvedAt: day(7), startedAt: day(2) }, 'verified'],
    ['emergency, approved later', { type: 'emergency', approvedAt: day(7.1), startedAt: day(2) }, 'violation change-approved-late'],
    [
      'emergency, still waiting after five days',
      { type: 'emergency', approval: 'requested', startedAt: day(2) },
      'violation change-approved-late',
    ],
    [
      'emergency, still waiting within five days',
      { type: 'emergency', approval: 'requested', startedAt: day(28) },
      'gap change-approval-waiting',
    ],
    ['emergency, start unknown', { type: 'emergency', approval: 'requested' }, 'gap change-start-unknown'],
  ])('%s', (_what, state, expected) => {
    expect(verdict(state)).toBe(expected);
  });
});

describe('completion', () => {
  test.each<[Partial<ChangeState>, string]>([
    [{ phase: 'planned' }, 'planned'],
    [{ phase: 'implementing' }, 'started'],
    [{ phase: 'completed' }, 'done'],
    [{ phase: 'completed-with-issues' }, 'done-with-issues'],
    [{ phase: 'failed' }, 'not-done'],
    [{ phase: 'cancelled' }, 'not-done'],
    [{ phase: 'completed', approval: 'rejected' }, 'not-done'],
  ])('%j is %s', (state, outcome) => {
    expect(outcomeOf(change(state))).toBe(outcome);
  });

  test('one that vanished before it was completed is not done; afterwards it stays done', () => {
    expect(outcomeOf(change({ phase: 'implementing' }, { missingSince: day(3) }))).toBe('not-done');
    expect(outcomeOf(change({ phase: 'completed' }, { missingSince: day(3) }))).toBe('done');
  });

  test('several are complete at the last actual end', () => {
    const both = [
      change({ phase: 'completed', endedAt: day(3) }),
      change({ phase: 'completed-with-issues', endedAt: day(9) }, { number: 'CHG2' }),
    ];
    expect(completionOf(proposed({ changes: both }))).toMatchObject({ complete: true, flagged: true, lastEndAt: day(9) });
    expect(completionOf(proposed({ changes: [] })).complete).toBe(false);
  });

  test('without a change, it takes an authorisation and evidence that was filed after it; what stood there before shows work that nobody had authorised', () => {
    const lightPath = { form: 'light-path', at: day(6), by: 'anton', account: 'a', historyId: '1', because: 'small' } as const;
    const document = (at: string) => ({ kind: 'document' as const, at, hash: at, content: {} });
    const at = (more: Partial<Improvement>) => completionOf(proposed({ change: 'none', ...more }));
    expect(at({ evidence: [document(day(7))] })).toMatchObject({ started: false, complete: false });
    expect(at({ lightPath })).toMatchObject({ started: true, complete: false, firstStartAt: day(6) });
    expect(at({ lightPath, evidence: [document(day(5))] }).complete).toBe(false);
    expect(at({ lightPath, evidence: [document(day(6))] }).complete).toBe(false);
    expect(at({ lightPath, evidence: [document(day(9)), document(day(7))] })).toMatchObject({ complete: true, lastEndAt: day(7) });
    expect(at({ lightPath, evidence: [document(day(7))], changes: [change({})] }).complete).toBe(false);
  });
});
