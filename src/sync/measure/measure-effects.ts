import { clipped, type Improvement, measure, type MeasurementBasis, plusDays, spansOf, verdictOf } from '../../domain/index.js';
import { fingerprintOf, improvement as improvementWithId, improvements, keepMeasuredInputs, type Tx } from '../../store/index.js';
import { takeEvent } from '../decide/take-event.js';
import type { World } from '../world.js';
import { gather } from './gather.js';

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
  if (improvement === undefined || spans === undefined || improvement.plan.metric === 'criterion') return false;
  const at = world.clock();
  if (at < spans.window.to) return false;
  const { inputs, coverage, unsound, setAside, through } = await gather(t, world, improvement, improvement.plan, spans);
  const isRead = coverage.every(({ complete }) => complete.some(({ to }) => to >= spans.window.to));
  if ((!isRead || unsound.length > 0) && at < plusDays(spans.window.to, graceDays)) return false;
  const result = measure({ improvement, inputs, coverage, unsound, setAside, at });
  if (result.is !== 'measured') return false;
  const basis: MeasurementBasis = {
    plan: improvement.plan,
    look: improvement.extensions,
    coverage: clipped(coverage, spans),
    ...(unsound.length === 0 ? {} : { unsound }),
    ...(setAside === 0 ? {} : { setAside }),
    through,
    ...fingerprintOf(result.counted),
  };
  const after = await takeEvent(world, t, improvement, { is: 'measured', at, measurement: { ...result.measurement, basis } });
  const number = improvement.measurements.length;
  if (after.measurements.length === number) return false;
  await keepMeasuredInputs(
    t,
    id,
    number,
    result.counted.map((input) => input.id),
  );
  return true;
}

/** Approved again with another plan after a verdict: it is measured again. */
function isOnNewPlan(improvement: Improvement): boolean {
  const last = improvement.measurements.at(-1);
  const approved = improvement.decisions.findLast(({ kind }) => kind === 'approved');
  return last !== undefined && approved !== undefined && approved.at > last.at;
}
