import type { Instant } from '../../kit/index.js';
import type { Db, Tx } from '../database/db.js';

/** "Reviewed, none found": a person has looked at what an input brought, or did not bring, over these days. */
export interface InputReview {
  readonly category: string;
  /** First and last day, `YYYY-MM-DD` in the organisation's time zone, both included. */
  readonly from: string;
  readonly to: string;
  /** Directory id of the person. */
  readonly by: string;
  readonly note: string;
  readonly at: Instant;
}

/** Keeps a review. Reviews are evidence: they are never changed. */
export async function addInputReview(t: Tx, review: InputReview): Promise<void> {
  await t.insertInto('input_review').values(review).execute();
}

/** Reviews, of one category or all, that touch the days from `from` to `to`; by their last day, oldest first. */
export async function inputReviews(
  db: Db,
  ask: { readonly category?: string; readonly from?: string; readonly to?: string } = {},
): Promise<readonly InputReview[]> {
  let query = db.selectFrom('input_review').select(['category', 'from', 'to', 'by', 'note', 'at']);
  if (ask.category !== undefined) query = query.where('category', '=', ask.category);
  if (ask.from !== undefined) query = query.where('to', '>=', ask.from);
  if (ask.to !== undefined) query = query.where('from', '<=', ask.to);
  return await query.orderBy('to').orderBy('id').execute();
}
