import {
  canonicalJson,
  type Db,
  fingerprintOf,
  improvement as improvementWithId,
  type MeasuredInput,
  measuredInputs,
} from '../../store/index.js';
import { type Improvement, judge, type Judgement, type MetricMeasurement } from '../../domain/index.js';

/** A measurement done again from what was kept of it. */
export interface ExplainedMeasurement {
  /** 1 for the first of the improvement. */
  readonly number: number;
  readonly recorded: MetricMeasurement;
  /** What was counted, as it was then. */
  readonly counted: readonly MeasuredInput[];
  /** The verdict from the kept record versions; absent when the measurement keeps nothing that it could be made from. */
  readonly again?: MetricMeasurement;
  readonly same: boolean;
  /** Where the two differ, and why; empty when they are the same. */
  readonly differences: readonly string[];
}

/** All measurements of an improvement, each done again. */
export interface Explanation {
  readonly improvement: Improvement;
  readonly measurements: readonly (ExplainedMeasurement | Judgement)[];
}

/**
 * Does every measurement of an improvement again, from the versions of the records that were counted then, by the plan, the spans and what was known
 * of their completeness then. Nothing that has happened to the records, the mappings or the plan since makes a difference. Undefined when there is no
 * such improvement.
 */
export async function explainMeasurements(db: Db, id: string): Promise<Explanation | undefined> {
  const improvement = await improvementWithId(db, id);
  if (improvement === undefined) return undefined;
  const measurements: (ExplainedMeasurement | Judgement)[] = [];
  for (const [index, measurement] of improvement.measurements.entries())
    measurements.push(measurement.judged === undefined ? again(measurement, index, await measuredInputs(db, id, index)) : measurement);
  return { improvement, measurements };
}

function again(recorded: MetricMeasurement, index: number, counted: readonly MeasuredInput[]): ExplainedMeasurement {
  const { basis, baseline, window, at } = recorded;
  const number = index + 1;
  const inputs = counted.map(({ input }) => input);
  if (basis === undefined || basis.plan.metric === 'criterion')
    return {
      number,
      recorded,
      counted,
      same: false,
      differences: ['it was made before measurements kept what they rest on, so it cannot be done again'],
    };
  const found = fingerprintOf(inputs);
  const { plan, look, coverage, unsound = [], setAside = 0 } = basis;
  const spans = { baseline: { from: baseline.from, to: baseline.to }, window: { from: window.from, to: window.to } };
  const repeated = judge({ plan, spans, look, inputs, coverage, unsound, setAside, at });
  const differences = [
    ...(found.inputs === basis.inputs ? [] : [`it counted ${basis.inputs} records, of which ${found.inputs} are kept`]),
    ...(found.hash === basis.hash ? [] : ['the record versions that are kept are not those that were counted: their hash is another']),
    ...differing(recorded, repeated),
  ];
  return { number, recorded, counted, again: repeated, same: differences.length === 0, differences };
}

const compared = ['result', 'reason', 'sentence', 'baseline', 'window', 'effect', 'pValue', 'dispersion', 'counters', 'method'] as const;

/** The final flag is left out: the lifecycle sets it, not the test. */
function differing(recorded: MetricMeasurement, repeated: MetricMeasurement): readonly string[] {
  return compared.flatMap((part) => {
    const [was, is] = [recorded[part], repeated[part]].map((value) => canonicalJson(JSON.parse(JSON.stringify(value ?? null)) as never));
    return was === is ? [] : [`${part} was recorded as ${was ?? ''}, and is ${is ?? ''} now`];
  });
}
