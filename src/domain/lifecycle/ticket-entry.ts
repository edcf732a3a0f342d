import { personOf } from '../organisation/find-in-directory.js';
import { guards, whoMoved, type Attempt, type LifecycleContext, type Missing } from './guards.js';
import type { Decision, Improvement, Refusal, Status, Violation } from '../improvement.js';
import { isBefore, millis } from '../instant.js';
import type { LifecycleEvent, Move, StepResult, TicketEntry } from './lifecycle-events.js';
import { apply, missingFor, moveByItself } from './move.js';
import { approvalOf, verdictOf } from '../thread/thread-facts.js';
import { planAsRead, planDiffers, type TicketReading } from './ticket-reading.js';
import type { Way } from './ways.js';

/** Takes one entry of the ticket's history, once: first what it edited, then where it moved the ticket. */
export function takeTicketEntry(improvement: Improvement, entry: TicketEntry, context: LifecycleContext, ways: readonly Way[]): StepResult {
  if (isTaken(improvement, entry)) return { is: 'unchanged', improvement, moves: [], because: 'this entry was taken before' };
  const taken = { ...improvement, takenThrough: { at: entry.at, historyId: entry.historyId } };
  if (entry.ours === true) return { is: 'unchanged', improvement: taken, moves: [], because: 'our own write came back' };
  const edited = takeEdits(taken, entry, context, ways);
  if (entry.to === undefined || entry.to === edited.improvement.status) return settled(edited.improvement, edited.moves);
  const attempt: Attempt = {
    improvement: edited.improvement,
    context,
    to: entry.to,
    at: entry.at,
    actor: entry.actor,
    system: entry.system,
    reading: entry.reading,
  };
  const { status } = edited.improvement;
  const way = ways.find((candidate) => candidate.by === 'person' && candidate.from.includes(status) && candidate.to === entry.to);
  const missing = way === undefined ? [noWay(attempt, ways)] : missingFor(way, attempt);
  if (way === undefined || missing.length > 0) return refuse(attempt, entry, edited.moves, missing);
  const by = whoMoved(attempt)?.id ?? entry.actor.id;
  const moved = apply(edited.improvement, entry.to, entry, context);
  const further = moveByItself(moved, { by: 'read-back', at: entry.at, context, ways });
  return settled(further.improvement, [
    ...edited.moves,
    { from: status, to: entry.to, at: entry.at, by, because: way.because },
    ...further.moves,
  ]);
}

/** A missed or inconclusive final result is accepted by an entitled person, with a reason, without closing it yet. */
export function takeAcceptance(
  improvement: Improvement,
  event: Extract<LifecycleEvent, { readonly is: 'accepted' }>,
  context: LifecycleContext,
): StepResult {
  if (improvement.decisions.some((decision) => decision.historyId === event.historyId && decision.kind === 'accepted'))
    return { is: 'unchanged', improvement, moves: [], because: 'this acceptance was taken before' };
  const reading: TicketReading = { reason: event.reason };
  const attempt: Attempt = { improvement, context, to: 'closed', at: event.at, actor: event.actor, system: event.system, reading };
  const early: Missing = { code: 'measurement-missing', what: 'a final result, which there is not yet' };
  const final = improvement.status === 'reviewing' && verdictOf(improvement) !== undefined;
  const missing = [...(final ? [] : [early]), ...[guards.person, guards.acceptor, guards.reason].flatMap((guard) => guard(attempt) ?? [])];
  if (missing.length > 0)
    return {
      is: 'refused',
      improvement,
      moves: [],
      ...wording(`The result of ${improvement.id} is not accepted`, 'an acceptance', missing),
    };
  const decision: Decision = {
    kind: 'accepted',
    at: event.at,
    by: whoMoved(attempt)?.id ?? event.actor.id,
    account: event.actor.id,
    rationale: event.reason.trim(),
    historyId: event.historyId,
  };
  return {
    is: 'unchanged',
    improvement: { ...improvement, decisions: [...improvement.decisions, decision] },
    moves: [],
    because: 'the acceptance is recorded',
  };
}

/** Entries come in order of (time, id); ids of one system are numbers or sort as text. */
function isTaken(improvement: Improvement, entry: TicketEntry): boolean {
  const { takenThrough } = improvement;
  if (takenThrough === undefined) return false;
  if (millis(entry.at) !== millis(takenThrough.at)) return isBefore(entry.at, takenThrough.at);
  return compareIds(entry.historyId, takenThrough.historyId) <= 0;
}

