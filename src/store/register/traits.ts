import { CompiledQuery } from 'kysely';
import type { Improvement } from '../../domain/improvement.js';
import { storable } from '../database/canonical.js';
import type { Db, Tx } from '../database/db.js';

/** Notes by what others may be like this improvement: `service:checkout|incident`, `supplier:northwind`, `word:mail`. Replaces what was noted. */
export async function noteTraits(t: Tx, improvement: string, traits: readonly string[]): Promise<void> {
  await t.deleteFrom('improvement_trait').where('improvement', '=', improvement).execute();
  const rows = [...new Set(traits.map(storable))].map((trait) => ({ trait, improvement }));
  if (rows.length > 0) await t.insertInto('improvement_trait').values(rows).execute();
}

/** Improvements as they now are that share some of these traits, with those; most of them first, then the newest. */
export async function improvementsWithTraits(
  db: Db,
  traits: readonly string[],
  limit: number,
): Promise<readonly { readonly improvement: Improvement; readonly shared: readonly string[] }[]> {
  const { rows } = await db.executeQuery<{ data: string; shared: string }>(
    CompiledQuery.raw(
      `select v.data, x.shared from (
         select improvement, count(*) as n, json_group_array(trait) as shared from improvement_trait
         where trait in (select value from json_each(?)) group by improvement order by n desc, improvement desc limit ?) x
       join improvement i on i.uid = x.improvement join improvement_version v on v.id = i.version order by x.n desc, i.id desc`,
      [JSON.stringify(traits.map(storable)), limit],
    ),
  );
  return rows.map(({ data, shared }) => ({ improvement: JSON.parse(data) as Improvement, shared: JSON.parse(shared) as string[] }));
}
