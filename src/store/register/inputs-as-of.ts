import { CompiledQuery } from 'kysely';
import type { ImprovementInput } from '../../domain/inputs/input.js';
import { parseInputId } from '../../domain/inputs/input-id.js';
import type { Instant } from '../../kit/index.js';
import type { Db } from '../database/db.js';
import { findNames } from '../database/names.js';
import { findNodes, parseNodeId } from '../graph/nodes.js';
import { inputColumns, type InputRow, toInput } from '../records/input-row.js';

/**
 * These inputs as they were known at an instant, in the order of their ids as given. One that was not known yet is left out. Each history is walked backwards
 * from its latest version: histories are short, and the present is asked for most often.
 */
export async function inputsByIdAsOf(db: Db, ids: readonly string[], asOf: Instant): Promise<readonly ImprovementInput[]> {
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
  if (keys.length === 0) return [];
  const { rows } = await db.executeQuery<InputRow>(CompiledQuery.raw(text, [JSON.stringify(keys), asOf, asOf]));
  const found = new Map(rows.map(toInput).map((input) => [input.id, input]));
  return ids.map((id) => found.get(id)).filter((input) => input !== undefined);
}

const text = `with recursive walk(id) as (
    select i.version from json_each(?) k cross join input i on i.record = k.value ->> 0 and i.mapping = k.value ->> 1
    union all
    select v.previous from walk w cross join input_version v on v.id = w.id cross join cause c on c.id = v.cause
      where c.at > ? and v.previous is not null)
  select ${inputColumns} from walk w cross join input_version v on v.id = w.id cross join cause c on c.id = v.cause and c.at <= ?
    join record_version rv on rv.id = v.record_version join node n on n.id = v.record join stream s on s.id = n.kind join name m on m.id = v.made_by`;

/** Those among these ids that no input has, at this instant or now: found by key alone, without reading what the others hold. */
export async function unknownInputs(db: Db, ids: readonly string[], asOf?: Instant): Promise<ReadonlySet<string>> {
  const distinct = [...new Set(ids)];
  const wanted = distinct.map(parseInputId);
  const nodes = await findNodes(
    db,
    wanted.map(({ record }) => parseNodeId(record)),
  );
  const mappings = await findNames(db, [...new Set(wanted.map(({ mapping }) => mapping))]);
  const keys = distinct.map((id, at) => [id, nodes[at] ?? -1, mappings.get(wanted[at]?.mapping ?? '') ?? -1]);
  const known =
    asOf === undefined
      ? ''
      : `and exists (with recursive walk(id) as (select i.version union all select v.previous from walk w cross join input_version v on v.id = w.id
           where v.previous is not null) select 1 from walk w cross join input_version v on v.id = w.id cross join cause c on c.id = v.cause and c.at <= ?)`;
  const missing = `select k.value ->> 0 as id from json_each(?) k
    where not exists (select 1 from input i where i.record = k.value ->> 1 and i.mapping = k.value ->> 2 ${known})`;
  const parameters = [JSON.stringify(keys), ...(asOf === undefined ? [] : [asOf])];
  const { rows } = await db.executeQuery<{ id: string }>(CompiledQuery.raw(missing, parameters));
  return new Set(rows.map(({ id }) => id));
}
