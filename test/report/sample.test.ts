import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Candidate, drawSample, sampleDocument, sampleSize } from '../../src/report/index.js';
import { saveImprovement, sha256 } from '../../src/store/index.js';
import { anImprovement, freshStore } from '../store/world.js';
import { shippedConfig } from './shipped-config.js';

describe('the size of an audit sample', () => {
  test.each([
    [0, 0],
    [1, 1],
    [4, 4],
    [5, 5],
    [6, 5],
    [50, 5],
    [51, 6],
    [200, 20],
    [250, 25],
    [251, 25],
    [20_000, 25],
  ])('of %i is %i', (population, size) => {
    expect(sampleSize(population)).toBe(size);
  });
});

const population: fc.Arbitrary<readonly Candidate[]> = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 1, max: 9999 }).map((n) => `IMP-${String(n).padStart(4, '0')}`),
    stratum: fc.tuple(
      fc.constantFrom('2026-Q1', '2026-Q2'),
      fc.constantFrom('', 'mail', 'checkout'),
      fc.constantFrom('incident', 'audit-finding'),
    ),
  }),
  { selector: ({ id }) => id, maxLength: 120 },
);

describe('a sample', () => {
  test('is the same for the same population and seed, in whatever order the population comes', () => {
    fc.assert(
      fc.property(population, fc.nat(1000), (candidates, seed) => {
        const sample = drawSample(candidates, seed, sha256);
        expect(drawSample(candidates.toReversed(), seed, sha256)).toEqual(sample);
        expect(new Set(sample.chosen).size).toBe(sampleSize(candidates.length));
      }),
    );
  });

  test('gives each quarter its share, rounded up or down, and so each stratum, whatever the seed', () => {
    fc.assert(
      fc.property(population, fc.nat(1000), fc.integer({ min: 1, max: 40 }), (candidates, seed, size) => {
        const { strata, chosen } = drawSample(candidates, seed, sha256, size);
        const share = chosen.length / Math.max(1, candidates.length);
        for (const group of strata) expect(Math.abs(group.chosen - group.population * share)).toBeLessThan(1 + 1e-9);
        for (const [, quarter] of Map.groupBy(strata, ({ stratum }) => stratum[0])) {
          const [all, taken] = [
            quarter.reduce((sum, each) => sum + each.population, 0),
            quarter.reduce((sum, each) => sum + each.chosen, 0),
          ];
          expect(Math.abs(taken - all * share)).toBeLessThan(1 + 1e-9);
        }
        expect(strata.reduce((sum, each) => sum + each.population, 0)).toBe(candidates.length);
      }),
    );
  });

  test('is another one for another seed: every member can be drawn', () => {
    const candidates = Array.from({ length: 40 }, (_, n) => ({ id: `IMP-${n}`, stratum: ['2026-Q1', '', 'incident'] }));
    const drawn = new Set(Array.from({ length: 200 }, (_, seed) => drawSample(candidates, seed, sha256).chosen).flat());
    expect(drawn.size).toBe(40);
  });

  test('can be drawn again by the words that the report says it in', () => {
    const ids = ['IMP-0003', 'IMP-0001', 'IMP-0007', 'IMP-0002', 'IMP-0009', 'IMP-0004', 'IMP-0008'];
    const hex = (text: string): string => createHash('sha256').update(text).digest('hex');
    const ordered = ids.toSorted((a, b) => (hex(`7:${a}`) < hex(`7:${b}`) ? -1 : 1));
    const step = 7 / 5;
    const start = step * (Number.parseInt(hex('7:start').slice(0, 8), 16) / 4_294_967_296);
    const sample = drawSample(
      ids.map((id) => ({ id, stratum: ['2026-Q1', '', 'incident'] })),
      7,
      sha256,
    );
    expect(sample.chosen).toEqual([0, 1, 2, 3, 4].map((n) => ordered[Math.floor(start + n * step)]));
    expect(sample.populationHash).toBe(hex('IMP-0001\nIMP-0002\nIMP-0003\nIMP-0004\nIMP-0007\nIMP-0008\nIMP-0009\n'));
  });
});

test('the report walks each thread of the sample, names its gaps, and leaves out what is older than the installation', async () => {
  const store = await freshStore();
  const closure = (n: number) => ({ at: `2026-0${n}-15T00:00:00.000Z`, by: 'm.okafor', result: 'effective' as const, notes: 'done' });
  await store.tx(async (t) => {
    for (const n of [1, 2, 3, 4, 5, 6, 7])
      await saveImprovement(t, anImprovement({ id: `IMP-000${n}`, status: 'closed', closure: closure(n), triggers: [] }), {
        at: '2026-08-01T00:00:00.000Z',
        by: 'x',
        because: 'x',
      });
    await saveImprovement(
      t,
      anImprovement({
        id: 'IMP-0008',
        status: 'closed',
        closure: closure(1),
        beforeAdoption: { importedAt: '2026-08-01T00:00:00.000Z', source: 'old.csv', number: 'A-1' },
      }),
      { at: '2026-08-01T00:00:00.000Z', by: 'x', because: 'x' },
    );
  });
  const context = { db: store.read, config: shippedConfig(), at: '2026-09-01T00:00:00.000Z', product: 'test' };
  const whole = await sampleDocument(context, { seed: 3 });
  const { sample } = whole.data as unknown as { sample: { population: number; chosen: readonly string[]; beforeAdoption: number } };
  expect(sample).toMatchObject({ population: 7, beforeAdoption: 1 });
  expect(sample.chosen).toHaveLength(5);
  expect(whole.about.gaps).toBeGreaterThanOrEqual(5);
  const headings = whole.blocks.flatMap((block) => (block.kind === 'heading' ? block.text.slice(0, 8) : []));
  for (const id of sample.chosen) expect(headings).toContain(id);
  const part = await sampleDocument(context, { seed: 3, from: '2026-02-01', to: '2026-03-31' });
  expect(part.data).toMatchObject({ sample: { population: 2, chosen: ['IMP-0002', 'IMP-0003'] } });
});
