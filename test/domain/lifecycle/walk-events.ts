import fc from 'fast-check';
import type { RecordRef } from '../../../src/kit/index.js';
import {
  statuses,
  type Improvement,
  type LifecycleContext,
  type LifecycleEvent,
  type Measurement,
  type Policy,
  type TicketReading,
} from '../../../src/domain/index.js';
import { change, context, day, entry, evidence, goodReading, input, measurement, proposed } from '../world.js';

/** One event of a walk, once its time is known. */
export type Made = (at: string) => LifecycleEvent;

/** Where a walk begins, and by which policy. */
export interface Scene {
  readonly begin: Improvement;
  readonly context: LifecycleContext;
}

export const accounts = ['acc-olga', 'acc-anton', 'acc-carla', 'acc-peter', 'acc-fred', 'acc-dora', 'acc-nobody'];
export const refs: readonly RecordRef[] = ['chg-1', 'chg-2', 'chg-3'].map((key) => ({ system: 'snow', stream: 'change_request', key }));
const first = refs[0] as RecordRef;
const base = proposed();

const often = <T>(value: T): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: fc.constant(undefined) });
const seldom = <T>(value: T): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 1, arbitrary: fc.constant(value) }, { weight: 6, arbitrary: fc.constant(undefined) });

const reading = fc.record({
  rationale: often('because'),
  objective: often('availability'),
  closureNotes: fc.constantFrom('done', 'done', 'done', undefined),
  reviewDate: often('2026-04-01'),
  cause: often('nobody looked'),
  similarElsewhere: fc.constantFrom('none found', undefined),
  plan: fc.oneof(
    { weight: 20, arbitrary: fc.constant(undefined) },
    { weight: 3, arbitrary: fc.constantFrom<TicketReading['plan'][]>({ reduceBy: 0.3 }, { reduceBy: 0.1 }, { reduceBy: null }) },
  ),
  lastPlanEditor: seldom({ actor: { id: 'acc-carla', kind: 'person' as const }, system: 'jira', at: day(1) }),
});

/** A ticket without the fields that are undefined: a reading never holds any. */
function clean(read: object): TicketReading {
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined)) as TicketReading;
}

const goesOn = ['proposed', 'approved', 'deferred', 'implementing', 'reviewing'] as const;
const anybody = fc.constantFrom(...accounts);
const entitled = fc.constantFrom('acc-carla', 'acc-anton', 'acc-carla');
const kinds = fc.constantFrom<('person' | 'app' | 'unknown')[]>('person', 'person', 'person', 'person', 'app', 'unknown');

/** Somebody moves the ticket, or edits it. */
function move(to: fc.Arbitrary<(typeof statuses)[number] | undefined>, who: fc.Arbitrary<string>): fc.Arbitrary<Made> {
  return fc.tuple(who, to, reading, kinds).map(
    ([account, where, read, kind]): Made =>
      (at) =>
        entry(account, where, at, clean(read), { actor: { id: account, kind } }),
  );
}

/** Somebody writes into the ticket that it may be carried out without a change: with this entry, or long ago. */
function authorise(who: fc.Arbitrary<string>): fc.Arbitrary<Made> {
  return fc
    .tuple(who, reading, kinds, seldom(day(1)), seldom('approved' as const))
    .map(([account, read, kind, earlier, to]): Made => (at) => {
      const made = entry(account, to, at, clean(read), { actor: { id: account, kind } });
      const lightPathBy = { actor: made.actor, system: 'jira', at: earlier ?? at, historyId: made.historyId };
      return { ...made, reading: { ...made.reading, lightPath: 'it is small', lightPathBy } };
    });
}

const phases = ['planned', 'implementing', 'completed', 'completed', 'completed-with-issues', 'failed', 'cancelled'] as const;
const approvals = ['approved', 'approved', 'approved', 'approved', 'requested', 'rejected'] as const;

