import { type Selectable, sql } from 'kysely';
import { Failure, type Instant, type JsonObject, type Receipt, type TicketRef, type Watermark } from '../../kit/index.js';
import { canonicalJson, sha256 } from '../database/canonical.js';
import type { Db, Tx } from '../database/db.js';
import type { Schema } from '../schema.js';

/**
 * `pending -> sending -> confirmed | refused | in-doubt -> confirmed | parked`
 *
 * - `pending`   to be sent, not before `notBefore`
 * - `sending`   committed before the request: from here on the remote may have it
 * - `in-doubt`  the answer was lost: look for it by its key before anything is sent again
 * - `confirmed` the remote has it; the receipt is kept
 * - `parked`    for a person, with the reason
 * - `refused`   it cannot be made from where the ticket was moved to by hand; it is said in the ticket, and nobody has to release it
 */
export const outboxStates = ['pending', 'sending', 'in-doubt', 'confirmed', 'parked', 'refused'] as const;
export type OutboxState = (typeof outboxStates)[number];

export type OutboxOperation = 'create' | 'update' | 'transition' | 'comment' | 'link' | 'attach';

/** One write into another system, decided and not yet made. */
export interface NewOutboxEntry {
  /** The idempotency key: a hash of installation, rule, case, first trigger, target and step. */
  readonly id: string;
  readonly system: string;
  readonly resource: string;
  readonly operation: OutboxOperation;
  /** The improvement that it is for. */
  readonly subject: string;
  /** Everything that is sent; frozen. */
  readonly payload: JsonObject;
  /** The entry that must be confirmed first, for example the create of the ticket that this one links. */
  readonly dependsOn?: string;
  readonly notBefore?: Instant;
}

export interface OutboxEntry extends NewOutboxEntry {
  /** SHA-256 of the canonical payload. */
  readonly payloadHash: string;
  readonly state: OutboxState;
  /** How often it was sent since it was last proven that the remote does not have it. */
  readonly attempts: number;
  readonly claim?: { readonly owner: string; readonly until: Instant };
  /** What was noted before it was sent, by which a lost answer is resolved. */
  readonly watermark?: Watermark;
  /** Where it went, once confirmed. */
  readonly ticket?: TicketRef;
  /** What the remote held right after. */
  readonly receipt?: Receipt;
  /** Why it is in doubt, parked, or to be tried again. */
  readonly failure?: JsonObject;
  readonly createdAt: Instant;
  readonly changedAt: Instant;
}

/**
 * Decides a write, in the transaction of the decision. The same id with the same payload again is no second one (returns false);
 * with another payload it fails with `contract`: the frozen one may be on its way.
 */
export async function enqueue(t: Tx, entry: NewOutboxEntry, at: Instant): Promise<boolean> {
  const payload = canonicalJson(entry.payload);
  const hash = sha256(payload);
  const known = await t.selectFrom('outbox').select('payload_hash').where('id', '=', entry.id).executeTakeFirst();
  if (known !== undefined && known.payload_hash !== hash)
    throw new Failure('contract', `a write with this idempotency key exists with other content (${entry.operation} for ${entry.subject})`, {
      system: entry.system,
      key: entry.id,
      hint: 'a different write needs a different key',
    });
  if (known !== undefined) return false;
  await t
    .insertInto('outbox')
    .values({
      id: entry.id,
      system: entry.system,
      resource: entry.resource,
      operation: entry.operation,
      subject: entry.subject,
      payload,
      payload_hash: hash,
      depends_on: entry.dependsOn ?? null,
      state: 'pending',
      attempts: 0,
      not_before: entry.notBefore ?? null,
      owner: null,
      claimed_until: null,
      watermark: null,
      ticket: null,
      receipt: null,
      failure: null,
      created_at: at,
      changed_at: at,
    })
    .execute();
  return true;
}

export interface ClaimAsk {
  /** Names this process or task; a claim ends by itself at `until`. */
  readonly owner: string;
  readonly now: Instant;
  readonly until: Instant;
  /** Systems that are not paused. */
  readonly systems: readonly string[];
}

/**
 * Claims the oldest entry that is to be worked on: `pending` or `in-doubt`, its time come, what it depends on confirmed, nobody else's.
 * For one subject in order: a later write never overtakes an earlier open one of the same subject and system. Undefined when there is none.
 */
