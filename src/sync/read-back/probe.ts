import { type Improvement, itself, openStatuses } from '../../domain/index.js';
import type { RecordRef, SourceRecord } from '../../kit/index.js';
import {
  appendJournal,
  getSetting,
  improvement as improvementWithId,
  improvements,
  latestRecord,
  putSetting,
  saveImprovement,
  type Tx,
} from '../../store/index.js';
import { apart } from '../apart.js';
import { changeTarget } from '../push/outgoing.js';
import { isSystemPaused } from '../pauses.js';
import { readBackTicket } from './read-back-tickets.js';
import { systemOf } from '../systems.js';
import { takeEvent } from '../decide/take-event.js';
import { ticketStream } from './ticket-stream.js';
import type { World } from '../world.js';

/** Deletions and lost access move no update stamp, so what open improvements rest on is asked for by id, slowly. */
const probeEveryMs = 24 * 3_600_000;
/** One miss may be a hiccup or a right that is just being changed. */
const missesThatCount = 2;
/** A ticket that its stream no longer brings (moved to another project, for one) is followed by its id, more often. */
const followEveryMs = 3_600_000;

interface Probe {
  readonly at: string;
  readonly misses: number;
  /** Its stream had not brought the version that was found. */
  readonly elsewhere?: boolean;
}

/**
 * Looks once a day for the ticket and the changes of every open improvement. What is missing twice in a row is taken as gone or no longer visible, which the
 * remote does not tell apart: a ticket is marked as lost and stays for a person, a change counts as not done. Nothing is ever made again by itself.
 */
export async function probeVanished(world: World): Promise<number> {
  let vanished = 0;
  for (const improvement of await improvements(world.store.read, { status: openStatuses })) {
    if (world.signal.aborted) break;
    if (await apart(world, 'probe', improvement.id, () => probeOne(world, improvement))) vanished += 1;
  }
  return vanished;
}

async function probeOne(world: World, improvement: Improvement): Promise<boolean> {
  const { id, ticket, changes } = improvement;
  let found = false;
  if (ticket !== undefined && ticket.lostAt === undefined) {
    const ref = { system: ticket.system, stream: ticketStream(world, ticket), key: ticket.key };
    const follow = async (record: SourceRecord): Promise<boolean> => {
      const stored = await latestRecord(world.store.read, ref);
      if (stored?.record.updatedAt === record.updatedAt) return false;
      await readBackTicket(world, id, ticket, true);
      return true;
    };
    found = (await isGone(world, ref, ticket.resource, (t) => loseTicket(world, t, id), follow)) || found;
  }
  for (const { ref, missingSince } of changes) {
    if (missingSince !== undefined) continue;
    found = (await isGone(world, ref, changeTarget(world, improvement).resource, (t) => loseChange(world, t, id, ref))) || found;
  }
  return found;
}

/** Whether this is the probe that makes it certain; then `lose` runs with it in one transaction. `follow` says whether what was found is news. */
async function isGone(
  world: World,
  ref: RecordRef,
  resource: string,
  lose: (t: Tx) => Promise<void>,
  follow?: (record: SourceRecord) => Promise<boolean>,
): Promise<boolean> {
  const name = `probe/${ref.system}/${ref.stream}/${ref.key}`;
  const at = world.clock();
  const last = (await getSetting(world.store.read, name)) as Probe | undefined;
  if (last === undefined) {
    // Just written and just read back: the first probe is due in a day.
    await world.store.tx((t) => putSetting(t, name, { at, misses: 0 }));
    return false;
  }
  const everyMs = last.elsewhere === true ? followEveryMs : probeEveryMs;
  if (Date.parse(at) - Date.parse(last.at) < everyMs || (await isSystemPaused(world, ref.system))) return false;
  const record = await systemOf(world.systems, ref.system).connector.sink?.read(resource, ref.key, world.signal);
  const elsewhere = record !== undefined && follow !== undefined && (await follow(record));
  const misses = record === undefined ? last.misses + 1 : 0;
  await world.store.tx(async (t) => {
    await putSetting(t, name, { at, misses, ...(elsewhere && { elsewhere }) });
    if (misses === missesThatCount) await lose(t);
  });
  return misses === missesThatCount;
}

async function loseTicket(world: World, t: Tx, id: string): Promise<void> {
  const before = await improvementWithId(t, id);
  if (before?.ticket === undefined) return;
  const at = world.clock();
  const because = `its ticket ${before.ticket.number} is deleted or no longer visible to our account`;
  await saveImprovement(t, { ...before, ticket: { ...before.ticket, lostAt: at } }, { at, by: itself, because });
  await appendJournal(t, [{ at, actor: itself, kind: 'ticket-lost', subject: id, because, body: { ticket: before.ticket.number } }]);
  world.log.error(because, { subject: id, hint: 'restore it or give the account its rights back; it is made again only by a person' });
}

async function loseChange(world: World, t: Tx, id: string, ref: RecordRef): Promise<void> {
  const before = await improvementWithId(t, id);
  if (before !== undefined) await takeEvent(world, t, before, { is: 'change-read', at: world.clock(), ref, missing: true });
}
