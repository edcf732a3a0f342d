import { CompiledQuery } from 'kysely';
import { refText } from '../../domain/inputs/case.js';
import type { ImprovementInput } from '../../domain/inputs/input.js';
import type { Instant } from '../../kit/index.js';
import { type Value, insertRows } from '../database/bulk.js';
import { sha256 } from '../database/canonical.js';
import type { Db, Tx } from '../database/db.js';
import { findNames } from '../database/names.js';
import { findNodes, parseNodeId } from '../graph/nodes.js';
import { parseInputId } from '../../domain/inputs/input-id.js';
import { inputColumns, type InputRow, toInput } from './input-row.js';

/** One input as it was when it was counted, with the version of the record behind it. */
export interface MeasuredInput {
  readonly input: ImprovementInput;
  /** The input version's place in the feed of all changes. */
  readonly version: number;
  /** 1 for the first version of the record that was kept. */
  readonly recordVersion: number;
}

/** Notes which inputs a measurement counted, each at the version it has now. `measurement`: 0 for the first of the improvement. */
export async function keepMeasuredInputs(t: Tx, improvement: string, measurement: number, ids: readonly string[]): Promise<void> {
  const row = await t.selectFrom('improvement').select('id').where('uid', '=', improvement).executeTakeFirstOrThrow();
  const values: Value[] = (await versionsNow(t, ids)).flatMap((version) => [row.id, measurement, version]);
  await insertRows(t, 'measured_input', ['improvement', 'measurement', 'input_version'], values);
}

async function versionsNow(t: Tx, ids: readonly string[]): Promise<readonly number[]> {
  const wanted = ids.map(parseInputId);
  const nodes = await findNodes(
    t,
    wanted.map(({ record }) => parseNodeId(record)),
  );
  const mappings = await findNames(t, [...new Set(wanted.map(({ mapping }) => mapping))]);
  const keys = wanted.flatMap(({ mapping }, at) => [[nodes[at] ?? -1, mappings.get(mapping) ?? -1]]);
  const { rows } = await t.executeQuery<{ version: number }>(
    CompiledQuery.raw(
      'select version from input where (record, mapping) in (select value ->> 0, value ->> 1 from json_each(?)) order by version',
      [JSON.stringify(keys)],
    ),
  );
  return rows.map(({ version }) => version);
}

/**
 * What a measurement counted, as it was then: later versions, and whether the source still has the record, make no difference. By when they occurred,
 * as the domain orders them.
 */
export async function measuredInputs(db: Db, improvement: string, measurement: number): Promise<readonly MeasuredInput[]> {
  const { rows } = await db.executeQuery<InputRow & { readonly record_version: number }>(
    CompiledQuery.raw(
      `select ${inputColumns}, rv.seq as record_version
       from measured_input mi join improvement i on i.id = mi.improvement join input_version v on v.id = mi.input_version
       join record_version rv on rv.id = v.record_version join node n on n.id = v.record join stream s on s.id = n.kind
       join name m on m.id = v.made_by where i.uid = ? and mi.measurement = ?`,
      [improvement, measurement],
    ),
  );
  const found = rows.map((row) => ({ input: toInput(row), version: row.version, recordVersion: row.record_version }));
  return found.toSorted(
    (a, b) => compareText(a.input.occurredAt, b.input.occurredAt) || compareText(a.input.id, b.input.id) || a.version - b.version,
  );
}

/** Ids of the improvements of which a measurement counted a version that is not the latest any more, because of what is newer than `seq` in the feed. */
export async function improvementsThatCounted(db: Db, seq: number): Promise<readonly string[]> {
  const { rows } = await db.executeQuery<{ uid: string }>(
    CompiledQuery.raw(
      `with recursive older(id, previous) as (
         select id, previous from input_version where id > ?
         union select v.id, v.previous from input_version v join older o on v.id = o.previous)
       select distinct i.uid from older o join measured_input m on m.input_version = o.id join improvement i on i.id = m.improvement order by i.uid`,
      [seq],
    ),
  );
  return rows.map(({ uid }) => uid);
}

/** How many inputs a measurement counted, and which record versions, in one hash: what is kept with the measurement and checked when it is repeated. */
export function fingerprintOf(inputs: readonly ImprovementInput[]): { readonly inputs: number; readonly hash: string } {
  const lines = inputs.map(({ trigger, occurredAt, madeBy }) =>
    [refText(trigger), occurredAt, madeBy.recordHash, madeBy.mapping, madeBy.mappingHash].join(' '),
  );
  return { inputs: inputs.length, hash: sha256(lines.toSorted().join('\n')) };
}

/** Which inputs that are not of one case: of these categories, and when they occurred. */
export interface CategoryAsk {
  readonly categories: readonly string[];
  readonly from: Instant;
  readonly to: Instant;
}

/** Active inputs of some categories at their latest version, by when they occurred: for plans that look beyond one case. */
export async function inputsOfCategories(db: Db, { categories, from, to }: CategoryAsk): Promise<readonly ImprovementInput[]> {
  const { rows } = await db.executeQuery<InputRow>(
    CompiledQuery.raw(
      `select ${inputColumns}
       from input i join name c on c.id = i.category join input_version v on v.id = i.version join record_version rv on rv.id = v.record_version
       join node n on n.id = i.record join stream s on s.id = n.kind join name m on m.id = v.made_by
       where i.occurred_at >= ? and i.occurred_at < ? and i.ended_at is null and c.text in (select value from json_each(?))
       order by i.occurred_at, i.record, i.mapping`,
      [from, to, JSON.stringify(categories)],
    ),
  );
  return rows.map(toInput);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
