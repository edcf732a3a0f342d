import { personOf } from '../organisation/find-in-directory.js';
import { whoMoved, type Attempt, type LifecycleContext, type Missing } from './attempt.js';
import { takeAuthorisation } from './authorise.js';
import { guards } from './guards.js';
import { takeJudgement } from './judge-criterion.js';
import type { Decision, Improvement, Refusal, Status, Violation } from '../improvement.js';
import { isBefore, millis } from '../instant.js';
import type { LifecycleEvent, Move, StepResult, TicketEntry } from './lifecycle-events.js';
import { apply, gatesOffPart, moveByItself, tryWay, withWaiver } from './move.js';
import { takeEdits } from './take-edits.js';
import { verdictOf } from '../thread/thread-facts.js';
import type { TicketReading } from './ticket-reading.js';
import type { Way } from './ways.js';

/** Takes one entry of the ticket's history, once: first what it edited, then where it moved the ticket. */
export function takeTicketEntry(improvement: Improvement, entry: TicketEntry, context: LifecycleContext, ways: readonly Way[]): StepResult {
  if (isTaken(improvement, entry)) return { is: 'unchanged', improvement, moves: [], because: 'this entry was taken before' };
  const taken = { ...improvement, takenThrough: { at: entry.at, historyId: entry.historyId } };
  if (entry.ours === true) return { is: 'unchanged', improvement: inStep(taken, entry), moves: [], because: 'our own write came back' };
  const edited = takeEdits(taken, entry, context, ways);
  if (entry.to === undefined || entry.to === edited.improvement.status)
    return goOn(inStep(edited.improvement, entry), edited.moves, entry, context, ways);
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
  const { missing, waived } = way === undefined ? { missing: [noWay(attempt, ways)], waived: [] } : tryWay(way, attempt);
  if (way === undefined || missing.length > 0) return refuse(attempt, entry, edited.moves, missing);
  const by = whoMoved(attempt)?.id ?? entry.actor.id;
  const moved = withWaiver(apply(inStep(edited.improvement, entry), entry.to, entry, context, waived), {
    at: entry.at,
    by,
    to: entry.to,
    gates: waived,
  });
  const move: Move = { from: status, to: entry.to, at: entry.at, by, because: way.because, ...gatesOffPart(waived) };
  return goOn(moved, [...edited.moves, move], entry, context, ways);
}

/** What an entry leads to beyond what it says: the path without a change that it authorises, and every way that needs nobody. */
function goOn(
  improvement: Improvement,
  moves: readonly Move[],
  entry: TicketEntry,
  context: LifecycleContext,
  ways: readonly Way[],
): StepResult {
  const authorised = takeAuthorisation(improvement, entry, context, ways);
  const made = authorised.is === 'authorised' ? [...moves, authorised.move] : moves;
  const judged = takeJudgement(authorised.is === 'authorised' ? authorised.improvement : improvement, entry, context);
  const at = judged.improvement;
  const isNews = made.length > 0 || judged.is === 'judged';
  const further = isNews ? moveByItself(at, { by: 'read-back', at: entry.at, context, ways }) : { improvement: at, moves: [] };
  const all = [...made, ...further.moves];
  if (authorised.is === 'refused') {
    const words = wording(`${improvement.id} needs a change`, 'carrying it out without one', authorised.missing);
    return refusedBeside(further.improvement, all, { ...authorised.refused, code: words.code, sentence: words.sentence }, words);
  }
  if (judged.is !== 'refused') return settled(further.improvement, all);
  const words = wording(`The criterion of ${improvement.id} is not judged yet`, 'its judgement', judged.missing);
  return refusedBeside(further.improvement, all, { ...judged.refused, code: words.code, sentence: words.sentence }, words);
}

/** Something in the ticket is refused that is no move: the ticket stays where it is. */
function refusedBeside(improvement: Improvement, moves: readonly Move[], refusal: Refusal, words: ReturnType<typeof wording>): StepResult {
  const refusals = [...(improvement.refusals ?? []), refusal];
  return { is: 'refused', improvement: { ...improvement, refusals }, moves, ...words, refusal };
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
      ...outOfStep(improvement, entry, to),
      refusals: [...earlier, refusal],
      violations: violation === undefined ? improvement.violations : [...improvement.violations, violation],
    },
    ...words,
    refusal,
    ...(context.policy.moveBack && !movedBackBefore ? { moveBackTo: improvement.status } : {}),
    ...(reopened ? { raiseLinked: true } : {}),
  };
}

/** The ticket stands where a guard did not want it, until it is moved back. */
function outOfStep(improvement: Improvement, { at, historyId }: TicketEntry, to: Status): Improvement {
  const { ticket } = improvement;
  return ticket === undefined ? improvement : { ...improvement, ticket: { ...ticket, astray: { at, historyId, to } } };
}

/** The ticket was moved to where it should stand. */
function inStep(improvement: Improvement, { to }: TicketEntry): Improvement {
  if (to === undefined || improvement.ticket?.astray === undefined) return improvement;
  const { astray: _mended, ...ticket } = improvement.ticket;
  return { ...improvement, ticket };
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
