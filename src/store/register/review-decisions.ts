import type { Instant } from '../../kit/index.js';
import { storable } from '../database/canonical.js';
import type { Db, Tx } from '../database/db.js';

/** A decision of a management review (9.3), and what became of it. */
export interface ReviewDecision {
  /** `MR-0001`. */
  readonly id: string;
  readonly at: Instant;
  /** Person id, as are the others. */
  readonly by: string;
  /** The days that the review looked at, both included. */
  readonly period: { readonly from: string; readonly to: string };
  readonly decision: string;
  readonly owner?: string;
  /** `YYYY-MM-DD`. */
  readonly due?: string;
  readonly improvement?: string;
  readonly done?: { readonly at: Instant; readonly by: string; readonly note: string };
}

/** Keeps a decision and gives it its number. The entry in the journal is the caller's. */
export async function addReviewDecision(t: Tx, decision: Omit<ReviewDecision, 'id' | 'done'>): Promise<ReviewDecision> {
  const row = await t
    .insertInto('review_decision')
    .values({
      at: decision.at,
      by: storable(decision.by),
      period_from: decision.period.from,
      period_to: decision.period.to,
      decision: storable(decision.decision),
      owner: decision.owner ?? null,
      due: decision.due ?? null,
      improvement: decision.improvement ?? null,
      done_at: null,
      done_by: null,
      done_note: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { ...decision, id: idOf(row.id) };
}

/** Notes that a decision was carried out. False when there is none with this id, or it is done already: what was noted first stays. */
export async function endReviewDecision(t: Tx, id: string, done: NonNullable<ReviewDecision['done']>): Promise<boolean> {
  const number = /^MR-(\d{1,9})$/.exec(id)?.[1];
  if (number === undefined) return false;
  const result = await t
    .updateTable('review_decision')
    .set({ done_at: done.at, done_by: storable(done.by), done_note: storable(done.note) })
    .where('id', '=', Number(number))
    .where('done_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** All decisions of management reviews, oldest first; with `asOf` as they stood at that instant. */
export async function reviewDecisions(db: Db, asOf?: Instant): Promise<readonly ReviewDecision[]> {
  const rows = await db.selectFrom('review_decision').selectAll().orderBy('id').execute();
  return rows
    .filter((row) => asOf === undefined || row.at <= asOf)
    .map((row) => ({
      id: idOf(row.id),
      at: row.at,
      by: row.by,
      period: { from: row.period_from, to: row.period_to },
      decision: row.decision,
      ...(row.owner !== null && { owner: row.owner }),
      ...(row.due !== null && { due: row.due }),
      ...(row.improvement !== null && { improvement: row.improvement }),
      ...(row.done_at !== null &&
        (asOf === undefined || row.done_at <= asOf) && { done: { at: row.done_at, by: row.done_by ?? '', note: row.done_note ?? '' } }),
    }));
}

function idOf(number: number): string {
  return `MR-${String(number).padStart(4, '0')}`;
}