/** Numeric ids by value, all others as text: Jira's changelog ids are numbers of growing length. */
export function compareIds(a: string, b: string): number {
  const numeric = /^\d+$/.test(a) && /^\d+$/.test(b);
  if (numeric && a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Their fields, as read. Before the approval the plan follows the ticket; afterwards a change of it undoes the approval. */
function takeEdits(
  improvement: Improvement,
  entry: TicketEntry,
  context: LifecycleContext,
  ways: readonly Way[],
): { readonly improvement: Improvement; readonly moves: readonly Move[] } {
  const { reading } = entry;
  const base = withTheirFields(improvement, reading);
  const status = base.status === 'on-hold' ? base.heldFrom : base.status;
  if (status === 'proposed' || status === 'deferred') return { improvement: withPlan(base, reading), moves: [] };
  if (status !== 'approved' && status !== 'implementing' && status !== 'reviewing') return { improvement: base, moves: [] };
  if (base.status === 'on-hold') {
    const changed = planDiffers(base, approvalOf(base)?.plan ?? base.plan, reading);
    return { improvement: changed ? withPlan({ ...base, heldFrom: 'proposed' }, reading) : base, moves: [] };
  }
  const undo = ways.filter((way) => way.to === 'proposed');
  const moved = moveByItself(base, { by: 'read-back', at: entry.at, context, ways: undo, reading });
  return moved.moves.length === 0
    ? { improvement: base, moves: [] }
    : { improvement: withPlan(moved.improvement, reading), moves: moved.moves };
}

function withTheirFields(improvement: Improvement, reading: TicketReading): Improvement {
  const title = reading.title?.trim();
  return {
    ...improvement,
    ...(title === undefined || title === '' ? {} : { title }),
    ...(reading.targetDate === undefined ? {} : { targetDate: reading.targetDate }),
    ...(reading.owner === undefined ? {} : { owner: reading.owner }),
  };
}

function withPlan(improvement: Improvement, reading: TicketReading): Improvement {
  return { ...improvement, plan: planAsRead(improvement, reading).plan, serviceIds: reading.serviceIds ?? improvement.serviceIds };
}

function settled(improvement: Improvement, moves: readonly Move[]): StepResult {
  if (moves.length === 0) return { is: 'unchanged', improvement, moves, because: 'recorded; its status stays' };
  return { is: 'moved', improvement, moves, because: moves.map((move) => move.because).join('; ') };
}

/** No way leads there by hand: say which do. */
function noWay(attempt: Attempt, ways: readonly Way[]): Missing {
  const { status } = attempt.improvement;
  const open = [...new Set(ways.filter((way) => way.by === 'person' && way.from.includes(status)).map((way) => way.to))];
  const byItself = ways.find((way) => way.by !== 'person' && way.from.includes(status) && way.to === attempt.to);
  const hint = byItself === undefined ? '' : `; that happens by itself when ${byItself.because}`;
  const leads = open.length === 0 ? `nothing leads out of ${status}` : `by hand, ${status} leads to ${open.join(', ')} only`;
  return { code: 'no-such-way', what: `another way: ${leads}${hint}` };
}

function refuse(attempt: Attempt, entry: TicketEntry, moves: readonly Move[], missing: readonly Missing[]): StepResult {
  const { improvement, to, context, at } = attempt;
  const by = personOf(context.directory, entry.system, entry.actor.id)?.id ?? entry.actor.id;
  const words = wording(`${improvement.id} stays ${improvement.status}`, `moving it to ${to}`, missing);
  const refusal: Refusal = { at, historyId: entry.historyId, by, to, code: words.code, sentence: words.sentence };
  const earlier = improvement.refusals ?? [];
  const violation = violationOf(improvement.status, to, attempt, by);
  const reopened = improvement.status === 'closed' && !improvement.violations.some((each) => each.code === 'reopened-after-closure');
  const movedBackBefore = earlier.some((each) => each.to === to);
  return {
    is: 'refused',
    moves,
    improvement: {
      ...improvement,
      refusals: [...earlier, refusal],
      violations: violation === undefined ? improvement.violations : [...improvement.violations, violation],
    },
    ...words,
    refusal,
    ...(context.policy.moveBack && !movedBackBefore ? { moveBackTo: improvement.status } : {}),
    ...(reopened ? { raiseLinked: true } : {}),
  };
}

/** A sentence for the comment, with everything that is missing. */
function wording(
  head: string,
  what: string,
  missing: readonly Missing[],
): { readonly code: string; readonly missing: readonly string[]; readonly sentence: string } {
  const wants = missing.map((each) => each.what);
  return {
    code: missing[0]?.code ?? 'refused',
    missing: missing.map((each) => each.code),
    sentence: `${head}: ${what} needs ${wants.join('; ')}.`,
  };
}

function violationOf(from: Status, to: Status, attempt: Attempt, by: string): Violation | undefined {
  if (from === 'closed')
    return {
      at: attempt.at,
      code: 'reopened-after-closure',
      what: `The ticket was moved to ${to} after closure; what is left to do belongs into a new improvement.`,
      by,
    };
  if (to === 'closed')
    return { at: attempt.at, code: 'closed-without-guard', what: `The ticket was closed by hand while the improvement was ${from}.`, by };
  return undefined;
}
