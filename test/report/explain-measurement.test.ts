import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Improvement,
  judge,
  type MeasurementBasis,
  type MetricMeasurement,
  type MetricPlan,
  plusDays,
} from '../../src/domain/index.js';
import type { JsonObject } from '../../src/kit/index.js';
import { explainMeasurements, explanationLines } from '../../src/report/index.js';
import { fingerprintOf, inputsWithKeys, keepMeasuredInputs, lastInputSeq, saveImprovement, type Store } from '../../src/store/index.js';
import { anImprovement, entry, freshStore, savePages } from '../store/world.js';

const from = '2025-06-02T00:00:00.000Z';
const spans = { baseline: { from, to: plusDays(from, 28) }, window: { from: plusDays(from, 42), to: plusDays(from, 56) } };
const coverage = [{ stream: 'snow/incident', complete: [{ from, to: plusDays(from, 90) }] }];
const plan = {
  metric: 'duration',
  fact: 'resolutionSeconds',
  statistic: 'median',
  reduceBy: 0.3,
  baselineWeeks: 4,
  settleDays: 7,
  windowWeeks: 2,
  minimumSample: 5,
  caseKeys: ['recurrence:vpn'],
  categories: ['incident'],
  baselineEnd: spans.baseline.to,
} as MetricPlan;
const why = { at: plusDays(from, 60), by: 'golden-thread', because: 'measured' };

interface Incident {
  readonly day: number;
  readonly seconds: number;
}

async function save(store: Store, key: string, { day, seconds }: Incident, caseKeys: readonly string[], version = 0): Promise<void> {
  const data: JsonObject = { day, seconds, version };
  const input = {
    occurredAt: plusDays(from, day),
    facts: { resolutionSeconds: seconds },
    caseKeys: [`record:snow/incident/${key}`, ...caseKeys],
  };
  await savePages(store, [entry(key, data, { inputs: [input], updatedAt: plusDays(from, 60 + version) })]);
}

/** Measures as the product does, and keeps what the measurement rests on. */
async function measured(store: Store): Promise<MetricMeasurement> {
  const inputs = await inputsWithKeys(store.read, plan.caseKeys, { from: spans.baseline.from, to: spans.window.to });
  const counted = inputs.toSorted((a, b) => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : a.id < b.id ? -1 : 1));
  const found = judge({ plan, spans, look: 0, inputs: counted, coverage, at: why.at });
  const basis: MeasurementBasis = { plan, look: 0, coverage, through: await lastInputSeq(store.read), ...fingerprintOf(counted) };
  const measurement = { ...found, basis };
  const improvement: Improvement = anImprovement({ plan, measurements: [measurement] });
  await store.tx(async (t) => {
    await saveImprovement(t, improvement, why);
    await keepMeasuredInputs(
      t,
      improvement.id,
      0,
      counted.map(({ id }) => id),
    );
  });
  return measurement;
}

const incident = fc.record({ day: fc.double({ min: 0, max: 55.9, noNaN: true }), seconds: fc.integer({ min: 60, max: 90_000 }) });
/** What becomes of a record later: it is revised, filed under another case, or vanishes. */
const fate = fc.constantFrom('stays', 'revised', 'moved', 'ended');

describe('a measurement done again', () => {
  test('is the same as recorded, whatever has become of its records since, and whatever has come to them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(incident, fate), { minLength: 4, maxLength: 25 }),
        fc.array(incident, { maxLength: 5 }),
        async (incidents, later) => {
          const store = await freshStore();
          for (const [index, [one]] of incidents.entries()) await save(store, `k${index}`, one, ['recurrence:vpn']);
          const recorded = await measured(store);
          for (const [index, [one, what]] of incidents.entries()) {
            if (what === 'revised') await save(store, `k${index}`, { day: one.day / 2, seconds: 1 }, ['recurrence:vpn'], 1);
            if (what === 'moved') await save(store, `k${index}`, one, ['recurrence:other'], 1);
            if (what === 'ended') await savePages(store, [entry(`k${index}`, { gone: true }, { updatedAt: plusDays(from, 61) })]);
          }
          for (const [index, one] of later.entries()) await save(store, `later${index}`, one, ['recurrence:vpn']);
          const [again] = (await explainMeasurements(store.read, 'IMP-0001'))?.measurements ?? [];
          expect(again).toMatchObject({ same: true, differences: [], again: { result: recorded.result, sentence: recorded.sentence } });
          await store.close();
        },
      ),
      { numRuns: 15 },
    );
  });

  test('names what was counted, with stream, version and hash, and says when the record was tampered with', async () => {
    const store = await freshStore();
    for (let day = 0; day < 28; day += 2) await save(store, `b${day}`, { day, seconds: 7200 + ((day * 37) % 23) }, ['recurrence:vpn']);
    for (let day = 42; day < 56; day += 2) await save(store, `w${day}`, { day, seconds: 600 + ((day * 37) % 23) }, ['recurrence:vpn']);
    const recorded = await measured(store);
    const lines = explanationLines((await explainMeasurements(store.read, 'IMP-0001')) ?? fail());
    expect(
      lines.filter((line) =>
        /INC-[bw]\d+ {2}snow\/incident {2}version 1 \([0-9a-f]{12}\), mapped by incident \(m1\), change \d+/.test(line),
      ),
    ).toHaveLength(21);
    expect(lines.join('\n')).toContain('metric: duration, the median of resolutionSeconds');
    expect(lines.at(-1)).toBe('  done again from the kept record versions: effective, same as recorded');
    const forged: Improvement = anImprovement({ plan, measurements: [{ ...recorded, result: 'not-effective' }] });
    await store.tx((t) => saveImprovement(t, forged, why));
    const [again] = (await explainMeasurements(store.read, 'IMP-0001'))?.measurements ?? [];
    expect(again).toMatchObject({ same: false, differences: ['result was recorded as "not-effective", and is "effective" now'] });
  });
});

function fail(): never {
  throw new Error('there is no such improvement');
}
