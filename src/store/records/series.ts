import { CompiledQuery } from 'kysely';
import { inputIdOf } from '../../domain/inputs/input-id.js';
import type { ImprovementInput } from '../../domain/inputs/input.js';
import type { Instant } from '../../kit/index.js';
import { type Value, insertRows } from '../database/bulk.js';
import { storable } from '../database/canonical.js';
import type { Db, Tx } from '../database/db.js';
import { findNames, internNames, required } from '../database/names.js';
import { getSetting, putSetting } from '../register/settings.js';
import { inputsById, inputsSince } from './inputs.js';

/** Where an input is counted: in which series, and there in which scope. */
export interface SeriesPlace {
  readonly series: string;
  readonly scope: string;
}

/** Which records of a series. `from` is inside, `to` is not. */
export interface SeriesAsk extends SeriesPlace {
  readonly from: Instant;
  readonly to: Instant;
}

const through = 'series-through';
const madeWith = 'series-made-with';
const batch = 500;

/**
 * Brings the series up to date with what changed of inputs, up to this place of their feed. `signature` says what the series are made by (policy and
 * directory): with another one they are all made again. `read` is the part of the feed up to `seq` where the caller has read it already. What the batch that is decided counts is so always counted by the rules that are in force.
 */
export async function bringSeriesUpTo(
  t: Tx,
  seq: number,
  made: { readonly signature: string; readonly placesOf: (input: ImprovementInput) => readonly SeriesPlace[] },
  read?: { readonly from: number; readonly inputs: readonly ImprovementInput[] },
): Promise<void> {
  if ((await getSetting(t, madeWith)) !== made.signature) {
    await t.deleteFrom('input_series').execute();
    await putSetting(t, madeWith, made.signature);
    await putSetting(t, through, 0);
  }
  let at = Number((await getSetting(t, through)) ?? 0);
  if (at >= seq) return;
  if (read?.from === at) {
    await place(t, { from: at, to: seq }, read.inputs, made.placesOf);
    at = seq;
  }
  while (at < seq) {
    const page = await inputsSince(t, at, Math.min(batch, seq - at));
    if (page.seq === at) break;
    await place(t, { from: at, to: page.seq }, page.inputs, made.placesOf);
    at = page.seq;
  }
  await putSetting(t, through, at);
}

const keysText = `select v.record, v.mapping, v.previous from input_version v
  cross join input i on i.record = v.record and i.mapping = v.mapping and i.version = v.id where v.id > ? and v.id <= ? order by v.id`;

async function place(
  t: Tx,
  range: { readonly from: number; readonly to: number },
  inputs: readonly ImprovementInput[],
  placesOf: (input: ImprovementInput) => readonly SeriesPlace[],
): Promise<void> {
  const { rows: keys } = await t.executeQuery<{ record: number; mapping: number; previous: number | null }>(
    CompiledQuery.raw(keysText, [range.from, range.to]),
  );
  if (keys.length !== inputs.length) throw new Error('the feed of inputs and their keys do not match');
  const revised = keys.filter(({ previous }) => previous !== null).map(({ record, mapping }) => [record, mapping]);
  if (revised.length > 0)
    await t.executeQuery(
      CompiledQuery.raw('delete from input_series where (record, mapping) in (select value ->> 0, value ->> 1 from json_each(?))', [
        JSON.stringify(revised),
      ]),
    );
  const places = inputs.map((input) => placesOf(input).map(({ series, scope }) => ({ series, scope: storable(scope) })));
  const names = await internNames(t, new Set(places.flat().flatMap(({ series, scope }) => [series, scope])));
  const values = keys.flatMap(({ record, mapping }, at): readonly Value[] => {
    const occurred = Date.parse(inputs[at]?.occurredAt ?? '');
    return (places[at] ?? []).flatMap(({ series, scope }) => [required(names, series), required(names, scope), occurred, record, mapping]);
  });
  await insertRows(t, 'input_series', ['series', 'scope', 'occurred', 'record', 'mapping'], values, 'keep');
}

/** How many distinct records of a series lie in the span. */
export async function countInSeries(db: Db, ask: SeriesAsk): Promise<number> {
  const row = await first<{ count: number }>(db, 'select count(distinct record) as count', ask);
  return row?.count ?? 0;
}

