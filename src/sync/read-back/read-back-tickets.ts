import {
  decisionsFrom,
  type EntryReading,
  type Improvement,
  isOpen,
  itself,
  type LifecycleEvent,
  personNamed,
  personOf,
  resolveServices,
  type TicketEntry,
  type TicketReading,
  type TicketState,
} from '../../domain/index.js';
import {
  Failure,
  type HistoryEntry,
  isFailure,
  type Json,
  type JsonObject,
  type RecordRef,
  type SourceRecord,
  textIn,
} from '../../kit/index.js';
import type { DecisionMapping, TicketDraft } from '../../mapping/index.js';
import {
  appendJournal,
  improvement as improvementWithId,
  outboxList,
  recordsWithKeys,
  saveImprovement,
  type Tx,
} from '../../store/index.js';
import { hasChangedSince, markSeen } from '../seen.js';
import { systemOf } from '../systems.js';
import { takeEvent } from '../decide/take-event.js';
import { ticketStream } from './ticket-stream.js';
import { attachedEvidence, linkedEvidence } from './ticket-evidence.js';
import { namedLines } from './named-lines.js';
import { suspectsOfTicket } from './ticket-suspects.js';
import type { World } from '../world.js';

type Ticket = NonNullable<Improvement['ticket']>;

/**
 * Reads back what people did in one ticket, if its stream has brought a new version: by id and with its whole history, because a search index may lag and a
 * decision is what stood in the ticket at that very entry. `unasked`: also without a new version, for a ticket that its stream no longer brings.
 */
export async function readBackTicket(world: World, id: string, ticket: Ticket, unasked = false): Promise<void> {
  const ref = { system: ticket.system, stream: ticketStream(world, ticket), key: ticket.key };
  const [stored] = await recordsWithKeys(world.store.read, [ref]);
  if (!unasked && (stored === undefined || !(await hasChangedSince(world, ref, stored.hash)))) return;
  const { sink } = systemOf(world.systems, ticket.system).connector;
  if (sink?.history === undefined)
    throw new Failure('config', `${ticket.system} cannot tell the history of a ticket`, { system: ticket.system });
  const record = await sink.read(ticket.resource, ticket.key, world.signal);
  if (record === undefined) return; // vanished meanwhile: the slow probe will say so
  const history = await sink.history(ticket.resource, ticket.key, world.signal);
  const { entries, unreadable } = await entriesOf(world, id, ticket, record, history);
  const now = readingOf(world, decisionMapping(world, ticket), ticket, record);
  await world.store.tx(async (t) => {
    const before = await improvementWithId(t, id);
    const happen = async (event: LifecycleEvent | undefined): Promise<void> => {
      const current = await improvementWithId(t, id);
      if (current !== undefined && event !== undefined) await takeEvent(world, t, current, event);
    };
    for (const entry of entries) {
      await happen(entry);
      for (const event of linkedEvidence(ref, record, entry)) await happen(event);
    }
    const after = await improvementWithId(t, id);
    if (before !== undefined && after !== undefined)
      await happen(
        suspectsOfTicket(world, { before, after, record, history, objective: isFailure(now) ? undefined : (now.reading.objective ?? '') }),
      );
    await followTicket(world, t, id, record);
  });
  if (unreadable !== undefined) throw unreadable;
  await keepAttached(world, id, ref);
  // Only now: files that could not be read because the system was away are read in the next round. What was taken already is not taken twice.
  if (stored !== undefined) await world.store.tx((t) => markSeen(t, ref, stored.hash));
}

/** The files at the ticket of an improvement that is carried out without a change: each by its digest, once. */
async function keepAttached(world: World, id: string, ref: RecordRef): Promise<void> {
  const improvement = await improvementWithId(world.store.read, id);
  if (improvement?.lightPath === undefined || !isOpen(improvement)) return;
  const events = await attachedEvidence(world, ref);
  if (events.length === 0) return;
  await world.store.tx(async (t) => {
    for (const event of events) {
      const current = await improvementWithId(t, id);
      if (current !== undefined) await takeEvent(world, t, current, event);
    }
  });
}

