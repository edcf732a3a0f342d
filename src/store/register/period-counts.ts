import { CompiledQuery } from 'kysely';
import type { Instant } from '../../kit/index.js';
import type { Db } from '../database/db.js';

/** Distinct records of a category that occurred in one of several periods. */
export interface PeriodCount {
  readonly category: string;
  /** Index of the period. */
  readonly period: number;
  readonly records: number;
}

/**
 * How many distinct records of each category occurred in each period. `borders` are instants, ascending; period n lies between borders n and n+1, the
 * first included. Inputs that have ended are not counted. Reads the narrow table of inputs once.
 */
export async function recordsPerPeriod(db: Db, borders: readonly Instant[]): Promise<readonly PeriodCount[]> {
  const [first, last] = [borders[0], borders.at(-1)];
  if (first === undefined || last === undefined || borders.length < 2) return [];
  const text = `select c.text as category, (select count(*) from json_each(?) b where b.value <= i.occurred_at) - 1 as period, count(distinct i.record) as records
    from input i join name c on c.id = i.category where i.occurred_at >= ? and i.occurred_at < ? and i.ended_at is null group by 1, 2 order by 1, 2`;
  const { rows } = await db.executeQuery<PeriodCount>(CompiledQuery.raw(text, [JSON.stringify(borders), first, last]));
  return rows;
}

/** Records that have one of these severities (any, where absent), and in each of these facts one of the values. */
export interface PartAsk {
  readonly severities?: readonly string[];
  readonly facts?: Readonly<Record<string, readonly (string | number | boolean)[]>>;
}

/** As {@link recordsPerPeriod}, of one category, and only of records that one of `parts` means. A fact that is a list has a value when one of its entries is it. */
export async function recordsOfPartPerPeriod(
  db: Db,
  category: string,
  parts: readonly PartAsk[],
  borders: readonly Instant[],
): Promise<readonly Omit<PeriodCount, 'category'>[]> {
  const [first, last] = [borders[0], borders.at(-1)];
  if (first === undefined || last === undefined || borders.length < 2 || parts.length === 0) return [];
  const values: string[] = [];
  const meant = parts.map(({ severities, facts = {} }) => {
    const conditions = Object.entries(facts).map(([name, wanted]) => {
      values.push(`$.facts."${name}"`, JSON.stringify(wanted));
      return 'exists (select 1 from json_each(v.data, ?) f where f.value in (select value from json_each(?)))';
    });
    if (severities === undefined) return conditions.join(' and ');
    values.push(JSON.stringify(severities));
    return [...conditions, `v.data ->> '$.severity' in (select value from json_each(?))`].join(' and ');
  });
  const text = `select (select count(*) from json_each(?) b where b.value <= i.occurred_at) - 1 as period, count(distinct i.record) as records
    from input i join name c on c.id = i.category and c.text = ? join input_version v on v.id = i.version
    where i.occurred_at >= ? and i.occurred_at < ? and i.ended_at is null and (${meant.map((one) => `(${one})`).join(' or ')}) group by 1 order by 1`;
  const { rows } = await db.executeQuery<Omit<PeriodCount, 'category'>>(
    CompiledQuery.raw(text, [JSON.stringify(borders), category, first, last, ...values]),
  );
  return rows;
}

/** Distinct records of one category on one service (directory id; empty: no service of the directory). */
export interface ServiceCount {
  readonly category: string;
  readonly service: string;
  readonly records: number;
}

/** How many distinct records of these categories each service had between two instants. A record on several services counts for each. */
export async function recordsPerService(
  db: Db,
  categories: readonly string[],
  from: Instant,
  to: Instant,
): Promise<readonly ServiceCount[]> {
  const text = `select c.text as category, coalesce(s.value, '') as service, count(distinct i.record) as records
    from input i join name c on c.id = i.category and c.text in (select value from json_each(?)) join input_version v on v.id = i.version
      left join json_each(v.data, '$.serviceIds') s
    where i.occurred_at >= ? and i.occurred_at < ? and i.ended_at is null group by 1, 2 order by 1, 3 desc, 2`;
  const { rows } = await db.executeQuery<ServiceCount>(CompiledQuery.raw(text, [JSON.stringify(categories), from, to]));
  return rows;
}

/** The streams whose records these categories had between two instants. */
export async function streamsOfCategories(
  db: Db,
  categories: readonly string[],
  from: Instant,
  to: Instant,
): Promise<readonly { readonly system: string; readonly stream: string }[]> {
  const text = `select s.system as system, s.stream as stream from stream s where s.id in (
      select n.kind from input i join name c on c.id = i.category join node n on n.id = i.record
      where c.text in (select value from json_each(?)) and i.occurred_at >= ? and i.occurred_at < ? and i.ended_at is null) order by 1, 2`;
  const { rows } = await db.executeQuery<{ system: string; stream: string }>(
    CompiledQuery.raw(text, [JSON.stringify(categories), from, to]),
  );
  return rows;
}

/** When each category last brought anything, and how many records it has brought so far, until an instant. */
export async function lastOfCategories(
  db: Db,
  until: Instant,
): Promise<readonly { readonly category: string; readonly last: Instant; readonly records: number }[]> {
  const text = `select c.text as category, max(i.occurred_at) as last, count(distinct i.record) as records
    from input i join name c on c.id = i.category where i.occurred_at < ? and i.ended_at is null group by 1 order by 1`;
  const { rows } = await db.executeQuery<{ category: string; last: Instant; records: number }>(CompiledQuery.raw(text, [until]));
  return rows;
}
