import { describe, expect, test } from '@jest/globals';
import {
  decisionsFrom,
  step,
  type EntryReading,
  type Improvement,
  type TicketHistory,
  type TicketState,
} from '../../../src/domain/index.js';
import { context, day, goodReading, proposed } from '../world.js';

const bot = { id: 'acc-bot', kind: 'app' as const };
const person = (id: string): { readonly id: string; readonly kind: 'person' } => ({ id, kind: 'person' });
const created: TicketHistory['created'] = { at: day(5), by: bot, ours: true, status: 'proposed', reading: { plan: { reduceBy: 0.3 } } };

function at(id: string, when: number, by: string, after: TicketState): EntryReading {
  return { entry: { id, at: day(when), actor: person(by), changes: [] }, after };
}

const reading = (reduceBy: number): TicketState['reading'] => ({ ...goodReading, plan: { reduceBy } });

function replay(history: TicketHistory, from: Improvement = proposed()): Improvement {
  return decisionsFrom(history, from.takenThrough).reduce((each, event) => step(each, event, context).improvement, from);
}

describe('decisions from the history of a ticket', () => {
  test('what was approved is the plan as it stood then, though it was edited before anybody read it', () => {
    const history: TicketHistory = {
      system: 'jira',
      created,
      entries: [
        at('1', 6, 'acc-olga', { status: 'proposed', reading: reading(0.5) }),
        at('2', 7, 'acc-anton', { status: 'approved', reading: reading(0.5) }),
        at('3', 8, 'acc-olga', { status: 'approved', reading: reading(0.1) }),
      ],
    };
    const improvement = replay(history);
    expect(improvement.decisions).toMatchObject([{ kind: 'approved', plan: { reduceBy: 0.5 } }]);
    expect(improvement).toMatchObject({ status: 'proposed', plan: { reduceBy: 0.1 } });
  });

  test('who edited the target last may not approve it, even when the edit was read long before', () => {
    const edit = at('1', 6, 'acc-anton', { status: 'proposed', reading: reading(0.2) });
    const before = replay({ system: 'jira', created, entries: [edit] });
    const approval = at('2', 7, 'acc-anton', { status: 'approved', reading: reading(0.2) });
    const after = replay({ system: 'jira', created, entries: [edit, approval] }, before);
    expect(after.refusals).toMatchObject([{ code: 'last-editor' }]);
    const another = at('2', 7, 'acc-carla', { status: 'approved', reading: reading(0.2) });
    expect(replay({ system: 'jira', created, entries: [edit, another] }, before).status).toBe('approved');
  });

  test('an edit in the very entry that approves counts as the last edit', () => {
    const both = at('1', 6, 'acc-anton', { status: 'approved', reading: reading(0.2) });
    expect(replay({ system: 'jira', created, entries: [both] }).refusals).toMatchObject([{ code: 'last-editor' }]);
  });

  test('the reporter of a ticket made by hand is its first editor; our own ticket has none', () => {
    const approval = at('1', 6, 'acc-carla', { status: 'approved', reading: reading(0.3) });
    const byHand = { ...created, by: person('acc-carla'), ours: false };
    expect(replay({ system: 'jira', created: byHand, entries: [approval] }).refusals).toMatchObject([{ code: 'last-editor' }]);
    expect(replay({ system: 'jira', created, entries: [approval] }).status).toBe('approved');
  });

  test('a plan that we wrote ourselves, under whatever account, makes nobody its editor', () => {
    const own = { ...at('1', 6, 'acc-carla', { status: 'proposed', reading: reading(0.4) }), ours: true };
    const approval = at('2', 7, 'acc-carla', { status: 'approved', reading: reading(0.4) });
    expect(replay({ system: 'jira', created, entries: [own, approval] }).status).toBe('approved');
  });

  test('entries are taken in order, each once, however they are delivered; ids of growing length count as numbers', () => {
    const entries = [
      at('9', 6, 'acc-anton', { status: 'approved', reading: reading(0.3) }),
      at('10', 6, 'acc-olga', { status: 'on-hold', reading: { ...reading(0.3), reason: 'freeze' } }),
      at('11', 9, 'acc-olga', { status: 'approved', reading: reading(0.3) }),
    ];
    const once = replay({ system: 'jira', created, entries: entries.toReversed() });
    expect(once.status).toBe('approved');
    expect(once.decisions).toHaveLength(1);
    expect(replay({ system: 'jira', created, entries }, once)).toEqual(once);
  });

  test('read in pieces or at once, the same decisions come out', () => {
    const entries = [
      at('1', 6, 'acc-peter', { status: 'approved', reading: reading(0.3) }),
      at('2', 7, 'acc-olga', { status: 'proposed', reading: reading(0.4) }),
      at('3', 8, 'acc-anton', { status: 'deferred', reading: { ...reading(0.4), reviewDate: '2026-05-01' } }),
      at('4', 9, 'acc-peter', { status: 'withdrawn', reading: reading(0.4) }),
    ];
    const atOnce = replay({ system: 'jira', created, entries });
    const inPieces = entries.reduce(
      (each, _entry, index) => replay({ system: 'jira', created, entries: entries.slice(0, index + 1) }, each),
      proposed(),
    );
    expect(inPieces).toEqual(atOnce);
    expect(atOnce).toMatchObject({ status: 'deferred', refusals: [{ to: 'approved' }, { to: 'withdrawn' }] });
  });

  test('a status that nothing of ours stands for moves nothing', () => {
    const entries = [
      at('1', 6, 'acc-olga', { reading: reading(0.3) }),
      at('2', 7, 'acc-anton', { status: 'approved', reading: reading(0.3) }),
    ];
    expect(decisionsFrom({ system: 'jira', created, entries }).map((event) => event.to)).toEqual([undefined, 'approved']);
  });
});
