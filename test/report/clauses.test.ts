import { describe, expect, test } from '@jest/globals';
import {
  type ClauseCell,
  clauseCoverage,
  clausesDocument,
  feeds,
  obligingClauses,
  periodsWithin,
  type ReportContext,
} from '../../src/report/index.js';
import { addInputReview, inputsSince, saveImprovement, type Store } from '../../src/store/index.js';
import { decideInReview } from '../../src/sync/index.js';
import { anImprovement, entry, freshStore, savePages } from '../store/world.js';
import { shippedConfig } from './shipped-config.js';

const shipped = shippedConfig();
const zone = 'Europe/Berlin';
const categories = [
  { id: 'incident', definition: 'x', clauses: ['8.6.1'], sources: [] },
  { id: 'supplier', definition: 'x', clauses: ['8.3.4'], sources: [] },
  { id: 'finding', definition: 'x', clauses: ['9.2', '10.1'], sources: [] },
];
const config = { ...shipped, policy: { ...shipped.policy, categories } };
const contextOf = (store: Store): ReportContext => ({ db: store.read, config, at: '2026-10-05T12:00:00.000Z', product: 'test' });
const quarters = periodsWithin('2026-01-01', '2026-06-30', 'quarter', zone);

async function cellsOf(store: Store, clause: string): Promise<readonly ClauseCell[]> {
  return (await clauseCoverage(contextOf(store), quarters)).find((row) => row.clause.clause === clause)?.cells ?? [];
}

const review = (store: Store, category: string, from: string, to: string): Promise<void> =>
  store.tx((t) => addInputReview(t, { category, from, to, by: 'l.weber', note: 'looked at all of it', at: '2026-07-01T00:00:00.000Z' }));

