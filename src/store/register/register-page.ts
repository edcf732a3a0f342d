import { CompiledQuery } from 'kysely';
import type { Improvement, Status } from '../../domain/improvement.js';
import type { Instant } from '../../kit/index.js';
import type { Value } from '../database/bulk.js';
import type { Db } from '../database/db.js';

/** Which part of the register. */
export interface RegisterAsk {
  readonly status?: readonly Status[];
  /** Person id. */
  readonly owner?: string;
  /** Directory id of a service. */
  readonly service?: string;
  readonly kind?: readonly Improvement['kind'][];
  /** Only those that are open and whose target date was before this day (`YYYY-MM-DD`). */
  readonly overdueOn?: string;
  /** As the register showed it at this instant. Default: as it stands. */
  readonly asOf?: Instant;
  readonly offset?: number;
  /** Default: all. */
  readonly limit?: number;
}

/** A page of the register. */
export interface RegisterPage {
  /** In the order in which they were raised. */
  readonly improvements: readonly Improvement[];
  /** How many there are on all pages. */
  readonly total: number;
}

/** As in the domain; a status that is none of these is settled. */
const open = ['proposed', 'approved', 'deferred', 'implementing', 'reviewing', 'on-hold'];

/**
 * One page of the register. Only the entries of the page are parsed: what filters and counts reads narrow columns, so that a page costs the same whether
 * entries are short or long.
 */
export async function registerPage(db: Db, ask: RegisterAsk = {}): Promise<RegisterPage> {
  const { text, version, parameters } = filtered(ask);
  const count = await db.executeQuery<{ total: number }>(CompiledQuery.raw(`select count(*) as total ${text}`, [...parameters]));
  const page = `select v.data from improvement_version v where v.id in (select ${version} ${text} order by i.id limit ? offset ?) order by v.improvement`;
  const { rows } = await db.executeQuery<{ data: string }>(CompiledQuery.raw(page, [...parameters, ask.limit ?? -1, ask.offset ?? 0]));
  return { improvements: rows.map(({ data }) => JSON.parse(data) as Improvement), total: count.rows[0]?.total ?? 0 };
}

/** The whole of a filtered register, so many entries at a time: for reports that need each once and nothing twice. */
export async function* registerInParts(
  db: Db,
  ask: Omit<RegisterAsk, 'limit' | 'offset'> = {},
  size = 500,
): AsyncIterable<readonly Improvement[]> {
  const { text, version, parameters } = filtered(ask);
  const part = `select d.improvement as id, d.data from improvement_version d
    where d.id in (select ${version} ${text} and i.id > ? order by i.id limit ?) order by d.improvement`;
  for (let after = 0; ;) {
    const { rows } = await db.executeQuery<{ id: number; data: string }>(CompiledQuery.raw(part, [...parameters, after, size]));
    if (rows.length > 0) yield rows.map(({ data }) => JSON.parse(data) as Improvement);
    if (rows.length < size) return;
    after = rows.at(-1)?.id ?? after;
  }
}

/**
 * `from … where …` over improvements `i`, and what names the version that is shown of each. Of a past day these are versions `v`; at present the improvement's
 * own columns say the same, and the versions, which are wide, are left alone.
 */
function filtered(ask: RegisterAsk): { readonly text: string; readonly version: string; readonly parameters: readonly Value[] } {
  const joined =
    ask.asOf === undefined
      ? ''
      : `join improvement_version v on v.improvement = i.id and v.seq =
           (select w.seq from improvement_version w where w.improvement = i.id and w.at <= ? order by w.seq desc limit 1)`;
  const conditions: string[] = ['1'];
  const parameters: Value[] = ask.asOf === undefined ? [] : [ask.asOf];
  const among = (column: string, values: readonly string[]): void => {
    conditions.push(`${column} in (select value from json_each(?))`);
    parameters.push(JSON.stringify(values));
  };
  const of = ask.asOf === undefined ? 'i' : 'v';
  if (ask.status !== undefined) among(`${of}.status`, ask.status);
  if (ask.kind !== undefined) among(`${of}.kind`, ask.kind);
  if (ask.owner !== undefined) {
    conditions.push(`${of}.owner = ?`);
    parameters.push(ask.owner);
  }
  if (ask.overdueOn !== undefined) {
    among(`${of}.status`, open);
    conditions.push(`${of}.target_date < ?`);
    parameters.push(ask.overdueOn);
  }
  if (ask.service !== undefined) {
    conditions.push(
      ask.asOf === undefined
        ? 'i.id in (select s.improvement from improvement_service s where s.service = ?)'
        : "exists (select 1 from json_each(v.data, '$.serviceIds') s where s.value = ?)",
    );
    parameters.push(ask.service);
  }
  return {
    text: `from improvement i ${joined} where ${conditions.join(' and ')}`,
    version: ask.asOf === undefined ? 'i.version' : 'v.id',
    parameters,
  };
}