export async function claimNext(t: Tx, ask: ClaimAsk): Promise<OutboxEntry | undefined> {
  if (ask.systems.length === 0) return undefined;
  const row = await t
    .selectFrom('outbox as o')
    .selectAll('o')
    .where('o.state', 'in', ['pending', 'in-doubt'])
    .where('o.system', 'in', ask.systems)
    .where((e) => e.or([e('o.not_before', 'is', null), e('o.not_before', '<=', ask.now)]))
    .where((e) => e.or([e('o.owner', 'is', null), e('o.claimed_until', '<=', ask.now), e('o.owner', '=', ask.owner)]))
    .where((e) =>
      e.or([
        e('o.depends_on', 'is', null),
        e.exists(e.selectFrom('outbox as d').select('d.id').whereRef('d.id', '=', 'o.depends_on').where('d.state', '=', 'confirmed')),
      ]),
    )
    .where((e) =>
      e.not(
        e.exists(
          e
            .selectFrom('outbox as p')
            .select('p.id')
            .whereRef('p.subject', '=', 'o.subject')
            .whereRef('p.system', '=', 'o.system')
            .whereRef('p.seq', '<', 'o.seq')
            .where('p.state', 'in', ['pending', 'sending', 'in-doubt']),
        ),
      ),
    )
    .orderBy('o.seq')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  await t.updateTable('outbox').set({ owner: ask.owner, claimed_until: ask.until, changed_at: ask.now }).where('id', '=', row.id).execute();
  return toEntry({ ...row, owner: ask.owner, claimed_until: ask.until });
}

/** Notes, before the request is made, that it will be. `watermark`: what `Sink.before` said. Only the owner of the claim may. */
export async function markSending(
  t: Tx,
  id: string,
  mark: { readonly owner: string; readonly at: Instant; readonly watermark?: Watermark },
): Promise<void> {
  const { numUpdatedRows } = await t
    .updateTable('outbox')
    .set({
      state: 'sending',
      attempts: sql<number>`attempts + 1`,
      changed_at: mark.at,
      failure: null,
      ...(mark.watermark && { watermark: canonicalJson(mark.watermark) }),
    })
    .where('id', '=', id)
    .where('owner', '=', mark.owner)
    .where('state', 'in', ['pending', 'in-doubt'])
    .executeTakeFirstOrThrow();
  if (numUpdatedRows !== 1n)
    throw new Failure('conflict', 'this write was claimed by somebody else', { key: id, hint: 'leave it to the other task' });
}

/** Notes that the remote has it. Confirmed twice is confirmed. `receipt` is absent for comments and links, which have none. */
export async function confirm(
  t: Tx,
  id: string,
  done: { readonly at: Instant; readonly ticket?: TicketRef; readonly receipt?: Receipt },
): Promise<void> {
  const ticket = done.receipt?.ticket ?? done.ticket;
  await move(t, id, ['pending', 'sending', 'in-doubt', 'parked'], 'confirmed', done.at, {
    ticket: ticket === undefined ? null : canonicalJson({ ...ticket }),
    receipt: done.receipt === undefined ? null : canonicalJson(done.receipt as unknown as JsonObject),
    failure: null,
  });
}

/** Notes that the answer was lost. `notBefore`: when looking for it makes sense (the remote's index lags). */
export async function markInDoubt(
  t: Tx,
  id: string,
  doubt: { readonly at: Instant; readonly failure: JsonObject; readonly notBefore?: Instant },
): Promise<void> {
  await move(t, id, ['sending', 'in-doubt'], 'in-doubt', doubt.at, {
    failure: canonicalJson(doubt.failure),
    not_before: doubt.notBefore ?? null,
  });
}

/** Sets it aside for a person. */
export async function park(t: Tx, id: string, why: { readonly at: Instant; readonly failure: JsonObject }): Promise<void> {
  await move(t, id, ['pending', 'sending', 'in-doubt'], 'parked', why.at, { failure: canonicalJson(why.failure) });
}

/** Sets it aside for good: the remote has no way to carry it out, and somebody else was told. */
export async function refuse(t: Tx, id: string, why: { readonly at: Instant; readonly failure: JsonObject }): Promise<void> {
  await move(t, id, ['pending', 'sending'], 'refused', why.at, { failure: canonicalJson(why.failure) });
}

/** Back to `pending` when it is proven that the remote does not have it; from `parked` when a person says so. What was sent before counts no longer. */
export async function retryLater(
  t: Tx,
  id: string,
  retry: { readonly at: Instant; readonly notBefore?: Instant; readonly failure?: JsonObject },
): Promise<void> {
  await move(t, id, ['pending', 'sending', 'in-doubt', 'parked'], 'pending', retry.at, {
    attempts: 0,
    failure: retry.failure === undefined ? null : canonicalJson(retry.failure),
    not_before: retry.notBefore ?? null,
  });
}

/** At start, under the lock: what a dead process was sending is in doubt, and its claims are void. Returns how many were being sent. */
export async function recoverOutbox(t: Tx, at: Instant): Promise<number> {
  const failure = canonicalJson({ message: 'the process ended while this was being sent' });
  const { numUpdatedRows } = await t
    .updateTable('outbox')
    .set({ state: 'in-doubt', failure, changed_at: at, not_before: null })
    .where('state', '=', 'sending')
    .executeTakeFirstOrThrow();
  await t.updateTable('outbox').set({ owner: null, claimed_until: null }).where('owner', 'is not', null).execute();
  return Number(numUpdatedRows);
}

