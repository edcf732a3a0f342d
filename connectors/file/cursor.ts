import { type Cursor, Failure, z } from 'golden-thread/kit';

const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const Sign = z.strictObject({ name: z.string(), size: z.number(), modifiedMs: z.number(), changedMs: z.number() });

/** A file as it was read. */
export type Entry = z.infer<typeof Entry>;
const Entry = z.strictObject({
  ...Sign.shape,
  /** How many rows it has. */
  rows: z.int().min(0),
  /** The identities of its rows, packed. */
  keys: z.string(),
  /** It could not be used; the keys are those of its last usable version. */
  unusable: z.literal(true).optional(),
});

/** A run in progress. Files that are neither here nor unchanged are still to be read. */
export type RunState = z.infer<typeof RunState>;
const RunState = z.strictObject({
  startedAt: instant,
  /** Files read to their end in this run. */
  done: z.array(Entry),
  /** Files that hold what the state says they hold. */
  same: z.array(z.string()),
  /** Files that were written to while they were to be read: for the next run. */
  left: z.array(z.string()),
  /** The file in the middle of which the last page ended: how many of its rows were gone through, and which identities they had. */
  at: z.strictObject({ ...Sign.shape, read: z.int().min(0), keys: z.array(z.string()) }).optional(),
  /** Identities delivered from versions of files that were not read to their end. */
  held: z.array(z.string()),
  /** All files are read; so many vanished rows have been told. */
  gone: z.int().min(0).optional(),
});

/** What is known of the inbox: a ledger of its files, by which rows that vanish are noticed. */
export type State = z.infer<typeof State>;
const State = z.strictObject({
  v: z.literal(1),
  /** Of the stream's settings: with others everything is read again. */
  spec: z.string(),
  /** Everything that was written before this has been read. */
  at: instant.optional(),
  files: z.array(Entry),
  /** Identities, packed, that may be in no file any more, but it was not the time to tell. */
  held: z.array(z.string()),
  run: RunState.optional(),
});

export function toCursor(state: State): Cursor {
  return JSON.parse(JSON.stringify(state)) as Cursor;
}

/** Reads a cursor back. One that this version did not write stops the stream: guessing would repeat or lose vanished rows. */
export function parseState(cursor: Cursor | undefined): State {
  if (cursor === undefined) return { v: 1, spec: '', files: [], held: [] };
  const parsed = State.safeParse(cursor);
  if (!parsed.success)
    throw new Failure('contract', `the stored cursor is not one of this version: ${z.prettifyError(parsed.error)}`, {
      hint: 'restore the database that this version wrote, or read the stream again from its start',
    });
  return parsed.data;
}