/** Distinct records per week: `weeks` numbers, the first for the seven days that begin at `from`. */
export async function weeklyInSeries(
  db: Db,
  ask: SeriesPlace & { readonly from: Instant; readonly weeks: number },
): Promise<readonly number[]> {
  const start = Date.parse(ask.from);
  const counts = Array.from({ length: ask.weeks }, () => 0);
  const of = await placeIds(db, ask);
  if (of === undefined) return counts;
  const { rows } = await db.executeQuery<{ week: number; count: number }>(
    CompiledQuery.raw(
      `select cast((occurred - ?) / ${weekMs} as integer) as week, count(distinct record) as count from input_series
       where series = ? and scope = ? and occurred >= ? and occurred < ? group by 1`,
      [start, of.series, of.scope, start, start + ask.weeks * weekMs],
    ),
  );
  for (const { week, count } of rows) counts[week] = count;
  return counts;
}

const weekMs = 7 * 24 * 60 * 60 * 1000;

/** When the earliest record of a series occurred; undefined when it has none. */
export async function firstInSeries(db: Db, place: SeriesPlace): Promise<Instant | undefined> {
  return edge(db, place, 'min');
}

/** When the newest record of a series occurred, of those before `before`. */
export async function lastInSeries(db: Db, place: SeriesPlace, before?: Instant): Promise<Instant | undefined> {
  return edge(db, place, 'max', before);
}

/** The newest inputs of a series in the span, at most `limit`, oldest first. */
export async function newestInSeries(db: Db, ask: SeriesAsk & { readonly limit: number }): Promise<readonly ImprovementInput[]> {
  const of = await placeIds(db, ask);
  if (of === undefined) return [];
  const { rows } = await db.executeQuery<{ system: string; stream: string; key: string; mapping: string }>(
    CompiledQuery.raw(
      `select s.system, s.stream, n.key, m.text as mapping from
         (select record, mapping, occurred from input_series where series = ? and scope = ? and occurred >= ? and occurred < ?
          order by occurred desc, record desc, mapping limit ?) x
       join node n on n.id = x.record join stream s on s.id = n.kind join name m on m.id = x.mapping order by x.occurred, x.record, x.mapping`,
      [of.series, of.scope, Date.parse(ask.from), Date.parse(ask.to), ask.limit],
    ),
  );
  return await inputsById(
    db,
    rows.map(({ mapping, ...ref }) => inputIdOf(ref, mapping)),
  );
}

/** The scopes of a series with at least one record in the span. */
export async function scopesInSeries(db: Db, ask: Omit<SeriesAsk, 'scope'>): Promise<readonly string[]> {
  const series = (await findNames(db, [ask.series])).get(ask.series);
  if (series === undefined) return [];
  const { rows } = await db.executeQuery<{ scope: string }>(
    CompiledQuery.raw(
      `select n.text as scope from (select distinct scope from input_series where series = ?) x join name n on n.id = x.scope
       where exists (select 1 from input_series s where s.series = ? and s.scope = x.scope and s.occurred >= ? and s.occurred < ?) order by 1`,
      [series, series, Date.parse(ask.from), Date.parse(ask.to)],
    ),
  );
  return rows.map(({ scope }) => scope);
}

async function placeIds(db: Db, { series, scope }: SeriesPlace): Promise<{ readonly series: number; readonly scope: number } | undefined> {
  const names = await findNames(db, [series, storable(scope)]);
  const [one, other] = [names.get(series), names.get(storable(scope))];
  return one === undefined || other === undefined ? undefined : { series: one, scope: other };
}

async function first<R>(db: Db, select: string, ask: SeriesAsk): Promise<R | undefined> {
  const of = await placeIds(db, ask);
  if (of === undefined) return undefined;
  const { rows } = await db.executeQuery<R>(
    CompiledQuery.raw(`${select} from input_series where series = ? and scope = ? and occurred >= ? and occurred < ?`, [
      of.series,
      of.scope,
      Date.parse(ask.from),
      Date.parse(ask.to),
    ]),
  );
  return rows[0];
}

async function edge(db: Db, place: SeriesPlace, which: 'min' | 'max', before?: Instant): Promise<Instant | undefined> {
  const of = await placeIds(db, place);
  if (of === undefined) return undefined;
  const { rows } = await db.executeQuery<{ at: number | null }>(
    CompiledQuery.raw(`select ${which}(occurred) as at from input_series where series = ? and scope = ? and occurred < ?`, [
      of.series,
      of.scope,
      before === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(before),
    ]),
  );
  const at = rows[0]?.at;
  return at === undefined || at === null ? undefined : new Date(at).toISOString();
}
