import type { LifecycleContext } from './attempt.js';
import type { Improvement, UpdatedControl } from '../improvement.js';
import type { Move, TicketEntry } from './lifecycle-events.js';
import { moveByItself } from './move.js';
import { approvalOf } from '../thread/thread-facts.js';
import { planAsRead } from './plan-reading.js';
import { planDiffers, type TicketReading } from './ticket-reading.js';
import type { Way } from './ways.js';

/** Their fields, as read. Before the approval the plan follows the ticket; afterwards a change of it undoes the approval. */
export function takeEdits(
  improvement: Improvement,
  entry: TicketEntry,
  context: LifecycleContext,
  ways: readonly Way[],
): { readonly improvement: Improvement; readonly moves: readonly Move[] } {
  const { reading } = entry;
  const base = withTheirFields(improvement, entry);
  const status = base.status === 'on-hold' ? base.heldFrom : base.status;
  if (status === 'proposed' || status === 'deferred') return { improvement: withPlan(base, reading), moves: [] };
  if (status !== 'approved' && status !== 'implementing' && status !== 'reviewing') return { improvement: base, moves: [] };
  if (base.status === 'on-hold') {
    const changed = planDiffers(base, approvalOf(base)?.plan ?? base.plan, reading);
    return { improvement: changed ? withPlan({ ...base, heldFrom: 'proposed' }, reading) : base, moves: [] };
  }
  const undo = ways.filter((way) => way.to === 'proposed');
  const moved = moveByItself(base, { by: 'read-back', at: entry.at, context, ways: undo, reading });
  if (moved.moves.length === 0) return { improvement: withAnswer(base, reading), moves: [] };
  return { improvement: withPlan(moved.improvement, reading), moves: moved.moves };
}

function withTheirFields(improvement: Improvement, { reading, at }: TicketEntry): Improvement {
  const title = reading.title?.trim();
  const { cause, similarElsewhere } = reading;
  return {
    ...improvement,
    ...(title === undefined || title === '' ? {} : { title }),
    ...(reading.targetDate === undefined ? {} : { targetDate: reading.targetDate }),
    ...(reading.owner === undefined ? {} : { owner: reading.owner }),
    ...(cause === undefined ? {} : { cause: cause.trim() }),
    ...(similarElsewhere === undefined ? {} : { similarElsewhere: similarElsewhere.trim() }),
    ...(reading.updatedControls === undefined ? {} : { updatedControls: controlsOf(improvement, reading.updatedControls, at) }),
  };
}

/** What was named before keeps its date. */
function controlsOf(
  { updatedControls: known = [] }: Improvement,
  read: NonNullable<TicketReading['updatedControls']>,
  at: string,
): readonly UpdatedControl[] {
  return read.map((one) => known.find(({ title, url }) => title === one.title && url === one.url) ?? { ...one, at });
}

/** Their answer to how the improvement gets its change, where the policy asks. */
function withAnswer(improvement: Improvement, reading: TicketReading): Improvement {
  return improvement.change === 'ask' && reading.change !== undefined ? { ...improvement, change: reading.change } : improvement;
}

function withPlan(improvement: Improvement, reading: TicketReading): Improvement {
  const { plannedControls } = reading;
  return {
    ...improvement,
    plan: planAsRead(improvement, reading).plan,
    serviceIds: reading.serviceIds ?? improvement.serviceIds,
    ...(plannedControls === undefined ? {} : { plannedControls }),
  };
}
