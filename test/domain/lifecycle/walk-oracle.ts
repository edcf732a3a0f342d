import type { Improvement, LifecycleEvent, LinkedChange, Move, Status, TicketEntry } from '../../../src/domain/index.js';
import { context } from '../world.js';
import type { Scene } from './walk-events.js';

/** Who is who in the small organisation, written down once more: nothing here asks the guards, or anything that they ask. */
const people: Readonly<Record<string, string>> = {
  'acc-olga': 'olga',
  'acc-anton': 'anton',
  'acc-carla': 'carla',
  'acc-peter': 'peter',
  'acc-fred': 'fred',
  'acc-dora': 'dora',
};
const left = ['fred'];
const deciders = ['anton', 'carla'];

type Said = readonly (readonly [what: string, holds: boolean])[];

/** Whatever a move lacks by the law of the domain; empty when it was rightly made. */
export function unjustified(scene: Scene, before: Improvement, event: LifecycleEvent, move: Move, after: Improvement): readonly string[] {
  const entry = event.is === 'ticket-entry' ? event : undefined;
  // An edit that undoes an approval, and every move of its own, is nobody's.
  const byPerson = entry !== undefined && move.by !== 'golden-thread';
  const said = byPerson ? byHand(scene, before, entry, move, after) : byItself(scene, before, event, move, after);
  return said.filter(([, holds]) => !holds).map(([what]) => `${move.from} -> ${move.to}: ${what}`);
}

function byHand(scene: Scene, before: Improvement, entry: TicketEntry, move: Move, after: Improvement): Said {
  const { reading } = entry;
  const filled = (text: string | undefined): boolean => (text ?? '').trim() !== '';
  const actor = move.to === 'implementing' && move.from !== 'on-hold' ? reading.lightPathBy?.actor : entry.actor;
  const who = actor?.kind === 'person' ? people[actor.id] : undefined;
  const here = who !== undefined && !left.includes(who);
  const decides = here && deciders.includes(who);
  const owns = here && who === before.owner;
  const reason = filled(reading.rationale) || filled(reading.reason);
  const separate: Said = [
    ['by somebody other than the owner', who !== before.owner && who !== 'olga'],
    ['by somebody other than the proposer', who !== before.proposer],
  ];
  if (move.from === 'on-hold' && move.to !== 'withdrawn')
    return [
      ['by owner or approver', owns || decides],
      ['back where it was', move.to === before.heldFrom || (move.to === 'proposed' && changesPlan(before, entry))],
    ];
  switch (move.to) {
    case 'approved':
      return [
        ['by an entitled person', decides],
        ...separate,
        ['by another than who edited the plan last', reading.lastPlanEditor?.actor.id !== entry.actor.id],
        ['an approved category', before.category === 'incident'],
        ['a trigger', before.triggers.length > 0],
        ['a rationale', filled(reading.rationale)],
        ['an objective', reading.objective === 'availability'],
        ['a complete plan', reading.plan?.reduceBy !== null],
        [
          'the plan as it stood in the ticket',
          kept(after, entry, 'approved')?.plan?.reduceBy === (reading.plan?.reduceBy ?? before.plan.reduceBy),
        ],
        ['a cause', before.kind !== 'corrective-action' || filled(reading.cause) || filled(before.cause)],
      ];
    case 'rejected':
      return [
        ['by an entitled person', decides],
        ['a rationale', filled(reading.rationale)],
      ];
    case 'deferred':
      return [
        ['by an entitled person', decides],
        ['a rationale', filled(reading.rationale)],
        ['a review date ahead', filled(reading.reviewDate) && (reading.reviewDate ?? '') > entry.at.slice(0, 10)],
      ];
    case 'withdrawn':
      return [
        ['by an entitled person', decides],
        ['a reason', reason],
      ];
    case 'on-hold':
      return [
        ['by owner or approver', owns || decides],
        ['a reason', reason],
      ];
    case 'implementing':
      return [...authorised(scene, before, entry, after, decides), ...separate];
    case 'closed': {
      const accepts = here && who === 'carla';
      const effective = after.closure?.result === 'effective' && !inHindsight(before);
      return [
        ['by the owner, or by who may accept the result', owns || (accepts && !effective)],
        ['notes', filled(reading.closureNotes)],
        ...thread(after, entry, accepts),
      ];
    }
    default:
      return [['a way that there is', false]];
  }
}

function byItself({ context: { policy } }: Scene, before: Improvement, event: LifecycleEvent, move: Move, after: Improvement): Said {
  const required = counting(after);
  switch (`${move.from} ${move.to}`) {
    case 'deferred proposed': {
      const due = before.decisions.findLast(({ kind }) => kind === 'deferred')?.reviewDate;
      return [['its review date', event.is === 'review-date-reached' && due !== undefined && due <= berlinDay(event.at)]];
    }
    case 'approved implementing':
      return [
        ['an approval with everything', soundApproval(after)],
        [
          'the start of the work',
          required.length > 0 ? required.some(begun) && !required.some(cameToNothing) : after.lightPath !== undefined,
        ],
      ];
    case 'implementing reviewing':
      return carriedOut(after);
    case 'implementing approved':
      return [['a change that came to nothing', required.some(cameToNothing)]];
    case 'reviewing closed':
      return [
        ['a policy that closes by itself', policy.closeEffectiveAutomatically],
        ['an effective result', after.measurements.at(-1)?.result === 'effective' && !inHindsight(after)],
        ...thread(after, undefined, false),
      ];
    case 'approved proposed':
    case 'implementing proposed':
    case 'reviewing proposed':
      return [['an edit of target, criterion or scope', event.is === 'ticket-entry' && changesPlan(before, event)]];
    default:
      return [['a way that there is', false]];
  }
}

