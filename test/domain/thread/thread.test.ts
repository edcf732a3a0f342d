import { describe, expect, test } from '@jest/globals';
import {
  gapsOf,
  graphOfImprovement,
  step,
  threadEdgeKinds,
  threadOf,
  type Improvement,
  type LifecycleEvent,
} from '../../../src/domain/index.js';
import { change, changeRef, context, day, entry, evidence, input, measurement, proposed } from '../world.js';

const at = (days: number): Parameters<typeof gapsOf>[1] => ({ ...context, at: day(days) });
const codes = (improvement: Improvement, days = 6): readonly string[] => gapsOf(improvement, at(days)).map((gap) => gap.code);
const run = (improvement: Improvement, ...events: readonly LifecycleEvent[]): Improvement =>
  events.reduce((each, event) => step(each, event, context).improvement, improvement);
const inputs = [0, 1, 2, 3, 4].map((index) => input(`${index}`, day(index)));

const approved = (): Improvement => run(proposed(), entry('acc-anton', 'approved', day(7)));
const completed = (): Improvement =>
  run(
    approved(),
    { is: 'change-linked', at: day(8), change: change({}) },
    {
      is: 'change-read',
      at: day(21),
      ref: changeRef,
      state: { type: 'normal', phase: 'completed', approval: 'approved', approvedAt: day(10), startedAt: day(14), endedAt: day(20) },
      evidence: evidence(),
    },
  );
const closed = (): Improvement =>
  run(
    completed(),
    { is: 'measured', at: day(83), measurement: measurement(proposed(), 'effective', day(83)) },
    entry('acc-olga', 'closed', day(84)),
  );

describe('gaps', () => {
  test('name what an improvement waits for at each stage, and nothing once it is closed with everything', () => {
    expect(codes(proposed())).toEqual(['decision-missing']);
    expect(codes(approved(), 8)).toEqual(['change-missing']);
    expect(codes(completed(), 30)).toEqual(['effectiveness-missing']);
    expect(codes(closed(), 90)).toEqual([]);
  });

  test('carry an owner, a since and a sentence', () => {
    expect(gapsOf(proposed(), at(6))).toMatchObject([
      { stage: 'decision', owner: 'anton', since: day(5), sentence: 'Nobody has decided about it.' },
    ]);
  });

  test('tell a change that was not approved in time, a missing ticket, an overdue target and an owner whom nobody named', () => {
    const late = completed();
    const changes = late.changes.map((each) => ({
      ...each,
      state: { ...(each.state as NonNullable<typeof each.state>), approvedAt: day(15) },
    }));
    expect(codes({ ...late, changes }, 30)).toContain('change-started-before-approval');
    const { ticket: _ticket, ...without } = proposed();
    expect(codes(without)).toContain('ticket-missing');
    expect(codes(proposed(), 1000)).toContain('target-overdue');
    expect(codes(proposed({ serviceIds: ['wiki'] }))).toEqual(['owner-unmatched', 'approver-unmatched', 'decision-missing']);
  });

  test('a rejected one ends its thread with the decision', () => {
    const rejected = run(proposed(), entry('acc-anton', 'rejected', day(7)));
    expect(codes(rejected)).toEqual([]);
    const { complete, stages } = threadOf(rejected, inputs, at(8));
    expect(complete).toBe(true);
    expect(stages.map((stage) => stage.state)).toEqual(['complete', 'complete', 'ended', 'ended', 'ended', 'ended']);
  });

  test('a violation stays visible for ever', () => {
    expect(codes(run(closed(), entry('acc-olga', 'proposed', day(90))), 1000)).toEqual(['reopened-after-closure']);
  });
});

describe('the thread', () => {
  test('of one that worked is complete, its stages in order with who, when and why', () => {
    const thread = threadOf(closed(), inputs, at(90));
    expect(thread.complete).toBe(true);
    expect(thread.stages.map((stage) => [stage.stage, stage.state, stage.items.length])).toEqual([
      ['trigger', 'complete', 5],
      ['decision', 'complete', 1],
      ['change', 'complete', 1],
      ['completion', 'complete', 1],
      ['effectiveness', 'complete', 2],
      ['updated-controls', 'ended', 0],
    ]);
    expect(thread.stages[1]?.items[0]).toMatchObject({ by: 'Anton Approver', because: 'It hurts every week' });
  });

  test('of a fresh one shows the gap where it is, and the rest ahead', () => {
    expect(threadOf(proposed(), inputs, at(6)).stages.map((stage) => stage.state)).toEqual([
      'complete',
      'gap',
      'ahead',
      'ahead',
      'ahead',
      'ended',
    ]);
  });
});

describe('the graph of an improvement', () => {
  test('reaches every stage over edges of the thread, and services only beside it', () => {
    const { nodes, edges } = graphOfImprovement(closed(), inputs);
    const kinds = new Set(edges.map((edge) => edge.kind));
    expect([...kinds].toSorted()).toEqual([
      'affects',
      'asked-in',
      'decided-by',
      'evidenced-by',
      'implemented-by',
      'measured-by',
      'triggered-by',
    ]);
    expect(threadEdgeKinds as readonly string[]).not.toContain('affects');
    const known = new Set(nodes.map((node) => `${node.kind} ${node.key}`));
    expect(edges.flatMap((edge) => [edge.from, edge.to]).filter((key) => !known.has(`${key.kind} ${key.key}`))).toEqual([]);
    expect(edges).toContainEqual(expect.objectContaining({ kind: 'triggered-by', to: { kind: 'snow/incident', key: '0' } }));
  });

  test('only ever grows as the improvement goes on', () => {
    const steps = [proposed(), approved(), completed(), closed()].map((improvement) =>
      graphOfImprovement(improvement, inputs).edges.map((edge) => `${edge.kind} ${edge.to.kind}`),
    );
    for (const [index, edges] of steps.entries()) expect(edges.length).toBeGreaterThanOrEqual(steps[index - 1]?.length ?? 0);
  });
});
