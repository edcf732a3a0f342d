import { describe, expect, test } from '@jest/globals';
import { periodGiven } from '../../src/cli/verbs/review.js';
import { type Improvement, type Measurement, Policy } from '../../src/domain/index.js';
import { render, type ReportContext, reviewDocument } from '../../src/report/index.js';
import { appendJournal, readJournal, reviewDecisions, saveImprovement, type Store, verifyJournal } from '../../src/store/index.js';
import { decideInReview, endInReview } from '../../src/sync/index.js';
import { anImprovement, entry, freshStore, savePages } from '../store/world.js';
import { shippedConfig } from './shipped-config.js';

const config = shippedConfig();
const zone = config.settings.organisation.timeZone;

function contextOf(store: Store, more: Partial<ReportContext> = {}): ReportContext {
  return { db: store.read, config, at: '2026-10-05T12:00:00.000Z', product: 'test', ...more };
}

async function register(store: Store, entries: readonly Partial<Improvement>[]): Promise<void> {
  for (const [at, given] of entries.entries())
    await store.tx((t) =>
      saveImprovement(t, anImprovement({ id: `IMP-000${at + 1}`, caseKeys: [`k${at}`], ...given }), {
        at: '2026-07-01T00:00:00.000Z',
        by: 'x',
        because: 'x',
      }),
    );
}

const textOf = async (context: ReportContext, from: string, to: string): Promise<string> =>
  new TextDecoder().decode(await render(await reviewDocument(context, from, to), 'md'));

