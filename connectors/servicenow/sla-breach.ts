import type { Instant, JsonObject } from 'golden-thread/kit';

/** Stages in which the clock of an SLA does not run: it was met, taken away, or waits; going on moves the update stamp. */
const still = new Set<unknown>(['paused', 'completed', 'cancelled']);
/** The first wait for an SLA engine that is late; then half of what has already been waited. */
const shortestWaitMs = 60_000;
/** Longer overdue than this without a breach: nobody will set it any more. */
const longestWaitMs = 7 * 86_400_000;

/**
 * When a service level result breaks its promise without its update stamp moving: at `planned_end_time` ("time the SLA will breach, adjusted for
 * pause"), while it runs and has neither ended nor breached. The engine that sets `has_breached` may be late: once that time has
 * passed on the instance's clock (`now`), the answer is a later and later look. Undefined when nothing is to come.
 */
export function breachAt(data: JsonObject, now: Instant | undefined): Instant | undefined {
  const { has_breached: breached, stage, planned_end_time: planned, end_time: ended } = data;
  if (breached === true || still.has(stage) || (typeof ended === 'string' && ended !== '')) return undefined;
  const due = typeof planned === 'string' ? Date.parse(planned) : Number.NaN;
  if (Number.isNaN(due)) return undefined;
  const late = now === undefined ? 0 : Date.parse(now) - due;
  if (late < 0 || now === undefined) return new Date(due).toISOString();
  if (late > longestWaitMs) return undefined;
  return new Date(Date.parse(now) + Math.max(shortestWaitMs, late / 2)).toISOString();
}
