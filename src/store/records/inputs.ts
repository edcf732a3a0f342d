import { CompiledQuery } from 'kysely';
import type { ImprovementInput } from '../../domain/inputs/input.js';
import { parseInputId } from '../../domain/inputs/input-id.js';
import type { Instant, RecordRef } from '../../kit/index.js';
import type { Value } from '../database/bulk.js';
import type { Db } from '../database/db.js';
import { findNames } from '../database/names.js';
import { findNode, findNodes, parseNodeId, recordNode } from '../graph/nodes.js';
import { inputColumns, type InputRow, toInput } from './input-row.js';

// cross join: whatever the statistics say, the inputs that were asked for lead.
const joins = `cross join input_version v on v.id = i.version
  cross join record_version rv on rv.id = v.record_version
  cross join node n on n.id = i.record
  cross join stream s on s.id = n.kind
  cross join name m on m.id = v.made_by`;
const text = `select ${inputColumns} from input i ${joins}`;
const byIds = `select ${inputColumns} from json_each(?) j cross join input i on i.record = j.value ->> 0 and i.mapping = j.value ->> 1 ${joins}`;

/** A page of the change feed. */
export interface InputChanges {
  /** Inputs that were made, revised or ended, at their latest version, in the order in which that was stored. */
  readonly inputs: readonly ImprovementInput[];
  /** Hand this to the next call: it goes on exactly behind. */
  readonly seq: number;
  /** There may be more. */
  readonly more: boolean;
}

/** What happened to inputs after `seq` (0: since ever). An input that changed several times comes once, at its latest place. */
export async function inputsSince(db: Db, seq: number, limit: number): Promise<InputChanges> {
  const { rows: scanned } = await db.executeQuery<{ id: number }>(
    CompiledQuery.raw('select id from input_version where id > ? order by id limit ?', [seq, limit]),
  );
  const last = scanned.at(-1)?.id ?? seq;
  // cross join: the range of versions leads, whatever the statistics say.
  const changed = `select ${inputColumns} from input_version v cross join input i on i.record = v.record and i.mapping = v.mapping and i.version = v.id
    join record_version rv on rv.id = v.record_version join node n on n.id = i.record join stream s on s.id = n.kind join name m on m.id = v.made_by
    where v.id > ? and v.id <= ? order by v.id`;
  return { inputs: await select(db, changed, [seq, last]), seq: last, more: scanned.length === limit };
}

/** The latest change of all inputs: where a feed begins that wants to see only what comes. */
export async function lastInputSeq(db: Db): Promise<number> {
  const row = await db
    .selectFrom('input_version')
    .select((e) => e.fn.max('id').as('last'))
    .executeTakeFirstOrThrow();
  return Number(row.last ?? 0);
}

/** One input at its latest version, ended or not. */
export async function inputById(db: Db, id: string): Promise<ImprovementInput | undefined> {
  return (await inputsById(db, [id]))[0];
}

/** These inputs at their latest version, ended or not, in the order of their ids as given; unknown ones are left out. */
export async function inputsById(db: Db, ids: readonly string[]): Promise<readonly ImprovementInput[]> {
  const wanted = ids.map(parseInputId);
  const nodes = await findNodes(
    db,
    wanted.map(({ record }) => parseNodeId(record)),
  );
  const mappings = await findNames(db, [...new Set(wanted.map(({ mapping }) => mapping))]);
  const keys = wanted.flatMap(({ mapping }, at) => {
    const [record, name] = [nodes[at], mappings.get(mapping)];
    return record === undefined || name === undefined ? [] : [[record, name]];
  });
  const rows = await select(db, byIds, [JSON.stringify(keys)]);
  const found = new Map(rows.map((input) => [input.id, input]));
  return ids.map((id) => found.get(id)).filter((input) => input !== undefined);
}

const versionsOf = `with recursive versions(id) as (select version from input where record = ? and mapping = ?
    union all select v.previous from versions join input_version v on v.id = versions.id where v.previous is not null)
  select ${inputColumns} from versions join input_version v on v.id = versions.id join record_version rv on rv.id = v.record_version
    join node n on n.id = v.record join stream s on s.id = n.kind join name m on m.id = v.made_by
  where rv.updated_at <= ? order by v.id desc limit 1`;

/** An input as its record stood at this instant, by the remote's own update stamp: what somebody who looked then could see. */
export async function inputAsOf(db: Db, id: string, at: Instant): Promise<ImprovementInput | undefined> {
  const { mapping, record } = parseInputId(id);
  const node = await findNode(db, parseNodeId(record));
  const name = (await findNames(db, [mapping])).get(mapping);
  if (node === undefined || name === undefined) return undefined;
  return (await select(db, versionsOf, [node, name, at]))[0];
}

