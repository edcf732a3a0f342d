import type { Instant } from '../../kit/index.js';
import { guards, notesIn, reasonIn, whoMoved, type Attempt, type LifecycleContext, type Missing } from './guards.js';
import type { Decision, DecisionKind, Improvement, Status } from '../improvement.js';
import type { Move, TicketEntry } from './lifecycle-events.js';
import { isAcceptance, objectiveOf, verdictOf } from '../thread/thread-facts.js';
import { planAsRead, type TicketReading } from './ticket-reading.js';
import type { Mover, Way } from './ways.js';

/** The name under which the product itself acts. */
export const itself = 'golden-thread';

/** Everything that the guards of a way miss; empty when the way is open. */
export function missingFor(way: Way, attempt: Attempt): readonly Missing[] {
  return way.guards.flatMap((name) => guards[name](attempt) ?? []);
}

/** Takes every way of read-back (or of the calendar, then of read-back) that is open, until none is. Ends because statuses repeat never twice. */
export function moveByItself(
  start: Improvement,
  ask: {
    readonly by: Mover;
    readonly at: Instant;
    readonly context: LifecycleContext;
    readonly ways: readonly Way[];
    readonly reading?: TicketReading;
  },
): { readonly improvement: Improvement; readonly moves: readonly Move[] } {
  const moves: Move[] = [];
  const been = new Set<Status>([start.status]);
  let improvement = start;
  for (;;) {
    const way = ask.ways.find((candidate) => {
      if (candidate.by !== ask.by || !candidate.from.includes(improvement.status) || been.has(candidate.to)) return false;
      return missingFor(candidate, attemptOf(improvement, candidate.to, ask)).length === 0;
    });
    if (way === undefined) return { improvement, moves };
    moves.push({ from: improvement.status, to: way.to, at: ask.at, by: itself, because: way.because });
    been.add(way.to);
    improvement = way.to === 'closed' ? close(improvement, ask.at, itself, way.because) : { ...improvement, status: way.to };
  }
}

function attemptOf(
  improvement: Improvement,
  to: Status,
  ask: { readonly at: Instant; readonly context: LifecycleContext; readonly reading?: TicketReading },
): Attempt {
  return { improvement, context: ask.context, to, at: ask.at, ...(ask.reading === undefined ? {} : { reading: ask.reading }) };
}

/** The improvement after a person's move that all guards let pass. */
export function apply(improvement: Improvement, to: Status, entry: TicketEntry, context: LifecycleContext): Improvement {
  const { at, reading } = entry;
  const decide = (kind: DecisionKind, text: string, more: Partial<Decision> = {}): Improvement => {
    const by = personIn(improvement, to, entry, context);
    const decision: Decision = { kind, at, by, account: entry.actor.id, rationale: text, historyId: entry.historyId, ...more };
    return { ...improvement, status: to, decisions: [...improvement.decisions, decision] };
  };
  if (improvement.status === 'on-hold' && to !== 'withdrawn') {
    const { heldFrom: _heldFrom, ...rest } = improvement;
    return { ...rest, status: to };
  }
  switch (to) {
    case 'approved': {
      const { plan } = planAsRead(improvement, reading);
      const objective = objectiveOf(context.policy, reading.objective)?.id;
      const approved = decide('approved', reading.rationale?.trim() ?? '', { plan, ...(objective === undefined ? {} : { objective }) });
      return { ...approved, plan, extensions: 0 };
    }
    case 'rejected':
      return decide('rejected', reading.rationale?.trim() ?? '');
    case 'deferred':
      return decide(
        'deferred',
        reading.rationale?.trim() ?? '',
        reading.reviewDate === undefined ? {} : { reviewDate: reading.reviewDate },
      );
    case 'withdrawn':
      return decide('withdrawn', reasonIn(reading));
    case 'on-hold':
      return { ...improvement, status: to, heldFrom: improvement.status };
    case 'closed':
      return closeByHand(improvement, entry, context);
    default:
      return { ...improvement, status: to };
  }
}

/** Closing a result that is not effective, without a decided follow-on, is its acceptance: the guard has made sure that the closer may. */
function closeByHand(improvement: Improvement, entry: TicketEntry, context: LifecycleContext): Improvement {
  const by = personIn(improvement, 'closed', entry, context);
  const notes = notesIn(entry.reading);
  const settled =
    improvement.followOn?.decided !== undefined || improvement.decisions.some((decision) => isAcceptance(improvement, decision));
  const accepts = !settled && guards.verdict({ improvement, context, to: 'closed', at: entry.at }) !== undefined;
  const decision: Decision = { kind: 'accepted', at: entry.at, by, account: entry.actor.id, rationale: notes, historyId: entry.historyId };
  return close(accepts ? { ...improvement, decisions: [...improvement.decisions, decision] } : improvement, entry.at, by, notes);
}

function close(improvement: Improvement, at: Instant, by: string, notes: string): Improvement {
  const acceptance = improvement.decisions.findLast((decision) => isAcceptance(improvement, decision));
  const result = verdictOf(improvement);
  return {
    ...improvement,
    status: 'closed',
    ...(result === undefined
      ? {}
      : {
          closure: {
            at,
            by,
            result,
            notes,
            ...(improvement.followOn === undefined ? {} : { followOn: improvement.followOn.id }),
            ...(acceptance === undefined ? {} : { acceptance }),
          },
        }),
  };
}

function personIn(improvement: Improvement, to: Status, entry: TicketEntry, context: LifecycleContext): string {
  const person = whoMoved({ improvement, to, at: entry.at, context, actor: entry.actor, system: entry.system });
  return person?.id ?? entry.actor.id;
}
