import type { Improvement, Status } from '../../domain/improvement.js';
import type { Instant, JsonObject, RecordRef } from '../../kit/index.js';
import { selectIn } from '../database/bulk.js';
import { canonicalJson, storable } from '../database/canonical.js';
import type { Db, Tx } from '../database/db.js';

/** The improvement at one time, and what made it so. */
export interface ImprovementVersion {
  readonly improvement: Improvement;
  /** 1 for the first. */
  readonly version: number;
  readonly at: Instant;
  readonly by: string;
  readonly because: string;
}

/** The next free `IMP-0001`. For people only: a restored backup gives the same numbers again, so it is never part of an idempotency key. */
export async function nextNumber(t: Db): Promise<string> {
  const row = await t
    .selectFrom('improvement')
    .select((e) => e.fn.max('id').as('last'))
    .executeTakeFirstOrThrow();
  return `IMP-${String(Number(row.last ?? 0) + 1).padStart(4, '0')}`;
}

/**
 * Stores the improvement as it now is; every earlier state is kept. Nothing is written when it equals the latest version.
 * Returns whether it was a new version.
 */
export async function saveImprovement(
  t: Tx,
  improvement: Improvement,
  why: { readonly at: Instant; readonly by: string; readonly because: string },
): Promise<boolean> {
  const data = canonicalJson(improvement as unknown as JsonObject);
  const known = await t
    .selectFrom('improvement')
    .innerJoin('improvement_version', 'improvement_version.id', 'improvement.version')
    .select(['improvement.id', 'improvement.seq', 'improvement_version.data'])
    .where('uid', '=', improvement.id)
    .executeTakeFirst();
  if (known?.data === data) return false;
  const seq = (known?.seq ?? 0) + 1;
  const filters = {
    status: improvement.status,
    kind: improvement.kind,
    owner: storable(improvement.owner),
    target_date: improvement.targetDate,
  };
  const columns = {
    seq,
    ...filters,
    raised_at: improvement.raisedAt,
    ticket_system: improvement.ticket?.system ?? null,
    ticket_key: improvement.ticket?.key ?? null,
  };
  const id = known?.id ?? (await insert(t, improvement.id, columns));
  const version = await t
    .insertInto('improvement_version')
    .values({ improvement: id, seq, at: why.at, by: why.by, because: why.because, ...filters, data })
    .returning('id')
    .executeTakeFirstOrThrow();
  await t
    .updateTable('improvement')
    .set({ ...columns, version: version.id })
    .where('id', '=', id)
    .execute();
  await index(t, id, improvement);
  return true;
}

interface Columns {
  readonly seq: number;
  readonly status: Status;
  readonly kind: string;
  readonly owner: string;
  readonly target_date: string;
  readonly raised_at: Instant;
  readonly ticket_system: string | null;
  readonly ticket_key: string | null;
}