/** A ticket that was moved has another number and address, and one that was lost may be back; its identity is its id. */
async function followTicket(world: World, t: Tx, id: string, { number, url }: SourceRecord): Promise<void> {
  const before = await improvementWithId(t, id);
  if (before?.ticket === undefined || (before.ticket.number === number && before.ticket.lostAt === undefined)) return;
  const { lostAt, ...ticket } = before.ticket;
  const because = lostAt === undefined ? `its ticket ${ticket.number} is called ${number} now` : `its ticket ${number} is visible again`;
  await saveImprovement(t, { ...before, ticket: { ...ticket, number, url } }, { at: world.clock(), by: itself, because });
  await appendJournal(t, [{ at: world.clock(), actor: itself, kind: 'ticket-followed', subject: id, because, body: { number } }]);
}

/**
 * What is new in the history, up to the first entry that the mapping cannot read: that one may be a decision, and neither it nor what follows from it
 * is taken before the mapping is mended.
 */
async function entriesOf(
  world: World,
  id: string,
  ticket: Ticket,
  record: SourceRecord,
  history: readonly HistoryEntry[],
): Promise<{ readonly entries: readonly TicketEntry[]; readonly unreadable?: Failure }> {
  const mapping = decisionMapping(world, ticket);
  const current = await improvementWithId(world.store.read, id);
  const states = rewind(record, history);
  const ours = await recogniseOurs(world, id, history);
  const unread = new Map<SourceRecord, Failure>();
  const read = (state: SourceRecord): TicketState => {
    const reading = readingOf(world, mapping, ticket, state);
    if (isFailure(reading)) unread.set(state, reading);
    return isFailure(reading) ? { reading: {} } : reading;
  };
  const [created = record, ...after] = states;
  const entries = history.map((entry, index): EntryReading => ({
    entry,
    after: read(after[index] ?? record),
    ...(ours.has(entry.id) && { ours: true }),
  }));
  const byHand = current?.rule === 'by-hand';
  const news = decisionsFrom(
    {
      system: ticket.system,
      created: {
        ...read(created),
        at: current?.raisedAt ?? record.updatedAt,
        by: { id: current?.proposer ?? '', kind: byHand ? 'person' : 'app' },
        ours: !byHand,
      },
      entries,
    },
    current?.takenThrough,
  );
  const stateAfter = new Map(history.map((entry, index) => [entry.id, after[index] ?? record]));
  const failureOf = ({ historyId }: TicketEntry): Failure | undefined => unread.get(stateAfter.get(historyId) ?? record);
  const stop = news.findIndex((entry) => failureOf(entry) !== undefined);
  const first = news[stop];
  const unreadable = first === undefined ? undefined : failureOf(first);
  return unreadable === undefined ? { entries: news } : { entries: news.slice(0, stop), unreadable };
}

/** The ticket as it stood at its creation and after each entry of its history: the current fields, taken back entry by entry. */
export function rewind(record: SourceRecord, history: readonly HistoryEntry[]): readonly SourceRecord[] {
  const states: SourceRecord[] = [record];
  let data: JsonObject = record.data;
  for (const entry of history.toReversed()) {
    const before: Record<string, Json> = { ...data };
    for (const { field, from } of entry.changes.toReversed()) before[field] = from;
    data = before;
    states.unshift({ ...record, data });
  }
  return states;
}

function decisionMapping(world: World, ticket: Ticket): DecisionMapping {
  const { kind } = systemOf(world.systems, ticket.system);
  const stream = ticketStream(world, ticket);
  const found = world.mappings.find(
    (mapping): mapping is DecisionMapping => mapping.kind === 'decision' && mapping.from === `${kind}.${stream}`,
  );
  if (found !== undefined) return found;
  throw new Failure('config', `no mapping says what ${kind}.${stream} means as a decision`, {
    system: ticket.system,
    hint: `add one with "from: ${kind}.${stream}" and "to: decision"`,
  });
}

