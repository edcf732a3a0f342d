import { sameRef, refText } from '../inputs/case.js';
import { outcomeOf } from '../changes/change.js';
import type { LifecycleContext } from './attempt.js';
import type { Improvement } from '../improvement.js';
import { isBefore } from '../instant.js';
import { moveByItself } from './move.js';
import type { LifecycleEvent, StepResult } from './lifecycle-events.js';
import { takeAcceptance, takeTicketEntry } from './ticket-entry.js';
import { changeSuspects, clearSuspects, withSuspects } from '../thread/suspects.js';
import { verdictOf } from '../thread/thread-facts.js';
import { maxExtensions } from '../effectiveness/effectiveness.js';
import { lifecycle, type Way } from './ways.js';

/**
 * What an event does to an improvement. The only way in which a status changes after raising: every move is one of `ways`, and all its guards
 * have let it pass. Events may come twice; the second time nothing happens.
 */
export function step(
  improvement: Improvement,
  event: LifecycleEvent,
  context: LifecycleContext,
  ways: readonly Way[] = lifecycle,
): StepResult {
  switch (event.is) {
    case 'ticket-entry':
      return takeTicketEntry(improvement, event, context, ways);
    case 'accepted':
      return takeAcceptance(improvement, event, context);
    case 'change-linked':
      return follow(improvement, linkChange(improvement, event), event, context, ways);
    case 'change-read':
      return follow(improvement, readChange(improvement, event), event, context, ways);
    case 'evidence-added':
      return follow(improvement, addEvidence(improvement, event.evidence), event, context, ways);
    case 'trigger-withdrawn':
      return follow(improvement, withdrawTrigger(improvement, event), event, context, ways);
    case 'links-suspect':
      return noted(improvement, withSuspects(improvement, event.suspects), 'a link that was relied on has changed');
    case 'suspect-cleared': {
      const { ref, field, by, because, at } = event;
      const which = field === undefined ? { ref } : { ref, field };
      return noted(improvement, clearSuspects(improvement, which, { at, by, because }), `looked at by ${by}: ${because}`);
    }
    case 'review-date-reached':
      return follow(improvement, improvement, event, context, ways);
    case 'measured':
      return follow(improvement, addMeasurement(improvement, event), event, context, ways);
    case 'regressed':
      return follow(improvement, noteRegression(improvement, event.regression), event, context, ways);
    case 'follow-on-raised':
      return follow(improvement, raiseFollowOn(improvement, event.id), event, context, ways);
    case 'follow-on-decided':
      return follow(improvement, decideFollowOn(improvement, event), event, context, ways);
  }
}

type Of<Name extends LifecycleEvent['is']> = Extract<LifecycleEvent, { readonly is: Name }>;

function noted(before: Improvement, improvement: Improvement, because: string): StepResult {
  return { is: 'unchanged', improvement, moves: [], because: improvement === before ? 'nothing new' : because };
}

/** Records first, then takes every way that needs nobody, until none is open. */
function follow(
  before: Improvement,
  recorded: Improvement,
  event: LifecycleEvent,
  context: LifecycleContext,
  ways: readonly Way[],
): StepResult {
  const by = event.is === 'review-date-reached' ? 'calendar' : 'read-back';
  const { improvement, moves } = moveByItself(recorded, { by, at: event.at, context, ways });
  if (moves.length > 0) return { is: 'moved', improvement, moves, because: moves.map((move) => move.because).join('; ') };
  return { is: 'unchanged', improvement, moves, because: improvement === before ? 'nothing new' : 'recorded; its status stays' };
}

/** Links a change once. It stands in for the required ones that came to nothing before it. */
function linkChange(improvement: Improvement, event: Of<'change-linked'>): Improvement {
  if (improvement.changes.some((change) => sameRef(change.ref, event.change.ref))) return improvement;
  const added = { ...event.change, linkedAt: event.change.linkedAt ?? event.at };
  const replaced = improvement.changes.map((change) =>
    added.required && change.required && change.supersededBy === undefined && outcomeOf(change) === 'not-done'
      ? { ...change, supersededBy: refText(added.ref) }
      : change,
  );
  return { ...improvement, changes: [...replaced, added] };
}

/**
 * Sets what was read; a change that is missing keeps its last state. What is material and changed after it was relied on makes the link suspect. A closed
 * improvement keeps the state that it was closed with: what changed is reported, nothing is undone.
 */
function readChange(improvement: Improvement, event: Of<'change-read'>): Improvement {
  const known = improvement.changes.find((change) => sameRef(change.ref, event.ref));
  if (known === undefined) return improvement;
  const noticed = event.missing === true ? improvement : withSuspects(improvement, changeSuspects(improvement, known, event, event.at));
  if (improvement.status === 'closed') return noticed;
  const { missingSince, ...seen } = known;
  const read =
    event.missing === true
      ? { ...known, missingSince: missingSince ?? event.at }
      : {
          ...seen,
          ...(event.number === undefined ? {} : { number: event.number }),
          ...(event.state === undefined ? {} : { state: event.state }),
        };
  const changed = JSON.stringify(read) !== JSON.stringify(known);
  const updated = changed ? { ...noticed, changes: noticed.changes.map((change) => (change === known ? read : change)) } : noticed;
  return event.evidence === undefined ? updated : addEvidence(updated, event.evidence);
}

function withdrawTrigger(improvement: Improvement, { trigger }: Of<'trigger-withdrawn'>): Improvement {
  const known = improvement.withdrawnTriggers ?? [];
  if (!improvement.triggers.includes(trigger.input) || known.some(({ input }) => input === trigger.input)) return improvement;
  return { ...improvement, withdrawnTriggers: [...known, trigger] };
}

function addEvidence(improvement: Improvement, evidence: Improvement['evidence'][number]): Improvement {
  const known = improvement.evidence.some((each) => each.kind === evidence.kind && each.hash === evidence.hash);
  return known ? improvement : { ...improvement, evidence: [...improvement.evidence, evidence] };
}

/** Kept while it is under review and has no final verdict; an inconclusive one extends the window, at most twice. */
function addMeasurement(improvement: Improvement, { measurement }: Of<'measured'>): Improvement {
  const before = improvement.measurements.at(-1);
  const stale = before !== undefined && !isBefore(before.at, measurement.at);
  if (improvement.status !== 'reviewing' || stale || verdictOf(improvement) !== undefined) return improvement;
  const extend = measurement.result === 'inconclusive' && improvement.extensions < maxExtensions;
  return {
    ...improvement,
    measurements: [...improvement.measurements, { ...measurement, final: !extend }],
    extensions: improvement.extensions + (extend ? 1 : 0),
  };
}

/** Noted once, after closure; nothing moves. */
function noteRegression(improvement: Improvement, regression: NonNullable<Improvement['regression']>): Improvement {
  return improvement.status !== 'closed' || improvement.regression !== undefined ? improvement : { ...improvement, regression };
}

function raiseFollowOn(improvement: Improvement, id: string): Improvement {
  const verdict = verdictOf(improvement);
  if (improvement.followOn !== undefined || verdict === undefined) return improvement;
  return { ...improvement, followOn: { id } };
}

function decideFollowOn(improvement: Improvement, event: Of<'follow-on-decided'>): Improvement {
  const { followOn } = improvement;
  if (followOn === undefined || followOn.id !== event.id || followOn.decided !== undefined) return improvement;
  return { ...improvement, followOn: { ...followOn, decided: { at: event.at, by: event.by, kind: event.kind } } };
}
