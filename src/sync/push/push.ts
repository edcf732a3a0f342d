import { asFailure, type Failure, type JsonObject, textIn } from '../../kit/index.js';
import {
  claimNext,
  createsSentSince,
  getRelease,
  improvement as improvementWithId,
  markInDoubt,
  type OutboxEntry,
  park,
  refuse,
  retryLater,
  type Tx,
} from '../../store/index.js';
import { confirmWrite } from './confirm-write.js';
import { deliver, doubtfulSince, sentAt } from './deliver.js';
import { isSystemPaused, pauseSystem, resumeSystem, writingTo } from '../pauses.js';
import { decideComment } from './ticket-writes.js';
import { requireJournal } from '../journal/require-journal.js';
import { startOfDay } from '../calendar.js';
import type { World } from '../world.js';

/** What became of the writes that were due. */
export interface Pushed {
  readonly confirmed: number;
  readonly inDoubt: number;
  readonly parked: number;
  readonly later: number;
  /** Moves of a ticket that its workflow has no step for, from where a person moved it. */
  readonly refused: number;
}

const claimMs = 10 * 60_000;
const soonMs = 60_000;
/** Between the first answer that was lost and the first look; doubled with each send. */
const doubtMs = 5_000;
const longestWaitMs = 15 * 60_000;
/** So often a file is sent that is not there afterwards. */
const mostAttachments = 3;
/** A remote that cannot be asked, or takes nothing, for a day leaves a doubt that a person must resolve. */
const longestDoubtMs = 24 * 3_600_000;

/**
 * Sends what is in the outbox, one write after another, until nothing is due. Safe to repeat at any point: what is in doubt is looked for before
 * anything is sent again. Writes nothing while the installation is held.
 */
export async function push(world: World): Promise<Pushed> {
  const total = { confirmed: 0, inDoubt: 0, parked: 0, later: 0, refused: 0 };
  if ((await getRelease(world.store.read)) === undefined) return total;
  while (!world.signal.aborted) {
    await requireJournal(world);
    const entry = await claim(world);
    if (entry === undefined) return total;
    total[await send(world, entry)] += 1;
  }
  return total;
}

async function claim(world: World): Promise<OutboxEntry | undefined> {
  const systems: string[] = [];
  for (const id of world.systems.byId.keys())
    if (!(await isSystemPaused(world, id)) && !(await isSystemPaused(world, writingTo(id)))) systems.push(id);
  const now = world.clock();
  return world.store.tx((t) => claimNext(t, { owner: world.owner, now, until: later(now, claimMs), systems }));
}

async function send(world: World, entry: OutboxEntry): Promise<keyof Pushed> {
  if (await isOverCap(world, entry)) {
    const tomorrow = later(startOfDay(world, world.clock()), 24 * 3_600_000);
    await world.store.tx((t) =>
      retryLater(t, entry.id, { at: world.clock(), notBefore: tomorrow, failure: { message: 'held by the cap of new tickets a day' } }),
    );
    return 'later';
  }
  try {
    const done = await deliver(world, entry);
    if (done.is === 'unknown') {
      await world.store.tx((t) =>
        markInDoubt(t, entry.id, {
          at: world.clock(),
          failure: { ...entry.failure, sentAt: sentAt(entry) },
          notBefore: later(world.clock(), done.againAfterMs),
        }),
      );
      return 'inDoubt';
    }
    if (done.is === 'park') {
      await world.store.tx((t) => park(t, entry.id, { at: world.clock(), failure: { message: done.because } }));
      return 'parked';
    }
    await confirmWrite(world, entry, done);
    await resumeSystem(world, writingTo(entry.system));
    return 'confirmed';
  } catch (error) {
    // It may have arrived, and nothing can be noted: what was being sent is looked for once the journal can be written again.
    if (world.store.journalTrouble() !== undefined) throw error;
    return settle(world, entry, asFailure(error, { system: entry.system }));
  }
}

