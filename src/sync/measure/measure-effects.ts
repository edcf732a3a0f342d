import { type Improvement, type ImprovementInput, measure, plusDays, spansOf, type StreamCoverage, verdictOf } from '../../domain/index.js';
import { coverage, improvement as improvementWithId, improvements, inputsById, inputsWithKeys, type Tx } from '../../store/index.js';
import { takeEvent } from '../decide/take-event.js';
import type { World } from '../world.js';

/** How long a stream may lag behind the end of a window before its silence counts as a gap in the data. */
const graceDays = 2;

/** Measures every improvement under review whose window has ended and was read. Returns the ids of those that got a measurement. */
export async function measureEffects(world: World): Promise<readonly string[]> {
  const measured: string[] = [];
  for (const improvement of await improvements(world.store.read, { status: ['reviewing'] })) {
    if (verdictOf(improvement) !== undefined && !isOnNewPlan(improvement)) continue;
    if (await world.store.tx((t) => measureEffect(world, t, improvement.id))) measured.push(improvement.id);
  }
  return measured;
}

async function measureEffect(world: World, t: Tx, id: string): Promise<boolean> {
  const improvement = await improvementWithId(t, id);
  const spans = improvement === undefined ? undefined : spansOf(improvement);
  if (improvement === undefined || spans === undefined) return false;
  const at = world.clock();
  const inputs = await inputsWithKeys(t, improvement.plan.caseKeys, { from: spans.baseline.from, to: spans.window.to });
  const read = await coverageOf(world, t, improvement, inputs);
  const isRead = read.every(({ complete }) => complete.some(({ to }) => to >= spans.window.to));
  if (!isRead && at < plusDays(spans.window.to, graceDays)) return false;
  const result = measure({ improvement, inputs, coverage: read, at });
  if (result.is !== 'measured') return false;
  await takeEvent(world, t, improvement, { is: 'measured', at, measurement: result.measurement });
  return true;
}

/** The streams on which the metric rests: those that its records, now or when it was raised, came from. */
async function coverageOf(
  world: World,
  t: Tx,
  improvement: Improvement,
  inputs: readonly ImprovementInput[],
): Promise<readonly StreamCoverage[]> {
  const triggers = await inputsById(t, improvement.triggers);
  const streams = new Map([...triggers, ...inputs].map(({ trigger: { system, stream } }) => [`${system}/${stream}`, { system, stream }]));
  const read: StreamCoverage[] = [];
  for (const [name, stream] of streams) read.push({ stream: name, complete: await coverage(t, stream) });
  return read;
}

/** Approved again with another plan after a verdict: it is measured again. */
function isOnNewPlan(improvement: Improvement): boolean {
  const last = improvement.measurements.at(-1);
  const approved = improvement.decisions.findLast(({ kind }) => kind === 'approved');
  return last !== undefined && approved !== undefined && approved.at > last.at;
}