type Change = Partial<Pick<Selectable<Schema['outbox']>, 'failure' | 'not_before' | 'ticket' | 'receipt' | 'attempts'>>;

async function move(t: Tx, id: string, from: readonly OutboxState[], to: OutboxState, at: Instant, change: Change): Promise<void> {
  const { numUpdatedRows } = await t
    .updateTable('outbox')
    .set({ ...change, state: to, changed_at: at, owner: null, claimed_until: null })
    .where('id', '=', id)
    .where('state', 'in', from)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 1n) return;
  const row = await t.selectFrom('outbox').select('state').where('id', '=', id).executeTakeFirst();
  if (row?.state === to) return;
  throw new Failure('conflict', `this write is ${row?.state ?? 'unknown'} and cannot become ${to}`, { key: id });
}

/** One entry. */
export async function outboxEntry(db: Db, id: string): Promise<OutboxEntry | undefined> {
  const row = await db.selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toEntry(row);
}

/** Entries in the order in which they were decided. */
export async function outboxList(
  db: Db,
  ask: { readonly states?: readonly OutboxState[]; readonly subject?: string; readonly system?: string; readonly limit?: number } = {},
): Promise<readonly OutboxEntry[]> {
  let query = db
    .selectFrom('outbox')
    .selectAll()
    .orderBy('seq')
    .limit(ask.limit ?? 1000);
  if (ask.states !== undefined) query = query.where('state', 'in', ask.states);
  if (ask.subject !== undefined) query = query.where('subject', '=', ask.subject);
  if (ask.system !== undefined) query = query.where('system', '=', ask.system);
  return (await query.execute()).map(toEntry);
}

/** How many entries are in each state of each system, and since when the oldest: for `status` and metrics. */
export async function outboxCounts(
  db: Db,
): Promise<readonly { readonly system: string; readonly state: OutboxState; readonly count: number; readonly oldest: Instant }[]> {
  const rows = await db
    .selectFrom('outbox')
    .select((e) => ['system', 'state', e.fn.countAll<number>().as('count'), e.fn.min('created_at').as('oldest')])
    .groupBy(['system', 'state'])
    .execute();
  return rows.map((row) => ({ ...row, state: row.state as OutboxState }));
}

/** How many creates of this resource were decided at or after an instant: for the cap of new tickets a day. */
export async function createsSince(
  db: Db,
  ask: { readonly system?: string; readonly resource: string; readonly since: Instant },
): Promise<number> {
  let query = db
    .selectFrom('outbox')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('operation', '=', 'create')
    .where('resource', '=', ask.resource)
    .where('created_at', '>=', ask.since);
  if (ask.system !== undefined) query = query.where('system', '=', ask.system);
  return (await query.executeTakeFirstOrThrow()).count;
}

/** How many creates of this resource went out at or after an instant: for the cap of new tickets a day. */
export async function createsSentSince(
  db: Db,
  ask: { readonly system: string; readonly resource: string; readonly since: Instant },
): Promise<number> {
  const row = await db
    .selectFrom('outbox')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('operation', '=', 'create')
    .where('system', '=', ask.system)
    .where('resource', '=', ask.resource)
    .where('state', 'in', ['sending', 'in-doubt', 'confirmed'])
    .where('changed_at', '>=', ask.since)
    .executeTakeFirstOrThrow();
  return row.count;
}

function toEntry(row: Selectable<Schema['outbox']>): OutboxEntry {
  return {
    id: row.id,
    system: row.system,
    resource: row.resource,
    operation: row.operation as OutboxOperation,
    subject: row.subject,
    payload: JSON.parse(row.payload) as JsonObject,
    payloadHash: row.payload_hash,
    state: row.state as OutboxState,
    attempts: row.attempts,
    createdAt: row.created_at,
    changedAt: row.changed_at,
    ...(row.depends_on !== null && { dependsOn: row.depends_on }),
    ...(row.not_before !== null && { notBefore: row.not_before }),
    ...(row.owner !== null && row.claimed_until !== null && { claim: { owner: row.owner, until: row.claimed_until } }),
    ...(row.watermark !== null && { watermark: JSON.parse(row.watermark) as Watermark }),
    ...(row.ticket !== null && { ticket: JSON.parse(row.ticket) as TicketRef }),
    ...(row.receipt !== null && { receipt: JSON.parse(row.receipt) as Receipt }),
    ...(row.failure !== null && { failure: JSON.parse(row.failure) as JsonObject }),
  };
}