/** The part of a section: from its heading to the next. */
function section(markdown: string, begins: string): string {
  return markdown.split(/\n(?=## )/).find((part) => part.startsWith(`## ${begins}`)) ?? '';
}

describe('the management review', () => {
  test('has every input of clause 9.3 from a to l, and says of each that is empty so and by what it could be fed', async () => {
    const store = await freshStore();
    const markdown = await textOf(contextOf(store), '2026-07-01', '2026-09-30');
    const letters = [...markdown.matchAll(/^## ([a-l])\. /gm)].map(([, letter]) => letter);
    expect(letters.join('')).toBe('abcdefghijkl');
    for (const letter of ['a', 'b', 'c', 'e', 'h', 'i', 'j', 'k'])
      expect(section(markdown, `${letter}.`)).toMatch(/hold nothing on .* could be fed by/);
    for (const [format, begin] of [
      ['html', '<!doctype html>'],
      ['json', '{'],
      ['csv', 'table,row'],
      ['pdf', '%PDF'],
    ] as const)
      expect(
        new TextDecoder('latin1').decode(await render(await reviewDocument(contextOf(store), '2026-07-01', '2026-09-30'), format)),
      ).toMatch(new RegExp(`^${begin}`));
  });

  test('shows the number of an objective at both ends of the period against its target, and "no data" where a stream was not read', async () => {
    const store = await freshStore();
    const measured = Policy.parse({
      ...config.policy,
      categories: [{ id: 'incident', definition: 'x', sources: ['snow/incident'] }],
      rules: [{ id: 'critical', description: 'x', categories: ['incident'], severityAtLeast: 'critical' }],
      objectives: [
        { id: 'fewer', statement: 'Fewer.', measure: { categories: ['incident'], weeks: 4, target: 2 } },
        {
          id: 'fewer-bad',
          statement: 'Fewer bad ones.',
          measure: { categories: ['incident'], weeks: 4, where: [{ severityAtLeast: 'critical' }], target: 1 },
        },
        { id: 'half', statement: 'Half of last year.', measure: { categories: ['incident'], weeks: 4, reduceBy: 0.5 } },
        { id: 'spoken', statement: 'People say so.' },
      ],
    });
    // 16 in the four weeks up to 1 July in Berlin, 4 in those up to 1 October, none of them critical.
    const at = (begin: string, count: number, days: number) =>
      Array.from({ length: count }, (_each, n) => {
        const occurredAt = new Date(Date.parse(begin) + n * days * 86_400_000).toISOString();
        return entry(`${begin}-${n}`, {}, { inputs: [{ occurredAt }] });
      });
    const records = [...at('2026-06-03T00:00:00.000Z', 16, 1.7), ...at('2026-09-03T00:00:00.000Z', 4, 6)];
    await savePages(store, records, { since: '2026-01-01T00:00:00.000Z', completeTo: '2026-10-05T00:00:00.000Z' });
    const context = contextOf(store, { config: { ...config, policy: measured } });
    const g = section(await textOf(context, '2026-07-01', '2026-09-30'), 'g.');
    const cellsOf = (id: string): readonly string[] | undefined =>
      g
        .split('\n')
        .filter((line) => line.startsWith(`| ${id} |`))
        .at(-1)
        ?.split('|')
        .slice(3, -1)
        .map((cell) => cell.trim());
    expect(cellsOf('fewer')).toEqual(['4.0 a week', '1.0 a week', 'at most 2.0 a week', expect.stringContaining('yes')]);
    expect(cellsOf('fewer-bad')).toEqual(['0.0 a week', '0.0 a week', 'at most 1.0 a week', expect.stringContaining('yes')]);
    // A year before nothing was read: a target that rests on it cannot be told.
    expect(cellsOf('half')).toEqual([
      '4.0 a week',
      '1.0 a week',
      '50 % less than a year before',
      expect.stringContaining('not to be told'),
    ]);
    expect(g).toMatch(/Not measured here.*: spoken\./);
    const early = section(await textOf(context, '2026-01-10', '2026-09-30'), 'g.');
    expect(early).toMatch(/no data.* snow\/incident was not read from 2025-12-12 to 2026-01-01/);
  });

  test('counts what was raised, closed and measured in the days of the organisation, not a day more', async () => {
    expect(zone).toBe('Europe/Berlin');
    const store = await freshStore();
    const result = (at: string, what: Measurement['result']): Measurement => ({
      at,
      result: what,
      sentence: what,
      method: 'm',
      final: true,
      dispersion: 1,
      baseline: { from: at, to: at, weekly: [], rate: 0 },
      window: { from: at, to: at, weekly: [], rate: 0 },
    });
    await register(store, [
      { raisedAt: '2026-06-30T21:59:59.000Z' }, // 23:59:59 in Berlin on the day before
      { raisedAt: '2026-06-30T22:00:00.000Z', kind: 'sms' },
      {
        raisedAt: '2026-05-01T00:00:00.000Z',
        status: 'closed',
        closure: { at: '2026-09-30T21:59:59.000Z', by: 'm.okafor', result: 'effective', notes: 'n' },
        measurements: [result('2026-09-01T00:00:00.000Z', 'effective')],
      },
      {
        raisedAt: '2026-05-01T00:00:00.000Z',
        status: 'closed',
        closure: { at: '2026-09-30T22:00:00.000Z', by: 'm.okafor', result: 'not-effective', notes: 'n' },
        measurements: [result('2026-10-01T00:00:00.000Z', 'not-effective')],
      },
    ]);
    const { data } = await reviewDocument(contextOf(store), '2026-07-01', '2026-09-30');
    expect(data).toMatchObject({
      raised: ['IMP-0002'],
      closed: ['IMP-0003'],
      open: ['IMP-0001', 'IMP-0002'],
      results: [{ improvement: 'IMP-0003', result: 'effective' }],
    });
    const markdown = await textOf(contextOf(store), '2026-07-01', '2026-09-30');
    expect(section(markdown, 'At a glance')).toMatch(/\| 2026-Q3 \| 0 \| 1 \| 0 % \|/);
  });

  test('follows in the next pack what was decided in this one, until somebody says that it is done', async () => {
    const store = await freshStore();
    await register(store, [{}]);
    let now = '2026-10-01T08:00:00.000Z';
    const world = { config, store, clock: () => now };
    const made = await decideInReview(world, {
      period: { from: '2026-07-01', to: '2026-09-30' },
      by: 'Amir Rahman',
      decision: 'Move the relay',
      owner: 'm.okafor',
      due: '2026-12-31',
      improvement: 'IMP-0001',
    });
    expect(made).toMatchObject({ id: 'MR-0001', by: 'a.rahman', owner: 'm.okafor' });
    now = '2027-01-10T08:00:00.000Z';
    const own = await textOf(contextOf(store, { at: now }), '2026-07-01', '2026-09-30');
    expect(section(own, 'Decisions of this review')).toContain('Move the relay');
    expect(section(own, 'a.')).not.toContain('Move the relay');
    const next = (at: string, asOf?: string): Promise<string> =>
      textOf(contextOf(store, { at, ...(asOf !== undefined && { asOf }) }), '2026-10-01', '2026-12-31');
    expect(section(await next(now), 'a.')).toMatch(/Move the relay .*open, past its date/);
    await endInReview(world, 'MR-0001', { by: 'm.okafor', note: 'Moved on Tuesday' });
    expect(section(await next('2027-02-01T00:00:00.000Z'), 'a.')).toMatch(/done 2027-01-10 by Mary Okafor: Moved on Tuesday/);
    expect(section(await next('2027-02-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z'), 'a.')).toMatch(/\| open \|/);
    await expect(endInReview(world, 'MR-0001', { by: 'm.okafor', note: 'again' })).rejects.toThrow(/noted as done/);
    const kinds = (await readJournal(store.read)).map(({ kind, subject, actor }) => `${kind} ${subject} ${actor}`);
    expect(kinds).toEqual(['review-decided MR-0001 a.rahman', 'review-done MR-0001 m.okafor']);
    expect((await verifyJournal(store.read)).broken).toBeUndefined();
  });

  test('names a gate that was switched off in the period among the changes that affect the management system', async () => {
    const store = await freshStore();
    const say = (at: string, kind: string) => ({
      at,
      actor: 'golden-thread',
      kind,
      subject: 'installation',
      because: `${kind}: not-owner`,
      body: {},
    });
    await store.tx((t) =>
      appendJournal(t, [say('2026-08-01T00:00:00.000Z', 'gate-switched-off'), say('2026-10-02T00:00:00.000Z', 'gate-switched-on')]),
    );
    const markdown = section(await textOf(contextOf(store), '2026-07-01', '2026-09-30'), 'l.');
    expect(markdown).toContain('gate-switched-off: not-owner');
    expect(markdown).not.toContain('gate-switched-on');
  });

  test('records nothing that names somebody or something unknown', async () => {
    const store = await freshStore();
    const world = { config, store, clock: () => '2026-10-01T08:00:00.000Z' };
    const decision = { period: { from: '2026-07-01', to: '2026-09-30' }, by: 'a.rahman', decision: 'x' };
    await expect(decideInReview(world, { ...decision, by: 'nobody' })).rejects.toThrow(/does not know "nobody"/);
    await expect(decideInReview(world, { ...decision, owner: 'somebody' })).rejects.toThrow(/does not know "somebody"/);
    await expect(decideInReview(world, { ...decision, improvement: 'IMP-0404' })).rejects.toThrow(/no improvement IMP-0404/);
    await expect(decideInReview(world, { ...decision, decision: '  ' })).rejects.toThrow(/without words/);
    await expect(endInReview(world, 'MR-0001', { by: 'a.rahman', note: 'x' })).rejects.toThrow(/no decision MR-0001/);
    expect(await reviewDecisions(store.read)).toEqual([]);
    expect(await readJournal(store.read)).toEqual([]);
  });
});

test.each([
  ['2026', '2026-01-01', '2026-12-31'],
  ['2026-Q1', '2026-01-01', '2026-03-31'],
  ['2026-Q4', '2026-10-01', '2026-12-31'],
  ['2028-02', '2028-02-01', '2028-02-29'],
  ['2026-01-15..2026-01-15', '2026-01-15', '2026-01-15'],
])('the period %s is from %s to %s', (text, from, to) => {
  expect(periodGiven(text)).toEqual({ from, to });
});

test.each(['2026-Q5', '2026-13', '2026-02-30..2026-03-01', '2026-03-02..2026-03-01', 'last year', ''])('%j is no period', (text) => {
  expect(() => periodGiven(text)).toThrow(/Write it as/);
});
