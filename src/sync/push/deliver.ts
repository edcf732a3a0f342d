import {
  Failure,
  type Found,
  type IdempotencyKey,
  type JsonObject,
  type Receipt,
  type RemoteLink,
  type Sink,
  textIn,
  type TicketRef,
} from '../../kit/index.js';
import { improvement as improvementWithId, type OutboxEntry, outboxEntry } from '../../store/index.js';
import { noteSending } from './note-sending.js';
import { fileOf } from './chart-writes.js';
import { systemOf } from '../systems.js';
import type { World } from '../world.js';

/** How a delivery ended. Anything else is a Failure. */
export type Delivered =
  | { readonly is: 'done'; readonly receipt?: Receipt; readonly ticket: TicketRef }
  /** Sent before, not to be seen yet; nothing was sent now. */
  | { readonly is: 'unknown'; readonly againAfterMs: number }
  | { readonly is: 'park'; readonly because: string };

/** How long an index may lag until "not found" counts as "not there", for systems that have nothing but an index to ask. */
const indexLagMs = 15 * 60_000;
/** A create that was sent so often without ever being seen, where nothing proves that it is not there, is a matter for a person. */
const mostSends = 3;

/** Carries out one write. A create is noted as being sent, durably, before its request; one whose answer was lost is looked for first. */
export async function deliver(world: World, entry: OutboxEntry): Promise<Delivered> {
  const sink = sinkOf(world, entry);
  if (entry.operation === 'create') return entry.state === 'in-doubt' ? resolve(world, sink, entry) : first(world, sink, entry);
  const ticket = await ticketOf(world, entry);
  if (ticket === undefined) return { is: 'park', because: `${entry.subject} has no ticket to write to` };
  await noteSending(world, entry);
  const left = await repeatable(sink, entry, ticket.key, world.signal);
  return { is: 'done', ticket, ...(left && { receipt: { ticket, differences: [], ...left } }) };
}

/**
 * The first send that this database knows of. One that was restored from an older backup may have sent it before, in a life that it forgot:
 * a remote that cannot refuse a second record with the same key is asked for the first.
 */
async function first(world: World, sink: Sink, entry: OutboxEntry): Promise<Delivered> {
  if (sink.before === undefined) return create(world, sink, entry, false);
  const found = await sink.find(entry.resource, keyOf(entry), { signal: world.signal });
  return (await taken(world, sink, entry, found)) ?? create(world, sink, entry, false);
}

async function create(world: World, sink: Sink, entry: OutboxEntry, resend: boolean): Promise<Delivered> {
  const watermark = resend ? undefined : await sink.before?.(entry.resource, world.signal);
  await noteSending(world, entry, watermark);
  const receipt = await sink.create(entry.resource, keyOf(entry), entry.payload, { resend, signal: world.signal });
  return { is: 'done', receipt, ticket: receipt.ticket };
}

/** What the lost answer would have said. A second request is made only when there is proof, or the index has had its time, that there was no first one. */
async function resolve(world: World, sink: Sink, entry: OutboxEntry): Promise<Delivered> {
  const found = await sink.find(entry.resource, keyOf(entry), {
    signal: world.signal,
    ...(entry.watermark && { watermark: entry.watermark }),
  });
  const there = await taken(world, sink, entry, found);
  if (there !== undefined) return there;
  // Proven, and the same key again: an outage may last as long as it likes.
  if (found.is !== 'unknown') return create(world, sink, entry, true);
  const waitedMs = Date.parse(world.clock()) - Date.parse(sentAt(entry));
  return waitedMs < indexLagMs ? { is: 'unknown', againAfterMs: found.againAfterMs } : again(world, sink, entry);
}

