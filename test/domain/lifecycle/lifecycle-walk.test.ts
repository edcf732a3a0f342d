import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RecordRef } from '../../../src/kit/index.js';
import {
  completionEvidenced,
  completionOf,
  lifecycle,
  objectiveOf,
  personById,
  statuses,
  step,
  type GuardName,
  type Improvement,
  type LifecycleEvent,
  type Way,
} from '../../../src/domain/index.js';
import { change, context, day, directory, entry, evidence, goodReading, measurement, policy, proposed } from '../world.js';

const begin = proposed();
const accounts = ['acc-olga', 'acc-anton', 'acc-carla', 'acc-peter', 'acc-fred', 'acc-nobody'];
const refs = ['chg-1', 'chg-2'].map((key) => ({ system: 'snow', stream: 'change_request', key }));

const first: RecordRef = { system: 'snow', stream: 'change_request', key: 'chg-1' };

type Made = (at: string) => LifecycleEvent;
const often = <T>(value: T): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: fc.constant(undefined) });

const reading = fc.record({
  rationale: often('because'),
  objective: often('availability'),
  closureNotes: often('done'),
  reason: often('so it is'),
  reviewDate: often('2027-01-01'),
  plan: fc.constantFrom(undefined, undefined, undefined, { reduceBy: 0.3 }, { reduceBy: 0.1 }, { reduceBy: null }),
  lastPlanEditor: fc.constantFrom(undefined, undefined, {
    actor: { id: 'acc-anton', kind: 'person' as const },
    system: 'jira',
    at: day(1),
  }),
});
const clean = <T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };

const moveEntry = (to: fc.Arbitrary<(typeof statuses)[number] | undefined>, account: fc.Arbitrary<string>): fc.Arbitrary<Made> =>
  fc.record({ account, to, reading, kind: fc.constantFrom('person', 'person', 'person', 'app', 'unknown') }).map(
    ({ account: who, to: where, reading: read, kind }): Made =>
      (at) =>
        entry(who, where, at, clean(read), { actor: { id: who, kind: kind as 'person' } }),
  );

const event: fc.Arbitrary<Made> = fc.oneof(
  { weight: 3, arbitrary: moveEntry(fc.constantFrom(undefined, ...statuses), fc.constantFrom(...accounts)) },
  // what people would do: the walk must get far enough to have something to break
  { weight: 3, arbitrary: moveEntry(fc.constantFrom('approved', 'closed'), fc.constantFrom('acc-anton', 'acc-olga', 'acc-carla')) },
  { weight: 3, arbitrary: fc.constant<Made>((at) => entry('acc-carla', 'approved', at)) },
  { weight: 2, arbitrary: fc.constant<Made>((at) => entry('acc-olga', 'closed', at, goodReading)) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(...refs)
      .map((ref): Made => (at) => ({ is: 'change-linked', at, change: change({}, { ref, number: ref.key }) })),
  },
  {
    weight: 5,
    arbitrary: fc
      .record({
        ref: fc.constantFrom(...refs),
        phase: fc.constantFrom('planned', 'implementing', 'completed', 'completed', 'completed-with-issues', 'failed', 'cancelled'),
        missing: fc.constantFrom(false, false, false, true),
        evidenced: fc.boolean(),
      })
      .map(({ ref, phase, missing, evidenced }): Made => (at) => ({
        is: 'change-read',
        at,
        ref,
        missing,
        ...(missing ? {} : { state: { type: 'normal', approval: 'approved', phase, endedAt: at } }),
        ...(evidenced ? { evidence: evidence(ref, at) } : {}),
      })),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom('effective', 'effective', 'not-effective', 'inconclusive').map((result): Made => (at) => ({
      is: 'measured',
      at,
      measurement: measurement(begin, result as 'effective', at),
    })),
  },
  { weight: 1, arbitrary: fc.constant<Made>((at) => ({ is: 'review-date-reached', at })) },
  { weight: 1, arbitrary: fc.constant<Made>((at) => ({ is: 'follow-on-raised', at, id: 'IMP-0002' })) },
  { weight: 1, arbitrary: fc.constant<Made>((at) => ({ is: 'follow-on-decided', at, id: 'IMP-0002', by: 'anton', kind: 'approved' })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...accounts).map((account): Made => (at) => ({
      is: 'accepted',
      at,
      historyId: `a${at}`,
      system: 'jira',
      actor: { id: account, kind: 'person' },
      reason: 'fine',
    })),
  },
);

/** The way that people usually go; a walk drops steps of it and puts anything in between, or it would hardly ever get anywhere. */
const usual: readonly fc.Arbitrary<Made>[] = [
  fc.oneof(
    fc.constant<Made>((at) => entry('acc-carla', 'approved', at)),
    moveEntry(fc.constant('approved'), fc.constantFrom('acc-carla', 'acc-peter')),
  ),
  fc.constant((at) => ({ is: 'change-linked', at, change: change({}, { ref: first, number: 'chg-1' }) })),
  fc.constant((at) => ({ is: 'change-read', at, ref: first, state: { type: 'normal', approval: 'approved', phase: 'implementing' } })),
  fc.constant((at) => ({
    is: 'change-read',
    at,
    ref: first,
    state: { type: 'normal', approval: 'approved', phase: 'completed', endedAt: at },
    evidence: evidence(first, at),
  })),
  fc.constant((at) => ({ is: 'measured', at, measurement: measurement(begin, 'effective', at) })),
  fc.oneof(
    fc.constant<Made>((at) => entry('acc-olga', 'closed', at)),
    moveEntry(fc.constant('closed'), fc.constantFrom('acc-olga', 'acc-carla')),
  ),
];

