import { z } from 'zod';
import { Failure } from './failure.js';
import type { Cursor } from './stream.js';

const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);

/** A place in the order (updatedAt, key). */
export type Position = z.infer<typeof Position>;
const Position = z.strictObject({ updatedAt: instant, key: z.string() });

/** A run in progress. */
export type RunState = z.infer<typeof RunState>;
const RunState = z.strictObject({
  /** The remote's clock when the run began. */
  startedAt: instant,
  /** Up to where the run, once complete, has read everything. */
  horizon: instant,
  /** Pages read so far whose last row was stamped after the run began. */
  behindStart: z.int().min(0),
  at: Position.optional(),
  /** `floor` only: (key, stamp) of the rows that the next query will deliver again. */
  seen: z.array(z.tuple([z.string(), z.string()])).optional(),
  /** `keyset` only: stepping over unreadable rows inside the range that ends at the horizon. */
  step: z.strictObject({ skip: z.int().min(0), total: z.int().min(0).optional() }).optional(),
});

/** Between runs only `from`. */
export type State = z.infer<typeof State>;
const State = z
  .strictObject({ v: z.literal(1), from: instant, run: RunState.optional() })
  .transform(({ from, run }) => (run ? { from, run } : { from }));

/** The cursor as JSON, with its version. */
export function toCursor(state: { readonly from: string; readonly run?: RunState | undefined }): Cursor {
  return { v: 1, ...(JSON.parse(JSON.stringify(state)) as { from: string }) };
}

/** Reads a cursor back. One that this version did not write stops the stream: guessing would skip or repeat history. */
export function parseState(cursor: Cursor): State {
  const parsed = State.safeParse(cursor);
  if (!parsed.success)
    throw new Failure('contract', `the stored cursor is not one of this version: ${z.prettifyError(parsed.error)}`, {
      hint: 'restore the database that this version wrote, or read the stream again from its start',
    });
  return parsed.data;
}