/** What is there already is the delivery; undefined when nothing is to be seen. */
async function taken(world: World, sink: Sink, entry: OutboxEntry, found: Found): Promise<Delivered | undefined> {
  if (found.is === 'ambiguous')
    return {
      is: 'park',
      because: `several records carry this key: ${found.tickets.map(({ number }) => number).join(', ')}; keep one, close the others`,
    };
  if (found.is !== 'found') return undefined;
  const record = await sink.read(entry.resource, found.ticket.key, world.signal);
  const receipt: Receipt = { ticket: found.ticket, at: world.clock(), differences: [], data: record?.data ?? {} };
  return { is: 'done', receipt, ticket: found.ticket };
}

async function again(world: World, sink: Sink, entry: OutboxEntry): Promise<Delivered> {
  if (entry.attempts >= mostSends) return { is: 'park', because: `it was sent ${entry.attempts} times and never arrived` };
  return create(world, sink, entry, true);
}

/** Since when a write has been in doubt, however often it was sent meanwhile. */
export function doubtfulSince(entry: OutboxEntry): string {
  const noted = entry.failure?.['since'];
  return typeof noted === 'string' ? noted : sentAt(entry);
}

/** When a doubtful write was last sent. A process that died while sending could not note it; the time of its recovery is later, and so safe. */
export function sentAt(entry: OutboxEntry): string {
  const noted = entry.failure?.['sentAt'];
  return typeof noted === 'string' ? noted : entry.changedAt;
}

/** What a write to an existing ticket leaves behind; nothing where its method answers nothing. */
async function repeatable(
  sink: Sink,
  entry: OutboxEntry,
  key: string,
  signal: AbortSignal,
): Promise<(Pick<Receipt, 'at' | 'data'> & Partial<Receipt>) | undefined> {
  const { resource, payload } = entry;
  if (entry.operation === 'update') return sink.update(resource, key, payload, signal);
  if (entry.operation === 'transition' && sink.transition !== undefined)
    return sink.transition(resource, key, textIn(payload, 'status'), {}, signal);
  if (entry.operation === 'comment' && sink.comment !== undefined) {
    await sink.comment(resource, key, textIn(payload, 'marker'), textIn(payload, 'text'), signal);
    return undefined;
  }
  if (entry.operation === 'link' && sink.link !== undefined) {
    await sink.link(resource, key, payload as JsonObject & RemoteLink, signal);
    return undefined;
  }
  if (entry.operation === 'attach' && sink.attach !== undefined) {
    const { id, name, bytes, sha256, at } = await sink.attach(resource, key, fileOf(payload), signal);
    return { at, data: { id, name, bytes, ...(sha256 !== undefined && { sha256 }) } };
  }
  throw new Failure('config', `${resource} of this system takes no ${entry.operation}`, {
    system: entry.system,
    hint: 'route these tickets to a system that does',
  });
}

/** Where a write to an existing ticket goes: to the one that it names, to what the create that it waits for left behind, else to the improvement's ticket. */
async function ticketOf(world: World, entry: OutboxEntry): Promise<TicketRef | undefined> {
  const named = entry.operation === 'comment' ? (entry.payload['ticket'] as JsonObject | undefined) : undefined;
  if (named !== undefined) return { key: textIn(named, 'key'), number: textIn(named, 'number'), url: textIn(named, 'url') };
  if (entry.dependsOn !== undefined) {
    const created = await outboxEntry(world.store.read, entry.dependsOn);
    if (created?.ticket !== undefined) return created.ticket;
  }
  const found = await improvementWithId(world.store.read, entry.subject);
  return found?.ticket;
}

function keyOf(entry: OutboxEntry): IdempotencyKey {
  return { value: entry.id, display: `golden-thread:${entry.subject}` };
}

function sinkOf(world: World, { system, resource }: OutboxEntry): Sink {
  const { sink } = systemOf(world.systems, system).connector;
  if (sink === undefined)
    throw new Failure('config', `nothing can be written to ${system}`, {
      system,
      hint: `give it a write account, or route ${resource} elsewhere`,
    });
  return sink;
}
