import { CompiledQuery } from 'kysely';
import { inputIdOf } from '../../domain/inputs/input-id.js';
import type { ImprovementInput } from '../../domain/inputs/input.js';
import type { Instant } from '../../kit/index.js';
import type { Db } from '../database/db.js';
import { inputsById } from './inputs.js';

/** How many inputs are read at a time. */
const page = 1000;

/**
 * Active inputs of these categories that occurred before `to`, at their latest version, oldest first; inputs of the same instant by record, so that the
 * order never depends on how they arrived. Only the order is kept in memory, not what is gone through.
 */
export async function* inputsInOrder(
  db: Db,
  ask: { readonly categories: readonly string[]; readonly to: Instant },
): AsyncIterable<readonly ImprovementInput[]> {
  const { rows } = await db.executeQuery<{ record: number; mapping: number }>(
    CompiledQuery.raw(
      `select i.record, i.mapping from input i join name c on c.id = i.category
       where i.ended_at is null and i.occurred_at < ? and c.text in (select value from json_each(?)) order by i.occurred_at, i.record, i.mapping`,
      [ask.to, JSON.stringify(ask.categories)],
    ),
  );
  for (let at = 0; at < rows.length; at += page) yield await inputsById(db, await idsOf(db, rows.slice(at, at + page)));
}

async function idsOf(db: Db, keys: readonly { readonly record: number; readonly mapping: number }[]): Promise<readonly string[]> {
  const { rows } = await db.executeQuery<{ system: string; stream: string; key: string; mapping: string }>(
    CompiledQuery.raw(
      `select s.system, s.stream, n.key, m.text as mapping from json_each(?) j
       cross join node n on n.id = j.value ->> 0 join stream s on s.id = n.kind join name m on m.id = j.value ->> 1 order by j.key`,
      [JSON.stringify(keys.map(({ record, mapping }) => [record, mapping]))],
    ),
  );
  return rows.map(({ mapping, ...ref }) => inputIdOf(ref, mapping));
}

/** Open links of one kind between records, both ends as the domain's node ids. Goes through all links once. */
export async function linksOfKind(db: Db, kind: string): Promise<readonly { readonly from: string; readonly to: string }[]> {
  const { rows } = await db.executeQuery<{ from: string; to: string }>(
    CompiledQuery.raw(
      `select 'record:' || fk.text || '/' || f.key as "from", 'record:' || tk.text || '/' || g.key as "to" from edge e
       join name k on k.id = e.kind and k.text = ?
       left join edge_end x on x.from_node = e.from_node and x.kind = e.kind and x.to_node = e.to_node and x.seq = e.seq
       join node f on f.id = e.from_node join name fk on fk.id = f.kind join node g on g.id = e.to_node join name tk on tk.id = g.kind
       where x.seq is null`,
      [kind],
    ),
  );
  return rows;
}