async function insert(t: Tx, uid: string, columns: Columns): Promise<number> {
  const row = await t
    .insertInto('improvement')
    .values({ uid, version: 0, ...columns })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

async function index(t: Tx, improvement: number, { caseKeys, changes, serviceIds }: Improvement): Promise<void> {
  await t.deleteFrom('improvement_service').where('improvement', '=', improvement).execute();
  const services = [...new Set(serviceIds.map(storable))].map((service) => ({ service, improvement }));
  if (services.length > 0) await t.insertInto('improvement_service').values(services).execute();
  await t.deleteFrom('improvement_key').where('improvement', '=', improvement).execute();
  await t.deleteFrom('improvement_change').where('improvement', '=', improvement).execute();
  const keys = [...new Set(caseKeys.map(storable))].map((key) => ({ key, improvement }));
  if (keys.length > 0) await t.insertInto('improvement_key').values(keys).execute();
  const rows = changes.map(({ ref }) => ({ system: ref.system, stream: ref.stream, key: storable(ref.key), improvement }));
  if (rows.length > 0)
    await t
      .insertInto('improvement_change')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

/** One improvement as it now is. */
export async function improvement(db: Db, id: string): Promise<Improvement | undefined> {
  const row = await current(db).where('improvement.uid', '=', id).executeTakeFirst();
  return row === undefined ? undefined : parse(row);
}

/** All improvements, or those of these statuses, in the order in which they were raised. */
export async function improvements(db: Db, ask: { readonly status?: readonly Status[] } = {}): Promise<readonly Improvement[]> {
  const query = ask.status === undefined ? current(db) : current(db).where('improvement.status', 'in', ask.status);
  return (await query.orderBy('improvement.id').execute()).map(parse);
}

/** Improvements, whatever their status, whose case has at least one of these keys, in the order in which they were raised. */
export async function improvementsWithCaseKeys(db: Db, keys: readonly string[]): Promise<readonly Improvement[]> {
  const text = `select v.data from improvement i join improvement_version v on v.id = i.version
    where i.id in (select k.improvement from improvement_key k where k.key in (select value from json_each(?))) order by i.id`;
  return (await selectIn<{ data: string }>(db, text, [], keys.map(storable))).map(parse);
}

/** The improvement whose ticket this is. `key` is the ticket's immutable id. */
export async function improvementByTicket(db: Db, system: string, key: string): Promise<Improvement | undefined> {
  const row = await current(db).where('ticket_system', '=', system).where('ticket_key', '=', key).executeTakeFirst();
  return row === undefined ? undefined : parse(row);
}

/** Improvements that this change carries out. */
export async function improvementsByChange(db: Db, ref: RecordRef): Promise<readonly Improvement[]> {
  const rows = await current(db)
    .innerJoin('improvement_change', 'improvement_change.improvement', 'improvement.id')
    .where('improvement_change.system', '=', ref.system)
    .where('improvement_change.stream', '=', ref.stream)
    .where('improvement_change.key', '=', storable(ref.key))
    .orderBy('improvement.id')
    .execute();
  return rows.map(parse);
}

/** Every state of an improvement, oldest first. */
export async function improvementVersions(db: Db, id: string): Promise<readonly ImprovementVersion[]> {
  const rows = await versions(db, id).orderBy('improvement_version.seq').execute();
  return rows.map((row) => ({ improvement: parse(row), version: row.seq, at: row.at, by: row.by, because: row.because }));
}

/** The improvement as the register showed it at this instant; undefined before it was raised. */
export async function improvementAsOf(db: Db, id: string, at: Instant): Promise<ImprovementVersion | undefined> {
  const row = await versions(db, id)
    .where('improvement_version.at', '<=', at)
    .orderBy('improvement_version.seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : { improvement: parse(row), version: row.seq, at: row.at, by: row.by, because: row.because };
}

/** How many improvements there are, per status. */
export async function improvementCounts(db: Db): Promise<readonly { readonly status: Status; readonly count: number }[]> {
  const rows = await db
    .selectFrom('improvement')
    .select((e) => ['status', e.fn.countAll<number>().as('count')])
    .groupBy('status')
    .execute();
  return rows.map((row) => ({ status: row.status as Status, count: row.count }));
}

function current(db: Db) {
  return db
    .selectFrom('improvement')
    .innerJoin('improvement_version', 'improvement_version.id', 'improvement.version')
    .select('improvement_version.data');
}

function versions(db: Db, id: string) {
  return db
    .selectFrom('improvement_version')
    .innerJoin('improvement', 'improvement.id', 'improvement_version.improvement')
    .select([
      'improvement_version.data',
      'improvement_version.seq',
      'improvement_version.at',
      'improvement_version.by',
      'improvement_version.because',
    ])
    .where('improvement.uid', '=', id);
}

function parse(row: { readonly data: string }): Improvement {
  return JSON.parse(row.data) as Improvement;
}
