import type { Instant } from '../../kit/index.js';
import type { Tx } from '../database/db.js';
import { extendCoverage } from './coverage.js';
import { type StreamName, ensureStream } from './streams.js';

/** Notes that a stream whose records the product makes itself is complete up to this instant, from where it was last, or from `since` at first. */
export async function noteOwnStream(t: Tx, name: StreamName, to: Instant, since: Instant): Promise<void> {
  const stream = await ensureStream(t, name);
  const { complete_to: before } = await t.selectFrom('stream').select('complete_to').where('id', '=', stream).executeTakeFirstOrThrow();
  if (before !== null && before >= to) return;
  await extendCoverage(t, stream, { from: before ?? since, to });
  await t.updateTable('stream').set({ complete_to: to }).where('id', '=', stream).execute();
}
