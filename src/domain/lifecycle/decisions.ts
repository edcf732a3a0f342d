import type { Actor, HistoryEntry, Instant } from '../../kit/index.js';
import type { Status } from '../improvement.js';
import { millis } from '../instant.js';
import type { TicketEntry } from './lifecycle-events.js';
import { compareIds } from './ticket-entry.js';
import { samePlan, type PlanEditor, type TicketReading } from './ticket-reading.js';

/** A ticket at one moment: what its fields say and which of our statuses its status means (absent: none that the mapping knows). */
export interface TicketState {
  readonly reading: Omit<TicketReading, 'lastPlanEditor' | 'lightPathBy' | 'judgementBy'>;
  readonly status?: Status;
}

/** One entry of the history, and the ticket right after it. */
export interface EntryReading {
  readonly entry: HistoryEntry;
  readonly after: TicketState;
  /** A write of ours, recognised by its stored fingerprint. */
  readonly ours?: boolean;
}

/** A ticket's whole history, rewound. */
export interface TicketHistory {
  readonly system: string;
  /** The ticket as it was created. */
  readonly created: TicketState & { readonly at: Instant; readonly by: Actor; readonly ours: boolean };
  /** In any order; every entry there is. */
  readonly entries: readonly EntryReading[];
}

/**
 * The ticket's history as events for `step`, in order, those up to `takenThrough` left out. Each entry carries the ticket as it stood then, which
 * is the plan that is approved if the entry is a decision, who had last edited target, criterion or scope by then, and who wrote an authorisation or a judgement:
 * for that the whole history is walked, taken or not. A plan that we wrote has no editor; one that came with a ticket made by hand was edited by its reporter.
 */
export function decisionsFrom(
  history: TicketHistory,
  takenThrough?: { readonly at: Instant; readonly historyId: string },
): readonly TicketEntry[] {
  const { system, created } = history;
  let previous: TicketState = created;
  let editor: PlanEditor | undefined = created.ours ? undefined : { actor: created.by, system, at: created.at };
  let authoriser: TicketReading['lightPathBy'];
  let judge: TicketReading['judgementBy'];
  const events: TicketEntry[] = [];
  for (const { entry, after, ours } of inOrder(history.entries)) {
    if (ours !== true && !samePlan(previous.reading, after.reading)) editor = { actor: entry.actor, system, at: entry.at };
    if (ours !== true && (previous.reading.lightPath ?? '') !== (after.reading.lightPath ?? ''))
      authoriser = { actor: entry.actor, system, at: entry.at, historyId: entry.id };
    if (ours !== true && !sameJudgement(previous.reading, after.reading))
      judge = { actor: entry.actor, system, at: entry.at, historyId: entry.id };
    const moved = after.status !== undefined && after.status !== previous.status;
    if (isAfter(entry, takenThrough))
      events.push({
        is: 'ticket-entry',
        at: entry.at,
        historyId: entry.id,
        system,
        actor: entry.actor,
        reading: {
          ...after.reading,
          ...(editor === undefined ? {} : { lastPlanEditor: editor }),
          ...(authoriser === undefined ? {} : { lightPathBy: authoriser }),
          ...(judge === undefined ? {} : { judgementBy: judge }),
        },
        ...(moved ? { to: after.status } : {}),
        ...(ours === undefined ? {} : { ours }),
      });
    previous = { ...after, ...(after.status === undefined && previous.status !== undefined ? { status: previous.status } : {}) };
  }
  return events;
}

function sameJudgement({ judgement: a }: TicketState['reading'], { judgement: b }: TicketState['reading']): boolean {
  return a?.met === b?.met && (a?.evidence ?? '') === (b?.evidence ?? '');
}

function inOrder(entries: readonly EntryReading[]): readonly EntryReading[] {
  return entries.toSorted((a, b) => millis(a.entry.at) - millis(b.entry.at) || compareIds(a.entry.id, b.entry.id));
}

function isAfter(entry: HistoryEntry, taken: { readonly at: Instant; readonly historyId: string } | undefined): boolean {
  if (taken === undefined) return true;
  return millis(entry.at) > millis(taken.at) || (millis(entry.at) === millis(taken.at) && compareIds(entry.id, taken.historyId) > 0);
}
