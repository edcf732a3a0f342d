import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  gapKinds,
  gapsOf,
  hashJson,
  Policy,
  step,
  threadOf,
  type ChangeState,
  type Decision,
  type Evidence,
  type GapCode,
  type Improvement,
  type LifecycleContext,
  type LifecycleEvent,
  type LinkedChange,
} from '../../../src/domain/index.js';
import { change, changeRef, context, day, entry, goodReading, input, measurement, proposed } from '../world.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const inputs = [0, 1, 2, 3, 4].map((index) => input(`${index}`, day(index)));
const lenient: LifecycleContext = {
  ...context,
  policy: Policy.parse({ ...context.policy, lightPath: [{ kinds: ['sms'] }], contractAmendment: {} }),
};

function kept(kind: Evidence['kind'], at: string, more: Partial<Evidence> = {}): Evidence {
  const content = { of: kind, at };
  return { kind, at, content, hash: hashJson(content, sha256), ...more };
}

const run = (improvement: Improvement, ...events: readonly LifecycleEvent[]): Improvement =>
  events.reduce((each, event) => step(each, event, lenient).improvement, improvement);

const state: ChangeState = {
  type: 'normal',
  phase: 'completed',
  approval: 'approved',
  approvedAt: day(10),
  startedAt: day(14),
  endedAt: day(20),
};
const approvalReading = { ...goodReading, cause: 'Nobody owned it', plannedControls: ['Handbook 4.2'] };
const closingReading = {
  ...goodReading,
  similarElsewhere: 'None found',
  updatedControls: [{ title: 'The handbook 4.2', url: 'https://wiki.example/42' }],
};

/** Closed with everything, its change included. */
function closed(more: Partial<Improvement> = {}): Improvement {
  return run(
    proposed(more),
    entry('acc-anton', undefined, day(6), approvalReading),
    entry('acc-anton', 'approved', day(7), approvalReading),
    { is: 'change-linked', at: day(8), change: change({}) },
    { is: 'change-read', at: day(21), ref: changeRef, state, evidence: kept('change-completion', day(21), { ref: changeRef }) },
    { is: 'measured', at: day(83), measurement: measurement(proposed(), 'effective', day(83)) },
    entry('acc-olga', 'closed', day(84), closingReading),
  );
}

/** Closed with everything, on a path without a change. */
function closedWithout(more: Partial<Improvement>): Improvement {
  const author = { actor: { id: 'acc-carla', kind: 'person' as const }, system: 'jira', at: day(8), historyId: '5000' };
  return run(
    proposed({ change: 'none', ...more }),
    entry('acc-anton', 'approved', day(7), approvalReading),
    entry('acc-carla', undefined, day(8), { ...approvalReading, lightPath: 'A page only', lightPathBy: author }),
    { is: 'evidence-added', at: day(9), evidence: kept('document', day(9)) },
    { is: 'measured', at: day(83), measurement: measurement(proposed(), 'effective', day(83)) },
    entry('acc-olga', 'closed', day(84), closingReading),
  );
}

const missed = (): Improvement =>
  run(
    proposed(),
    entry('acc-anton', 'approved', day(7), approvalReading),
    { is: 'change-linked', at: day(8), change: change({}) },
    { is: 'change-read', at: day(21), ref: changeRef, state, evidence: kept('change-completion', day(21), { ref: changeRef }) },
    { is: 'measured', at: day(83), measurement: measurement(proposed(), 'not-effective', day(83)) },
    entry('acc-carla', 'closed', day(84), closingReading),
  );

const corrective = (): Improvement => closed({ kind: 'corrective-action' });
const light = (): Improvement => closedWithout({ kind: 'sms' });
const amended = (): Improvement => closedWithout({ kind: 'supplier' });

const codes = (improvement: Improvement, on = day(90)): readonly GapCode[] =>
  gapsOf(improvement, { ...lenient, at: on, hash: sha256 }, inputs).map(({ code }) => code);

const first = ({ changes }: Improvement): LinkedChange => changes[0] as LinkedChange;
const withState = (improvement: Improvement, more: Partial<ChangeState>, less: readonly (keyof ChangeState)[] = []): Improvement => {
  const full = Object.fromEntries(Object.entries({ ...state, ...more }).filter(([name]) => !less.includes(name as keyof ChangeState)));
  return { ...improvement, changes: [{ ...first(improvement), state: full as unknown as ChangeState }] };
};
const withApproval = (improvement: Improvement, less: readonly (keyof Decision)[], more: Partial<Decision> = {}): Improvement => ({
  ...improvement,
  decisions: improvement.decisions.map((decision) =>
    decision.kind !== 'approved'
      ? decision
      : (Object.fromEntries(
          Object.entries({ ...decision, ...more }).filter(([name]) => !less.includes(name as keyof Decision)),
        ) as unknown as Decision),
  ),
});
const without = <Name extends keyof Improvement>(improvement: Improvement, name: Name): Improvement => {
  const { [name]: _gone, ...rest } = improvement;
  return rest as unknown as Improvement;
};

