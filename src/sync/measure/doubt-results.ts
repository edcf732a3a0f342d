import {
  countedInputs,
  type Improvement,
  type ImprovementInput,
  judge,
  type MeasurementSpans,
  type MetricMeasurement,
  resultSuspects,
  verdictOf,
} from '../../domain/index.js';
import {
  getSetting,
  improvement as improvementWithId,
  improvementsThatCounted,
  improvementsWithCaseKeys,
  inputsById,
  inputsSince,
  lastInputSeq,
  measuredInputs,
  putSetting,
  type Tx,
} from '../../store/index.js';
import { asFailure, type Failure, withDetails } from '../../kit/index.js';
import { takeEvent } from '../decide/take-event.js';
import type { World } from '../world.js';
import { candidates } from './gather.js';

const lastLook = 'results-doubted';
const batch = 500;

/**
 * Once a day: whether a final result still stands on the records as they are now. Only those results are looked at of which a counted record has changed since
 * the last look, or into whose case and spans a record has come late; what it costs grows with what is new, not with the register. Where the same
 * calculation gives another verdict the link is suspect; nothing is measured again, and nothing moves. Returns the ids of those improvements.
 * One that fails does not keep the others from being looked at; the look counts as taken when none fails, and is taken again in the next cycle until then.
 */
export async function doubtResults(world: World): Promise<readonly string[]> {
  const { read } = world.store;
  const today = world.clock().slice(0, 10);
  const last = (await getSetting(read, lastLook)) as { readonly on: string; readonly through: number } | undefined;
  if (last?.on === today) return [];
  const through = await lastInputSeq(read);
  const ids = last === undefined || last.through === through ? [] : await concerned(world, last.through);
  const doubtful: string[] = [];
  const failures: Failure[] = [];
  for (const id of ids) {
    try {
      if (await world.store.tx((t) => doubt(world, t, id))) doubtful.push(id);
    } catch (error) {
      failures.push(withDetails(asFailure(error), { key: id }));
    }
  }
  const [first] = failures;
  if (first !== undefined) throw first;
  await world.store.tx((t) => putSetting(t, lastLook, { on: today, through }));
  return doubtful;
}

/** Improvements with a result that something new may concern. */
async function concerned(world: World, since: number): Promise<readonly string[]> {
  const { read } = world.store;
  const ids = new Set(await improvementsThatCounted(read, since));
  for (let from = since, more = true; more;) {
    const changes = await inputsSince(read, from, batch);
    const keys = [...new Set(changes.inputs.flatMap(({ caseKeys }) => caseKeys))];
    for (const improvement of await improvementsWithCaseKeys(read, keys)) {
      const spans = spansOfResult(improvement);
      if (spans !== undefined && changes.inputs.some((input) => isOf(improvement, spans, input))) ids.add(improvement.id);
    }
    ({ seq: from, more } = changes);
  }
  return [...ids].toSorted();
}

function isOf(
  { caseKeys }: Improvement,
  { baseline, window }: MeasurementSpans,
  { occurredAt, caseKeys: keys }: ImprovementInput,
): boolean {
  return occurredAt >= baseline.from && occurredAt < window.to && keys.some((key) => caseKeys.includes(key));
}

function resultOf(improvement: Improvement): MetricMeasurement | undefined {
  const last = improvement.measurements.at(-1);
  return verdictOf(improvement) === undefined || last === undefined || last.judged !== undefined ? undefined : last;
}

function spansOfResult(improvement: Improvement): MeasurementSpans | undefined {
  const result = resultOf(improvement);
  if (result === undefined) return undefined;
  const { baseline, window } = result;
  return { baseline: { from: baseline.from, to: baseline.to }, window: { from: window.from, to: window.to } };
}

async function doubt(world: World, t: Tx, id: string): Promise<boolean> {
  const improvement = await improvementWithId(t, id);
  const recorded = improvement === undefined ? undefined : resultOf(improvement);
  const spans = improvement === undefined ? undefined : spansOfResult(improvement);
  if (improvement === undefined || recorded?.basis === undefined || spans === undefined) return false;
  const { plan, look, coverage, unsound = [], setAside = 0 } = recorded.basis;
  if (plan.metric === 'criterion') return false;
  const then = (await measuredInputs(t, id, improvement.measurements.length - 1)).map(({ input }) => input);
  // What retention has taken out of the feed meanwhile is as it was.
  const known = new Set(
    (
      await inputsById(
        t,
        then.map((input) => input.id),
      )
    ).map((input) => input.id),
  );
  const inputs = [...(await candidates(t, plan, spans)), ...then.filter((input) => !known.has(input.id))];
  const now = countedInputs(plan, spans, inputs);
  const { result } = judge({ plan, spans, look, inputs: now, coverage, unsound, setAside, at: recorded.at });
  if (result === recorded.result) return false;
  const suspects = resultSuspects(improvement, { result, since: compared(then, now) }, world.clock());
  const after = await takeEvent(world, t, improvement, { is: 'links-suspect', at: world.clock(), suspects });
  return (after.suspects?.length ?? 0) > (improvement.suspects?.length ?? 0);
}

function compared(then: readonly ImprovementInput[], now: readonly ImprovementInput[]): Parameters<typeof resultSuspects>[1]['since'] {
  const before = new Map(then.map((input) => [input.id, input]));
  const after = new Set(now.map(({ id }) => id));
  const isRevised = ({ id, madeBy }: ImprovementInput): boolean => {
    const was = before.get(id)?.madeBy;
    return was !== undefined && (was.recordHash !== madeBy.recordHash || was.mappingHash !== madeBy.mappingHash);
  };
  return {
    revised: now.filter(isRevised),
    gone: then.filter(({ id }) => !after.has(id)),
    late: now.filter(({ id }) => !before.has(id)),
  };
}
