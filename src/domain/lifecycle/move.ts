import type { Instant } from '../../kit/index.js';
import { dateOf, notesIn, reasonIn, whoMoved, type Attempt, type LifecycleContext, type Missing } from './attempt.js';
import { isSwitchedOff } from './gates.js';
import { guards } from './guards.js';
import { changeWanted } from './light-path.js';
import { evidenceWithoutChange } from '../changes/change.js';
import { entitledAs } from '../organisation/entitled-as.js';
import type { Decision, DecisionKind, Improvement, Status, Waiver } from '../improvement.js';
import type { Move, TicketEntry } from './lifecycle-events.js';
import { isAcceptance, objectiveOf, verdictOf } from '../thread/thread-facts.js';
import { planAsRead } from './plan-reading.js';
import { type TicketReading } from './ticket-reading.js';
import type { Mover, Way } from './ways.js';

/** The name under which the product itself acts. */
export const itself = 'golden-thread';

/** What the guards of a way say to an attempt. */
export interface Tried {
  /** Everything that they miss; empty when the way is open. */
  readonly missing: readonly Missing[];
  /** Gates that would have refused it, had the policy not switched them off. */
  readonly waived: readonly string[];
}

/** Lets every guard of a way look at an attempt. A gate that is switched off refuses nothing, and says so. */
export function tryWay(way: Way, attempt: Attempt): Tried {
  const missing: Missing[] = [];
  const waived: string[] = [];
  for (const name of way.guards) {
    const found = guards[name](attempt);
    if (found === undefined) continue;
    if (isSwitchedOff(name, attempt.context.policy.gatesOff, dateOf(attempt))) waived.push(name);
    else missing.push(found);
  }
  return { missing, waived };
}

/** The improvement with a note of the gates that let a move pass only because they are off. */
export function withWaiver(improvement: Improvement, { gates, ...move }: Waiver): Improvement {
  return gates.length === 0 ? improvement : { ...improvement, waivers: [...(improvement.waivers ?? []), { ...move, gates }] };
}

/** The part of a move or decision that names gates; empty when none was needed. */
export function gatesOffPart(waived: readonly string[]): { readonly gatesOff?: readonly string[] } {
  return waived.length === 0 ? {} : { gatesOff: waived };
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
      return tryWay(candidate, attemptOf(improvement, candidate.to, ask)).missing.length === 0;
    });
    if (way === undefined) return { improvement, moves };
    const { waived } = tryWay(way, attemptOf(improvement, way.to, ask));
    moves.push({ from: improvement.status, to: way.to, at: ask.at, by: itself, because: way.because, ...gatesOffPart(waived) });
    been.add(way.to);
    const noted = withWaiver(improvement, { at: ask.at, by: itself, to: way.to, gates: waived });
    improvement = way.to === 'closed' ? close(noted, ask.at, itself, way.because) : { ...noted, status: way.to };
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
export function apply(
  improvement: Improvement,
  to: Status,
  entry: TicketEntry,
  context: LifecycleContext,
  waived: readonly string[] = [],
): Improvement {
  const { at, reading } = entry;
  const decide = (kind: DecisionKind, text: string, more: Partial<Decision> = {}): Improvement => {
    const by = personIn(improvement, to, entry, context);
    const entitled = entitledAs(improvement, by, context, dateOf({ at, context }));
    const decision: Decision = {
      kind,
      at,
      by,
      account: entry.actor.id,
      rationale: text,
      historyId: entry.historyId,
      ...more,
      ...(entitled === undefined ? {} : { entitledAs: entitled }),
      ...gatesOffPart(waived),
    };
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
      const controls = improvement.plannedControls ?? [];
      const approved = decide('approved', reading.rationale?.trim() ?? '', {
        plan,
        ...(objective === undefined ? {} : { objective }),
        ...(controls.length === 0 ? {} : { controls }),
      });
      return { ...withoutLapsedPath(approved), plan, extensions: 0, change: changeWanted(improvement, context.policy) };
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

/** An authorisation of the light path lapses with the approval that it rested on, unless the work that it allowed has left evidence already. */
function withoutLapsedPath(improvement: Improvement): Improvement {
  if (improvement.lightPath === undefined || evidenceWithoutChange(improvement).length > 0) return improvement;
  const { lightPath: _lapsed, ...rest } = improvement;
  return rest;
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