/** What the mapping reads in one state of the ticket; a failure of kind `record` when it cannot. */
function readingOf(world: World, mapping: DecisionMapping, ticket: Ticket, state: SourceRecord): TicketState | Failure {
  const mapped = mapping.map(state, { system: ticket.system });
  if (mapped.is === 'mapped') return { status: mapped.value.status, reading: toReading(world, ticket.system, mapped.value) };
  const why = mapped.is === 'failed' ? mapped.problems.join('; ') : mapped.because;
  return new Failure('record', `${mapping.name} cannot read ${state.number}: ${why}`, {
    system: ticket.system,
    key: ticket.key,
    place: mapping.file,
    hint: `mend the mapping; until then nothing is read from this ticket. golden-thread mappings try ${mapping.name} ${state.number} shows each field`,
  });
}

/** A draft in the ticket system's names as a reading in the directory's. */
export function toReading(world: World, system: string, draft: TicketDraft): TicketReading {
  const { directory } = world.config;
  const { title, rationale, objective, reason, reviewDate, closureNotes, targetDate } = draft;
  const owner = draft.owner === undefined ? undefined : personOf(directory, system, draft.owner)?.id;
  const { reduceBy, baselineWeeks, settleDays, windowWeeks, minimumSample } = draft;
  const { metric, direction, increaseBy, target, criterion } = draft;
  // A judge whom the directory does not know is none: the plan is then incomplete, and says so.
  const judge = typeof draft.judge === 'string' ? (personNamed(directory, draft.judge)?.id ?? null) : draft.judge;
  const plan = defined({
    reduceBy,
    baselineWeeks,
    settleDays,
    windowWeeks,
    minimumSample,
    metric,
    direction,
    increaseBy,
    target,
    criterion,
    judge,
  });
  const judgement = draft.judgement === undefined ? undefined : { met: draft.judgement === 'met', evidence: draft.judgementEvidence ?? '' };
  const { cause, similarElsewhere, lightPath, change } = draft;
  const evidence = draft.evidence === undefined ? undefined : namedLines(draft.evidence);
  const updatedControls = draft.updatedControls === undefined ? undefined : namedLines(draft.updatedControls);
  const plannedControls = draft.plannedControls === undefined ? undefined : namedLines(draft.plannedControls).map(({ title }) => title);
  const serviceIds = resolveServices(directory, system, draft.services ?? []);
  return {
    ...defined({ title, rationale, objective, reason, reviewDate, closureNotes, targetDate, owner }),
    ...(judgement === undefined ? {} : { judgement }),
    ...defined({ cause, similarElsewhere, lightPath, change, evidence, updatedControls, plannedControls }),
    ...(Object.keys(plan).length > 0 && { plan }),
    ...(serviceIds.length > 0 && { serviceIds }),
  };
}

function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/**
 * Which entries are our own writes: a move to the very status that a write of ours asked for, each write accounting for one entry, the oldest
 * first. Not "whatever the bot did": the account may be used by hand too.
 */
async function recogniseOurs(world: World, id: string, history: readonly HistoryEntry[]): Promise<ReadonlySet<string>> {
  const sent = (await outboxList(world.store.read, { subject: id, states: ['sending', 'in-doubt', 'confirmed'] })).filter(
    ({ operation }) => operation === 'transition',
  );
  const ours = new Set<string>();
  let at = 0;
  for (const write of sent) {
    const found = history.findIndex(
      (entry, index) => index >= at && entry.at >= floorSecond(write.createdAt) && movesTo(entry, textIn(write.payload, 'status')),
    );
    if (found < 0) continue;
    ours.add(history[found]?.id ?? '');
    at = found + 1;
  }
  return ours;
}

function movesTo(entry: HistoryEntry, status: string): boolean {
  const moved = entry.changes.find(({ field }) => field === 'status')?.to;
  if (typeof moved !== 'object' || moved === null || Array.isArray(moved)) return false;
  const { id, name } = moved as JsonObject;
  return name === status || id === status;
}

function floorSecond(at: string): string {
  return `${at.slice(0, 19)}.000Z`;
}