describe('clause coverage', () => {
  test('has every clause that obliges to look for improvements', () => {
    expect(obligingClauses.map(({ clause }) => clause)).toEqual(
      '8.3.2 8.3.3 8.3.4.1 8.3.4.2 8.4.3 8.5.1.3 8.5.3 8.6.1 8.6.3 8.7.1 8.7.2 8.7.3.3 9.1 9.2 9.3 10.1'.split(' '),
    );
  });

  test.each([
    ['8.3.4', '8.3.4.1', true],
    ['9.2.2', '9.2', true],
    ['8.3', '8.3.2', true],
    ['8.3.4', '8.3.3', false],
    ['10.1', '10.10', false],
    ['9.1', '9', true],
  ])('an input that cites %s feeds %s: %s', (cited, clause, expected) => {
    expect(feeds(cited, clause)).toBe(expected);
  });

  test('names a gap where there is nothing and nobody has looked, and where no input cites the clause', async () => {
    const store = await freshStore();
    expect((await cellsOf(store, '8.6.1')).map(({ state }) => state)).toEqual(['gap', 'gap']);
    expect((await cellsOf(store, '8.7.1')).map(({ state }) => state)).toEqual(['no-source', 'no-source']);
    expect((await cellsOf(store, '9.3')).map(({ state }) => state)).toEqual(['gap', 'gap']);
  });

  test('counts each record once in the quarter of the organisation in which it occurred', async () => {
    const store = await freshStore();
    const at = (key: string, occurredAt: string) => entry(key, { key }, { inputs: [{ occurredAt }] });
    // Berlin is two hours ahead at the end of March: 22:30 UTC is the first of April there.
    await savePages(store, [at('a', '2026-03-31T21:30:00.000Z'), at('b', '2026-03-31T22:30:00.000Z'), at('c', '2026-06-30T22:00:00.000Z')]);
    expect((await cellsOf(store, '8.6.1')).map(({ records, state }) => [records, state])).toEqual([
      [1, 'unreviewed'],
      [1, 'unreviewed'],
    ]);
  });

  test('counts and names for a clause only what it asks for: major incidents are not all incidents', async () => {
    const store = await freshStore();
    const occurredAt = '2026-02-01T00:00:00.000Z';
    await savePages(store, [
      entry('critical', { key: 'critical' }, { inputs: [{ occurredAt, severity: 'critical' }] }),
      entry('accepted', { key: 'accepted' }, { inputs: [{ occurredAt, severity: 'low', facts: { major: 'accepted' } }] }),
      entry('proposed', { key: 'proposed' }, { inputs: [{ occurredAt, severity: 'high', facts: { major: 'proposed' } }] }),
    ]);
    const { inputs } = await inputsSince(store.read, 0, 10);
    const raise = (id: string, key: string): Promise<unknown> =>
      store.tx((t) =>
        saveImprovement(
          t,
          anImprovement({
            id,
            category: 'incident',
            raisedAt: occurredAt,
            triggers: inputs.filter(({ trigger }) => trigger.key === key).map((each) => each.id),
          }),
          { at: occurredAt, by: 'x', because: 'x' },
        ),
      );
    await raise('IMP-0001', 'accepted');
    await raise('IMP-0002', 'proposed');
    const onlyFor = [
      { clause: '8.6.1', severityAtLeast: 'critical' as const },
      { clause: '8.6.1', facts: { major: ['accepted'] } },
    ];
    const incidents = { id: 'incident', definition: 'x', clauses: ['8.6.1', '8.6.3'], sources: [], onlyFor };
    const policy = { ...config.policy, categories: [incidents, ...categories.slice(1)] };
    const context = { ...contextOf(store), config: { ...config, policy } };
    const rows = await clauseCoverage(context, quarters);
    const found = (clause: string) => rows.find((row) => row.clause.clause === clause)?.cells[0];
    expect(found('8.6.1')).toMatchObject({ records: 2, improvements: ['IMP-0001'] });
    expect(found('8.6.3')).toMatchObject({ records: 3, improvements: ['IMP-0001', 'IMP-0002'] });
    const document = await clausesDocument(context, '2026-01-01', '2026-06-30', 'quarter');
    expect(JSON.stringify(document.blocks)).toContain('For this clause only: severity at least critical, or major accepted.');
  });

  test('takes a review for the whole of a period only when it covers every day and every source of it', async () => {
    const store = await freshStore();
    await review(store, 'incident', '2026-01-01', '2026-03-30');
    expect((await cellsOf(store, '8.6.1')).map(({ state }) => state)).toEqual(['gap', 'gap']);
    await review(store, 'incident', '2026-03-31', '2026-04-10');
    expect((await cellsOf(store, '8.6.1')).map(({ state }) => state)).toEqual(['reviewed', 'gap']);
    expect((await cellsOf(store, '8.6.1'))[0]?.reviews.map(({ by }) => by)).toEqual(['l.weber', 'l.weber']);
  });

  test('shows what was raised from a clause, and decisions of the management review under 9.3', async () => {
    const store = await freshStore();
    await store.tx((t) =>
      saveImprovement(t, anImprovement({ category: 'finding', raisedAt: '2026-02-01T00:00:00.000Z' }), {
        at: '2026-02-01T00:00:00.000Z',
        by: 'x',
        because: 'x',
      }),
    );
    await decideInReview(
      { config, store, clock: () => '2026-05-01T00:00:00.000Z' },
      { period: { from: '2026-01-01', to: '2026-03-31' }, by: 'a.rahman', decision: 'x' },
    );
    expect((await cellsOf(store, '9.2')).map(({ state, improvements }) => [state, improvements])).toEqual([
      ['raised', ['IMP-0001']],
      ['gap', []],
    ]);
    expect((await cellsOf(store, '9.3')).map(({ state, decisions }) => [state, decisions])).toEqual([
      ['gap', []],
      ['raised', ['MR-0001']],
    ]);
    const document = await clausesDocument(contextOf(store), '2026-01-01', '2026-06-30', 'month');
    expect(document.main?.columns.map(({ title }) => title)).toEqual([
      'Clause',
      'What is to be looked at',
      ...['01', '02', '03', '04', '05', '06'].map((month) => `2026-${month}`),
    ]);
    const cells = document.main?.rows.flat().filter((cell) => typeof cell === 'object' && 'mark' in cell && cell.mark === 'bad') ?? [];
    expect(document.about.gaps).toBe(cells.length);
  });
});