/** Every link of the thread that a closed improvement must have. */
function thread(closed: Improvement, entry: TicketEntry | undefined, accepts: boolean): Said {
  const approvedAt = approval(closed)?.at ?? '';
  const last = closed.measurements.at(-1);
  const accepted = closed.decisions.some(
    ({ kind, by, rationale, at }) => kind === 'accepted' && by === 'carla' && rationale !== '' && at >= (last?.at ?? ''),
  );
  const effective = last?.result === 'effective' && !inHindsight(closed);
  const weeks = last?.window === undefined ? 0 : Math.round((Date.parse(last.window.to) - Date.parse(last.window.from)) / 604_800_000);
  return [
    ['a trigger', closed.triggers.length > 0],
    ['an approval with everything', soundApproval(closed)],
    ...carriedOut(closed),
    ['a final result after the approval', last?.final === true && last.at >= approvedAt],
    ['a result against the plan that was approved', weeks > 0 && weeks % (approval(closed)?.plan?.windowWeeks ?? 0) === 0],
    ['an effective result, a follow-on or an acceptance', effective || closed.followOn?.decided !== undefined || accepted || accepts],
    [
      'a word on similar nonconformities',
      closed.kind !== 'corrective-action' || (closed.similarElsewhere ?? entry?.reading.similarElsewhere ?? '') !== '',
    ],
  ];
}

function authorised(scene: Scene, before: Improvement, entry: TicketEntry, after: Improvement, decides: boolean): Said {
  const { policy } = scene.context;
  const amendment = before.kind === 'supplier' && policy.contractAmendment !== undefined;
  const listed = policy.lightPath.some(({ kinds }) => kinds.includes(before.kind)) || after.change === 'none';
  const by = entry.reading.lightPathBy;
  return [
    ['a path that the policy opens', amendment || listed],
    ['by somebody who may authorise it', decides && (!amendment || by?.actor.id === 'acc-carla')],
    ['an authorisation that is not older than the approval', (by?.at ?? '') >= (approval(after)?.at ?? '~')],
    ['an approval with everything', soundApproval(after)],
    ['no change that is linked', counting(after).length === 0],
    ['the third party', !amendment || before.dependencies.length > 0],
  ];
}

function carriedOut(improvement: Improvement): Said {
  const required = counting(improvement);
  const { lightPath, evidence } = improvement;
  const filed = evidence.some(({ kind, at }) => kind === 'document' && lightPath !== undefined && at > lightPath.at);
  const snapshot = ({ ref }: LinkedChange): boolean =>
    evidence.some((each) => each.kind === 'change-completion' && each.ref?.key === ref.key);
  return [
    ['completed changes, or an authorised path without one', required.length > 0 ? required.every(done) : lightPath !== undefined],
    ['evidence of completion', required.length > 0 ? required.every(snapshot) : filed],
  ];
}

const approval = ({ decisions }: Improvement): Improvement['decisions'][number] | undefined =>
  decisions.findLast(({ kind }) => kind === 'approved');

function kept({ decisions }: Improvement, entry: TicketEntry, kind: 'approved'): Improvement['decisions'][number] | undefined {
  return decisions.findLast((decision) => decision.kind === kind && decision.historyId === entry.historyId);
}

function soundApproval(improvement: Improvement): boolean {
  const found = approval(improvement);
  return found !== undefined && found.rationale !== '' && found.objective === 'availability' && found.plan !== undefined;
}

/** Required, and no other change stands in for it. */
function counting({ changes }: Improvement): readonly LinkedChange[] {
  return changes.filter(({ required, supersededBy }) => required && supersededBy === undefined);
}

function done({ state }: LinkedChange): boolean {
  return (state?.phase === 'completed' || state?.phase === 'completed-with-issues') && state.approval !== 'rejected';
}

function cameToNothing(change: LinkedChange): boolean {
  if (done(change)) return false;
  const { state, missingSince } = change;
  return missingSince !== undefined || state?.phase === 'failed' || state?.phase === 'cancelled' || state?.approval === 'rejected';
}

function begun(change: LinkedChange): boolean {
  const { state } = change;
  return (
    done(change) || (state !== undefined && !cameToNothing(change) && (state.phase === 'implementing' || state.startedAt !== undefined))
  );
}

/** The plan was approved after the work had begun. */
function inHindsight(improvement: Improvement): boolean {
  const required = counting(improvement);
  const starts = required.length > 0 ? required.map(({ state }) => state?.startedAt) : [improvement.lightPath?.at];
  const approvedAt = approval(improvement)?.at;
  return approvedAt !== undefined && starts.some((at) => at !== undefined && at < approvedAt);
}

function changesPlan(before: Improvement, { reading }: TicketEntry): boolean {
  const target = (approval(before)?.plan ?? before.plan).reduceBy;
  return reading.plan?.reduceBy !== undefined && reading.plan.reduceBy !== target;
}

function berlinDay(at: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: context.timeZone }).format(new Date(at));
}

/** A status that is never left. */
export function isSettled(status: Status): boolean {
  return status === 'closed' || status === 'rejected' || status === 'withdrawn';
}