const events: fc.Arbitrary<readonly Made[]> = fc
  .tuple(...usual.map((made) => fc.tuple(fc.array(event, { maxLength: 3 }), fc.option(made, { freq: 9 }))))
  .map((parts) => parts.flatMap(([before, made]) => [...before, ...(made === null ? [] : [made])]));

/** What a closed improvement lacks of the chain, found without the guards. */
function lacking(improvement: Improvement, target: number | undefined): readonly string[] {
  const approval = improvement.decisions.findLast((decision) => decision.kind === 'approved');
  const last = improvement.measurements.at(-1);
  const accepted = improvement.decisions.some(
    (decision) => decision.kind === 'accepted' && decision.by === 'carla' && decision.rationale !== '',
  );
  const said = (condition: boolean, what: string): readonly string[] => (condition ? [] : [what]);
  return [
    ...said(improvement.triggers.length > 0, 'trigger'),
    ...said(approval !== undefined && ['anton', 'carla'].includes(approval.by), 'an entitled decision'),
    ...said(approval?.rationale === 'because' || approval?.rationale === goodReading.rationale, 'a rationale'),
    ...said(objectiveOf(policy, approval?.objective) !== undefined, 'an objective'),
    ...said(approval?.plan?.reduceBy === target, 'the plan that was approved'),
    ...said(completionOf(improvement).complete, 'completion'),
    ...said(completionEvidenced(improvement), 'completion evidence'),
    ...said(last !== undefined && approval !== undefined && last.at > approval.at, 'a measurement'),
    ...said(last?.result === 'effective' || improvement.followOn?.decided !== undefined || accepted, 'a result that may be closed'),
    ...said(improvement.closure?.notes !== undefined && improvement.closure.notes !== '', 'closure notes'),
    ...said(personById(directory, improvement.closure?.by ?? '') !== undefined, 'a closer'),
  ];
}

interface Walk {
  readonly last: Improvement;
  readonly visited: readonly Improvement[];
  /** The target that the ticket shows after each event. */
  readonly targets: readonly number[];
}

function walk(made: readonly Made[], ways: readonly Way[]): Walk {
  const visited = [begin];
  const targets = [begin.plan.reduceBy as number];
  for (const [index, make] of made.entries()) {
    const happened = make(day(7 + index));
    const shown = happened.is === 'ticket-entry' ? happened.reading.plan?.reduceBy : undefined;
    visited.push(step(visited.at(-1) as Improvement, happened, context, ways).improvement);
    targets.push(shown ?? (targets.at(-1) as number));
  }
  return { last: visited.at(-1) as Improvement, visited, targets };
}

function closesOnlyWithEverything(ways: readonly Way[], numRuns: number): fc.RunDetails<[readonly Made[]]> {
  const walked = fc.property(events, (made) => {
    const { visited, targets } = walk(made, ways);
    const at = visited.findIndex((improvement) => improvement.status === 'closed');
    return at < 0 || lacking(visited[at] as Improvement, targets[at]).length === 0;
  });
  return fc.check(walked, { numRuns, seed: 20_000, endOnFailure: true });
}

/** The table with these guards taken out of every way that leads there. */
function without(to: readonly Way['to'][], ...names: readonly GuardName[]): readonly Way[] {
  return lifecycle.map((way) => (to.includes(way.to) ? { ...way, guards: way.guards.filter((name) => !names.includes(name)) } : way));
}

describe('any events, by anybody, in any order', () => {
  test('nothing is ever closed without every link of the thread', () => {
    expect(closesOnlyWithEverything(lifecycle, 3000).failed).toBe(false);
  });

  test('the walks do reach closure, so that the promise is not an empty one', () => {
    const reached = fc.sample(events, { numRuns: 500, seed: 1 }).filter((made) => walk(made, lifecycle).last.status === 'closed');
    expect(reached.length).toBeGreaterThan(50);
  });

  test('what was closed, rejected or withdrawn stays so', () => {
    fc.assert(
      fc.property(events, (made) => {
        const { visited } = walk(made, lifecycle);
        const settled = visited.findIndex((improvement) => ['closed', 'rejected', 'withdrawn'].includes(improvement.status));
        return settled < 0 || visited.slice(settled).every((improvement) => improvement.status === visited[settled]?.status);
      }),
      { numRuns: 300, seed: 2 },
    );
  });

  // Some guards are there twice, at the decision and at closure: those are taken out in both places.
  test.each<[string, readonly Way[]]>([
    ['an approval without its rationale', without(['approved', 'implementing', 'closed'], 'rationale', 'approval')],
    ['an approval without its objective', without(['approved', 'implementing', 'closed'], 'objective', 'approval')],
    ['an approval by anybody', without(['approved'], 'entitled', 'person')],
    ['a review without completed changes', without(['reviewing', 'closed'], 'completed', 'completion-evidence')],
    ['a review without evidence', without(['reviewing', 'closed'], 'completion-evidence')],
    ['a closure without a measurement', without(['closed'], 'measured', 'verdict')],
    ['a closure without a verdict', without(['closed'], 'verdict')],
    ['a closure without notes', without(['closed'], 'notes')],
    ['a plan that may change after approval', lifecycle.filter((way) => !way.guards.includes('plan-changed'))],
  ])('%s is found by the same walk', (_what, broken) => {
    expect(closesOnlyWithEverything(broken, 3000).failed).toBe(true);
  });
});
