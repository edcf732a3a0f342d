import { CompiledQuery } from 'kysely';
import type { Instant } from '../../kit/index.js';
import type { Db } from '../database/db.js';

/** What one category brought. */
export interface CategoryCount {
  readonly category: string;
  /** Distinct records with an active input. */
  readonly records: number;
  readonly first: Instant;
  readonly last: Instant;
}

/** Distinct records per category that occurred from `from` up to, not including, `to`: what clause coverage rests on. Goes through all inputs once. */
export async function inputsByCategory(
  db: Db,
  span: { readonly from?: Instant; readonly to?: Instant } = {},
): Promise<readonly CategoryCount[]> {
  const { rows } = await db.executeQuery<CategoryCount>(
    CompiledQuery.raw(
      `select c.text as category, count(distinct i.record) as records, min(i.occurred_at) as first, max(i.occurred_at) as last
       from input i join name c on c.id = i.category
       where i.ended_at is null and i.occurred_at >= ? and i.occurred_at < ? group by c.text order by c.text`,
      [span.from ?? '', span.to ?? '~'],
    ),
  );
  return rows;
}