/** All inputs of a record, one per mapping, ended ones included. */
export async function inputsOfRecord(db: Db, ref: RecordRef): Promise<readonly ImprovementInput[]> {
  const id = await findNode(db, recordNode(ref));
  return id === undefined ? [] : await select(db, `${text} where i.record = ? order by i.mapping`, [id]);
}

/**
 * `carrying`: the inputs that have one of these case keys, given twice as a list of nodes: a shared one, or their own record. It leads every query about a
 * case (`from carrying cross join input`): left the choice, SQLite goes through all inputs there are. Between two instants in milliseconds: of a case of
 * thousands only the stretch that is asked for is touched.
 */
const carrying = `with carrying(record, mapping) as (
    select k.record, k.mapping from json_each(?) j cross join input_key k on k.node = j.value and k.occurred >= ? and k.occurred <= ?
    union select o.record, o.mapping from input o where o.record in (select value from json_each(?)))`;
const ofCase = 'carrying c cross join input i on i.record = c.record and i.mapping = c.mapping';

/** Beyond every instant that can be written. */
const furthest = 8_640_000_000_000_000;

function millisOf(at: Instant | undefined, otherwise: number): number {
  return at === undefined ? otherwise : Date.parse(at);
}

async function nodesOf(db: Db, caseKeys: readonly string[]): Promise<readonly number[]> {
  return (await findNodes(db, caseKeys.map(parseNodeId))).filter((node) => node !== undefined);
}

/** Which inputs of a case. */
export interface CaseAsk {
  /** Occurred at or after. */
  readonly from?: Instant;
  /** Occurred before. */
  readonly to?: Instant;
  /** Without those that have ended. Default true. */
  readonly activeOnly?: boolean;
}

/** Inputs at their latest version that carry at least one of these case keys, by when they occurred. */
export async function inputsWithKeys(db: Db, keys: readonly string[], ask: CaseAsk = {}): Promise<readonly ImprovementInput[]> {
  const nodes = await nodesOf(db, keys);
  if (nodes.length === 0) return [];
  const list = JSON.stringify(nodes);
  const active = ask.activeOnly === false ? '' : 'and i.ended_at is null';
  const cases = `${carrying} select ${inputColumns} from ${ofCase} ${joins}
    where i.occurred_at >= ? and i.occurred_at < ? ${active} order by i.occurred_at, i.record, i.mapping`;
  return await select(db, cases, [list, millisOf(ask.from, -furthest), millisOf(ask.to, furthest), list, ask.from ?? '', ask.to ?? '~']);
}

/**
 * Distinct records per week: `weeks` numbers, the first for the 7 days that begin at `from`. Counted are records whose active input carries one of
 * the case keys and one of the categories, by when they occurred.
 */
export async function weeklyCounts(
  db: Db,
  keys: readonly string[],
  categories: readonly string[],
  from: Instant,
  weeks: number,
): Promise<readonly number[]> {
  const start = Date.parse(from);
  const to = new Date(start + weeks * weekMs).toISOString();
  const nodes = await nodesOf(db, keys);
  const list = JSON.stringify(nodes);
  const { rows } = await db.executeQuery<{ record: number; occurred_at: Instant }>(
    CompiledQuery.raw(weekly, [list, start, Date.parse(to), list, from, to, JSON.stringify(categories)]),
  );
  const counts = Array.from({ length: weeks }, () => 0);
  for (const { occurred_at } of rows) {
    const week = Math.floor((Date.parse(occurred_at) - start) / weekMs);
    counts[week] = (counts[week] ?? 0) + 1;
  }
  return counts;
}

const weekly = `${carrying} select i.record, min(i.occurred_at) as occurred_at from ${ofCase} join name g on g.id = i.category
  where i.occurred_at >= ? and i.occurred_at < ? and i.ended_at is null and g.text in (select value from json_each(?)) group by i.record`;

const weekMs = 7 * 24 * 60 * 60 * 1000;

/** How many inputs there are, per category: for `status` and metrics. */
export async function inputCounts(
  db: Db,
): Promise<readonly { readonly category: string; readonly active: number; readonly ended: number; readonly withoutKey: number }[]> {
  const { rows } = await db.executeQuery<{ category: string; active: number; ended: number; withoutKey: number }>(
    CompiledQuery.raw(
      `select c.text as category, sum(i.ended_at is null) as active, sum(i.ended_at is not null) as ended,
         sum(i.ended_at is null and v.data not like '%"recurrenceKey":%') as withoutKey
       from input i join name c on c.id = i.category join input_version v on v.id = i.version group by c.text order by c.text`,
    ),
  );
  return rows;
}

async function select(db: Db, sql: string, parameters: readonly Value[]): Promise<readonly ImprovementInput[]> {
  const { rows } = await db.executeQuery<InputRow>(CompiledQuery.raw(sql, [...parameters]));
  return rows.map(toInput);
}