/** A change is read: in whatever state, with or without its snapshot, or not found any more. */
const changeRead = fc
  .record({
    ref: fc.constantFrom(first, first, ...refs),
    phase: fc.constantFrom(...phases),
    approval: fc.constantFrom(...approvals),
    missing: fc.constantFrom(false, false, false, false, false, true),
    evidenced: fc.boolean(),
    startedAt: fc.constantFrom(undefined, day(6), day(12)),
    ended: fc.boolean(),
  })
  .map(({ ref, phase, approval, missing, evidenced, startedAt, ended }): Made => (at) => ({
    is: 'change-read',
    at,
    ref,
    ...(missing
      ? { missing }
      : { state: { type: 'normal' as const, phase, approval, ...(startedAt && { startedAt }), ...(ended && { endedAt: at }) } }),
    ...(evidenced && !missing ? { evidence: { ...evidence(ref as never, at), hash: `${ref.key} ${at}` } } : {}),
  }));

const changeLinked = fc
  .tuple(fc.constantFrom(first, ...refs), fc.constantFrom(true, true, false))
  .map(([ref, required]): Made => (at) => ({ is: 'change-linked', at, change: change({}, { ref, number: ref.key, required }) }));

/** A result against the plan, or over a window that the plan does not name. */
function measured(result: Measurement['result'], onPlan = true): Made {
  return (at) => {
    const made = measurement(base, result, at);
    const window = { from: new Date(Date.parse(at) - 5 * 604_800_000).toISOString(), to: at, weekly: [], rate: 5 };
    return { is: 'measured', at, measurement: (onPlan ? made : { ...made, window }) as Measurement };
  };
}

const trigger = input('0', day(0));

const suspect: Made = (at) => ({
  is: 'links-suspect',
  at,
  suspects: [{ ref: first, number: 'chg-1', stage: 'completion', field: 'ended-at', was: 'a', is: at, since: at, afterClosure: false }],
});

/** Anything that can happen, by anybody. What people usually do is more frequent, or no walk would get far enough to have something to break. */
const anything: fc.Arbitrary<Made> = fc.oneof(
  { weight: 4, arbitrary: move(fc.constantFrom(undefined, undefined, ...statuses), anybody) },
  {
    weight: 4,
    arbitrary: move(
      fc.constantFrom('approved', 'closed', 'closed', 'on-hold', 'deferred'),
      fc.constantFrom('acc-olga', 'acc-anton', 'acc-carla'),
    ),
  },
  { weight: 3, arbitrary: move(fc.constantFrom(...goesOn), fc.constantFrom('acc-olga', 'acc-carla', 'acc-peter')) },
  { weight: 3, arbitrary: authorise(fc.constantFrom(...accounts)) },
  { weight: 2, arbitrary: changeLinked },
  { weight: 6, arbitrary: changeRead },
  {
    weight: 4,
    arbitrary: fc.constantFrom(measured('effective'), measured('not-effective'), measured('inconclusive'), measured('effective', false)),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Made[]>(
      (at) => ({ is: 'review-date-reached', at }),
      (at) => ({ is: 'follow-on-raised', at, id: 'IMP-0002' }),
      (at) => ({ is: 'follow-on-decided', at, id: 'IMP-0002', by: 'anton', kind: 'approved' }),
      (at) => ({ is: 'trigger-withdrawn', at, trigger: { input: trigger.id, number: trigger.number, at } }),
      (at) => ({ is: 'evidence-added', at, evidence: { kind: 'document', at, hash: `link ${at}`, content: {} } }),
      (at) => ({ is: 'suspect-cleared', at, ref: first, by: 'olga', because: 'looked' }),
      suspect,
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(anybody, often('fine')).map(([account, reason]): Made => (at) => ({
      is: 'accepted',
      at,
      historyId: `a${at}`,
      system: 'jira',
      actor: { id: account, kind: 'person' },
      reason: reason ?? '',
    })),
  },
);

const finish: readonly fc.Arbitrary<Made>[] = [
  fc.constantFrom(
    measured('effective'),
    measured('effective'),
    measured('effective'),
    measured('not-effective'),
    measured('effective', false),
  ),
  fc.oneof(
    { weight: 2, arbitrary: fc.constant<Made>((at) => entry('acc-olga', 'closed', at, { ...goodReading, similarElsewhere: 'none' })) },
    { weight: 1, arbitrary: move(fc.constant('closed'), anybody) },
  ),
];
const approve: fc.Arbitrary<Made> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Made>((at) => entry('acc-carla', 'approved', at, { ...goodReading, cause: 'nobody looked' })) },
  { weight: 1, arbitrary: move(fc.constant('approved'), entitled) },
  { weight: 1, arbitrary: move(fc.constant('approved'), anybody) },
);
/** How it usually goes, with a change and without; a walk leaves steps out and puts anything in between. */
const withChange: readonly fc.Arbitrary<Made>[] = [
  approve,
  fc.constant((at) => ({ is: 'change-linked', at, change: change({}, { ref: first, number: 'chg-1' }) })),
  fc.constant((at) => ({ is: 'change-read', at, ref: first, state: { type: 'normal', approval: 'approved', phase: 'implementing' } })),
  fc.constant((at) => ({
    is: 'change-read',
    at,
    ref: first,
    state: { type: 'normal', approval: 'approved', phase: 'completed', endedAt: at },
    evidence: evidence(first as never, at),
  })),
  ...finish,
];
const withoutChange: readonly fc.Arbitrary<Made>[] = [
  approve,
  authorise(entitled),
  fc.constant((at) => ({ is: 'evidence-added', at, evidence: { kind: 'document', at, hash: `link ${at}`, content: {} } })),
  ...finish,
];