/** The one switch for writes: the kind of failure, and whether the remote may have carried it out, say what happens next. */
async function settle(world: World, entry: OutboxEntry, failure: Failure): Promise<keyof Pushed> {
  const at = world.clock();
  const note: JsonObject = {
    kind: failure.kind,
    message: failure.message,
    ...(failure.details.hint !== undefined && { hint: failure.details.hint }),
  };
  // Our own shutdown says nothing about the remote: the next start goes on at once.
  const { retryAfterMs } = failure.details;
  const again = (ms: number): string => later(at, world.signal.aborted ? 0 : ms);
  world.log.warn('remote write did not succeed', { system: entry.system, operation: entry.operation, subject: entry.subject, ...note });
  const lastSent = entry.state === 'in-doubt' && failure.details.committed === undefined ? sentAt(entry) : at;
  return world.store.tx(async (t): Promise<keyof Pushed> => {
    // An account that may not write says nothing about the one that reads, nor may reading cut its pause short.
    if (failure.kind === 'auth') await pauseSystem(world, t, writingTo(entry.system), failure);
    if (failure.kind === 'transient' && (failure.details.retryAfterMs ?? 0) > soonMs) await pauseSystem(world, t, entry.system, failure);
    const doubtful = entry.operation === 'create' && (failure.details.committed === 'maybe' || entry.state === 'in-doubt');
    if (doubtful && isWorthWaiting(failure)) {
      const since = entry.state === 'in-doubt' ? doubtfulSince(entry) : at;
      if (Date.parse(at) - Date.parse(since) > longestDoubtMs) {
        await park(t, entry.id, {
          at,
          failure: { ...note, message: `for a day this could neither be carried out nor be found: ${failure.message}` },
        });
        return 'parked';
      }
      await markInDoubt(t, entry.id, {
        at,
        failure: { ...note, sentAt: lastSent, since },
        notBefore: again(Math.max(Math.min(doubtMs * 2 ** entry.attempts, longestWaitMs), retryAfterMs ?? 0)),
      });
      return 'inDoubt';
    }
    if (isWorthWaiting(failure) && !isHopeless(entry, failure, at)) {
      await retryLater(t, entry.id, { at, failure: note, notBefore: again(retryAfterMs ?? soonMs) });
      return 'later';
    }
    if (failure.details.noWay === true && (await tellOfNoWay(world, t, entry))) {
      await refuse(t, entry.id, { at, failure: note });
      return 'refused';
    }
    await park(t, entry.id, { at, failure: note });
    return 'parked';
  });
}

/**
 * A ticket that somebody moved where no step leads back from: whoever moved it is told once, in the ticket, and the thread has a gap until it stands where it
 * should. Releasing the write would not help. A workflow that lacks a step which the product itself needs is the administrator's matter: false.
 */
async function tellOfNoWay(world: World, t: Tx, { subject, payload, system }: OutboxEntry): Promise<boolean> {
  const improvement = await improvementWithId(t, subject);
  const astray = improvement?.ticket?.system === system ? improvement.ticket.astray : undefined;
  if (improvement === undefined || astray === undefined) return false;
  await decideComment(
    world,
    t,
    improvement,
    `astray:${astray.historyId}`,
    `${subject} is ${improvement.status}, and its ticket was moved to ${astray.to} by hand. The workflow has no step from there to ${textIn(payload, 'status')}, so it cannot be moved back from here. Move it back, by way of another status if need be, or ask the administrator of the project to; until then ${subject} has a gap (ticket-astray).`,
  );
  return true;
}

/** Everything but a refusal of this very write, or of our settings, passes by itself. */
function isWorthWaiting({ kind }: Failure): boolean {
  return kind === 'transient' || kind === 'auth' || kind === 'conflict';
}

/** A file that is accepted and gone again each time, or that will not go through for a day, is a matter for a person: other writes wait behind it. */
function isHopeless({ operation, attempts, createdAt }: OutboxEntry, { kind }: Failure, at: string): boolean {
  if (operation !== 'attach' || kind === 'auth') return false;
  return (kind === 'conflict' && attempts >= mostAttachments) || Date.parse(at) - Date.parse(createdAt) > longestDoubtMs;
}

async function isOverCap(world: World, entry: OutboxEntry): Promise<boolean> {
  const { policy } = world.config;
  if (entry.operation !== 'create' || entry.resource !== 'issue' || entry.state !== 'pending') return false;
  const sent = await createsSentSince(world.store.read, {
    system: entry.system,
    resource: entry.resource,
    since: startOfDay(world, world.clock()),
  });
  return sent >= policy.newTicketsPerDay;
}

function later(at: string, ms: number): string {
  return new Date(Date.parse(at) + ms).toISOString();
}