describe('a complete thread', () => {
  test.each([
    ['with a change', closed()],
    ['of a corrective action', corrective()],
    ['on the light path', light()],
    ['by an amendment of a contract', amended()],
    ['with a missed target that was accepted', missed()],
  ])('%s has no gap', (_what, complete) => {
    expect(complete.status).toBe('closed');
    expect(codes(complete)).toEqual([]);
    expect(threadOf(complete, inputs, { ...lenient, at: day(90), hash: sha256 }).complete).toBe(true);
  });
});

describe('each single missing link is exactly its own gap', () => {
  const links: readonly (readonly [GapCode, string, () => Improvement])[] = [
    ['trigger-missing', 'no trigger', () => ({ ...closed(), triggers: [] })],
    ['trigger-unknown', 'a trigger that is not in the database', () => ({ ...closed(), triggers: ['in-0', 'gone'] })],
    [
      'trigger-withdrawn',
      'triggers that were all withdrawn',
      () =>
        run(
          { ...closed(), triggers: ['in-0'] },
          { is: 'trigger-withdrawn', at: day(85), trigger: { input: 'in-0', number: 'INC0', at: day(6) } },
        ),
    ],
    [
      'ticket-missing',
      'no ticket',
      () => without(run(proposed(), entry('acc-anton', 'deferred', day(7), { ...goodReading, reviewDate: '2026-12-01' })), 'ticket'),
    ],
    [
      'ticket-lost',
      'a ticket that is gone',
      () => ({ ...closed(), ticket: { ...(closed().ticket as NonNullable<Improvement['ticket']>), lostAt: day(85) } }),
    ],
    [
      'ticket-astray',
      'a ticket that a stranger moved, and that was not moved back',
      () =>
        run(
          proposed(),
          entry('acc-anton', 'deferred', day(7), { ...goodReading, reviewDate: '2026-12-01' }),
          entry('acc-peter', 'approved', day(8), goodReading),
        ),
    ],
    ['decision-missing', 'no decision', () => ({ ...closed(), decisions: [] })],
    [
      'decision-not-entitled',
      'an approval by somebody who is not known to have been entitled',
      () => withApproval(closed(), ['entitledAs']),
    ],
    ['rationale-missing', 'no rationale', () => withApproval(closed(), [], { rationale: '' })],
    ['objective-missing', 'no objective', () => withApproval(closed(), ['objective'])],
    ['plan-missing', 'no plan', () => withApproval(closed(), ['plan'])],
    ['plan-frozen-late', 'a plan from after the work had begun', () => withState(closed(), { approvedAt: day(5), startedAt: day(6) })],
    ['cause-missing', 'no cause', () => without(corrective(), 'cause')],
    ['change-missing', 'no change', () => ({ ...closed(), changes: [] })],
    [
      'change-unread',
      'a change that was never read',
      () => run(proposed(), entry('acc-anton', 'approved', day(7)), { is: 'change-linked', at: day(8), change: change() }),
    ],
    ['change-approval-undated', 'an approval of the change without a date', () => withState(closed(), {}, ['approvedAt'])],
    ['change-not-approved', 'a change without an approval', () => withState(closed(), { approval: 'requested' }, ['approvedAt'])],
    ['change-start-unknown', 'a change whose start nobody recorded', () => withState(closed(), {}, ['startedAt'])],
    ['change-started-before-approval', 'a change approved after its start', () => withState(closed(), { approvedAt: day(15) })],
    [
      'change-template-unknown',
      'a standard change without its template',
      () => withState(closed(), { type: 'standard', approval: 'not-requested' }, ['approvedAt']),
    ],
    [
      'change-approved-late',
      'an emergency change approved too late',
      () => withState(closed(), { type: 'emergency', approvedAt: day(40) }),
    ],
    [
      'change-approval-waiting',
      'an emergency change not approved yet',
      () => withState(closed(), { type: 'emergency', approval: 'requested', startedAt: day(88) }, ['approvedAt']),
    ],
    ['change-not-done', 'a change that failed', () => ({ ...withState(closed(), { phase: 'failed' }), status: 'approved' })],
    ['light-path-not-authorised', 'no authorisation of the light path', () => without(light(), 'lightPath')],
    ['amendment-not-authorised', 'no authorisation of the amendment', () => without(amended(), 'lightPath')],
    ['third-party-missing', 'no third party', () => ({ ...amended(), dependencies: [] })],
    ['completion-missing', 'a change that is not completed', () => withState(closed(), { phase: 'implementing' })],
    ['completion-evidence-missing', 'no snapshot', () => ({ ...closed(), evidence: [] })],
    ['completion-evidence-missing', 'no evidence on the light path', () => ({ ...light(), evidence: [] })],
    ['completion-evidence-missing', 'no evidence of the amendment', () => ({ ...amended(), evidence: [] })],
    ['change-end-unknown', 'a change whose end nobody recorded', () => withState(closed(), {}, ['endedAt'])],
    [
      'evidence-altered',
      'a snapshot that somebody wrote over',
      () => ({ ...closed(), evidence: closed().evidence.map((each) => ({ ...each, content: { of: 'something else' } })) }),
    ],
    ['effectiveness-missing', 'no measurement', () => ({ ...closed(), measurements: [] })],
    [
      'effectiveness-off-plan',
      'a measurement of another plan',
      () => withApproval(closed(), [], { plan: { ...proposed().plan, baselineEnd: day(2) } }),
    ],
    [
      'follow-on-missing',
      'a missed target without acceptance or follow-on',
      () => ({ ...missed(), decisions: missed().decisions.filter(({ kind }) => kind !== 'accepted') }),
    ],
    ['similar-elsewhere-missing', 'no word on similar nonconformities', () => without(corrective(), 'similarElsewhere')],
    [
      'closure-missing',
      'a result that nobody closed',
      () => without({ ...closed(), status: 'reviewing', updatedControls: closed().updatedControls ?? [] }, 'closure'),
    ],
    ['control-not-updated', 'a control that was promised and not updated', () => without(closed(), 'updatedControls')],
    [
      'closed-without-guard',
      'a ticket closed by hand',
      () => ({ ...closed(), violations: [{ at: day(60), code: 'closed-without-guard', what: 'closed', by: 'olga' }] }),
    ],
    ['reopened-after-closure', 'a ticket that was reopened', () => run(closed(), entry('acc-olga', 'proposed', day(90)))],
    [
      'review-date-passed',
      'a deferral whose date has passed',
      () =>
        run(proposed({ targetDate: '2027-01-01' }), entry('acc-anton', 'deferred', day(7), { ...goodReading, reviewDate: '2026-04-01' })),
    ],
    [
      'target-overdue',
      'a target date that has passed',
      () => ({
        ...run(proposed(), entry('acc-anton', 'deferred', day(7), { ...goodReading, reviewDate: '2026-12-01' })),
        targetDate: '2026-05-01',
      }),
    ],
    [
      'owner-unmatched',
      'nobody named as the owner',
      () => ({
        ...run(proposed(), entry('acc-anton', 'deferred', day(7), { ...goodReading, reviewDate: '2026-12-01' })),
        serviceIds: ['mine'],
      }),
    ],
  ];

  // The directory of these two names one of the two roles only, or somebody who has left.
  const directories: Readonly<Partial<Record<GapCode, LifecycleContext['directory']>>> = {
    'owner-unmatched': {
      ...context.directory,
      services: [{ id: 'mine', name: 'Mine', ids: {}, aliases: [], commitments: [], approver: 'anton' }],
    },
  };

  test.each(links)('%s: %s', (code, _what, broken) => {
    const improvement = broken();
    const directory = directories[code] ?? context.directory;
    const found = gapsOf(improvement, { ...lenient, directory, at: day(90), hash: sha256 }, inputs);
    expect(found.map((gap) => gap.code)).toEqual([code]);
    const [gap] = found;
    expect(gap?.stage).toBe(gapKinds[code].stage);
    expect(gap?.owner).not.toBe('');
    expect(gap?.since.slice(0, 4)).toBe('2026');
  });

  test('every code of the table is tried, here or where links go suspect', () => {
    const tried = new Set<string>(links.map(([code]) => code));
    const elsewhere = ['owner-inactive', 'approver-unmatched', 'approver-inactive', 'change-rejected'];
    const rest = Object.keys(gapKinds).filter((code) => !tried.has(code) && !code.startsWith('suspect-') && !elsewhere.includes(code));
    expect(rest).toEqual([]);
  });

  test('one from before adoption is exempt', () => {
    const before = { importedAt: day(0), source: 'register.xlsx', number: '17' };
    expect(codes({ ...proposed(), triggers: [], beforeAdoption: before })).toEqual([]);
  });
});