/** A usual course, with anything strewn in between: mostly a little, so that it gets somewhere. */
function along(usual: readonly fc.Arbitrary<Made>[]): fc.Arbitrary<readonly Made[]> {
  const between = fc.oneof(
    { weight: 6, arbitrary: fc.array(anything, { maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(anything, { maxLength: 8, size: 'max' }) },
  );
  return fc
    .tuple(...usual.map((made) => fc.tuple(between, fc.option(made, { freq: 20 }))), fc.array(anything, { maxLength: 12, size: 'max' }))
    .map((parts) => {
      const steps = parts.slice(0, -1) as (readonly [readonly Made[], Made | null])[];
      return [
        ...steps.flatMap(([before, made]) => [...before, ...(made === null ? [] : [made])]),
        ...(parts.at(-1) as readonly Made[]),
      ].slice(0, 40);
    });
}

/** Up to 40 events, half of them strewn into a usual course, and their times: mostly in order, now and then a clock that goes wrong. */
export const events: fc.Arbitrary<readonly Made[]> = fc.oneof(
  along(withChange),
  along(withChange),
  along(withoutChange),
  fc.array(anything, { maxLength: 40, size: 'max' }),
);

const carriedOut = {
  changes: [change({ phase: 'completed', approval: 'approved', startedAt: day(6), endedAt: day(6) }, { ref: first })],
  evidence: [evidence(first as never, day(6))],
};
const judged = measured('effective')(day(6)) as Extract<LifecycleEvent, { readonly is: 'measured' }>;

/**
 * An improvement that stands somewhere already, with nothing or one thing taken out of it: no guard may rely on another one having been there before.
 * Nobody gets there by walking; a database that was written by hand does.
 */
function standingIn(status: Improvement['status']): fc.Arbitrary<Partial<Improvement>> {
  const at = status === 'on-hold' ? fc.constantFrom(...goesOn) : fc.constant(undefined);
  const without = fc.constantFrom('nothing', 'nothing', 'nothing', 'approval', 'rationale', 'objective', 'plan', 'evidence', 'start');
  return fc.tuple(at, without, fc.constantFrom('effective', 'not-effective', 'none', 'elsewhere')).map(([heldFrom, lacks, result]) => {
    const stands = heldFrom ?? status;
    const approval = {
      kind: 'approved' as const,
      at: day(5),
      by: 'anton',
      account: 'acc-anton',
      rationale: lacks === 'rationale' ? '' : 'because',
      historyId: '1',
      ...(lacks === 'objective' ? {} : { objective: 'availability' }),
      ...(lacks === 'plan' ? {} : { plan: base.plan }),
    };
    const deferral = { ...approval, kind: 'deferred' as const, reviewDate: '2026-03-20' };
    const decided = stands === 'proposed' ? [] : stands === 'deferred' ? [deferral] : lacks === 'approval' ? [] : [approval];
    const works = stands === 'implementing' || stands === 'reviewing';
    const window = result === 'elsewhere' ? { window: { ...judged.measurement.window, from: day(-30), to: day(5) } } : {};
    const measurement = { ...judged.measurement, ...window, result: result === 'not-effective' ? result : 'effective', final: true };
    return {
      status,
      ...(heldFrom === undefined ? {} : { heldFrom }),
      decisions: decided,
      ...(works ? carriedOut : {}),
      ...(works && lacks === 'evidence' ? { evidence: [] } : {}),
      ...(works && lacks === 'start' ? { changes: [change({ phase: 'planned' }, { ref: first })] } : {}),
      ...(stands === 'reviewing' && result !== 'none' ? { measurements: [measurement as Measurement] } : {}),
    };
  });
}

/** Kinds, owners, proposers and policies of all sorts, complete and not; where the walks are to begin is left open unless it is said. */
export function scenesIn(status?: Improvement['status']): fc.Arbitrary<Scene> {
  const begun: fc.Arbitrary<Partial<Improvement>> = status === undefined || status === 'proposed' ? fc.constant({}) : standingIn(status);
  return fc
    .record({
      more: begun,
      kind: fc.constantFrom<Improvement['kind'][]>('service', 'service', 'sms', 'supplier', 'corrective-action'),
      change: fc.constantFrom<Improvement['change'][]>('create', 'create', 'none'),
      owner: fc.constantFrom('olga', 'olga', 'olga', 'olga', 'olga', 'olga', 'carla'),
      proposer: seldom('carla'),
      triggers: fc.constantFrom(true, true, true, true, true, true, true, true, true, false),
      category: fc.constantFrom('incident', 'incident', 'incident', 'incident', 'incident', 'incident', 'incident', 'incident', 'rumour'),
      dependencies: fc.boolean(),
      policy: fc.record({
        closeEffectiveAutomatically: fc.constantFrom(false, false, true),
        lightPath: fc.constantFrom<Policy['lightPath'][]>([], [{ kinds: ['sms', 'service'], services: [], authorisers: [] }]),
        contractAmendment: fc.constantFrom<(Policy['contractAmendment'] | undefined)[]>(undefined, { authorisers: ['carla'] }),
      }),
    })
    .map(({ more, policy, proposer, triggers, dependencies, ...facts }): Scene => {
      const { contractAmendment, ...rest } = policy;
      const own = { ...base, ...facts, ...more, ...(proposer === undefined ? {} : { proposer }) };
      return {
        begin: { ...own, ...(triggers ? {} : { triggers: [] }), ...(dependencies ? {} : { dependencies: [] }) },
        context: { ...context, policy: { ...context.policy, ...rest, ...(contractAmendment && { contractAmendment }) } },
      };
    });
}

export const scenes: fc.Arbitrary<Scene> = fc.oneof(
  { weight: 6, arbitrary: scenesIn() },
  { weight: 3, arbitrary: fc.constantFrom(...statuses).chain(scenesIn) },
);

/** What people try where an improvement stands already: a few events of all sorts. */
export const attempts: fc.Arbitrary<readonly Made[]> = fc.array(anything, { minLength: 4, maxLength: 16, size: 'max' });

/** How far each event's clock is off, in days: mostly not at all. */
export const jitters = fc.array(fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, -6, 4), { minLength: 40, maxLength: 40 });
