import {
  asFailure,
  type ConnectorContext,
  Failure,
  type FieldInfo,
  type SourceRecord,
  type Stream,
  withDetails,
  z,
} from 'golden-thread/kit';
import { fieldsOf } from './fields.js';
import { identityOf, keyOf } from './identity.js';
import type { Inbox } from './inbox.js';
import { inboxReader } from './read.js';
import { type Frame, recordOf } from './record.js';
import { rowsOf } from './rows.js';
import type { Spec } from './spec.js';

/** A stream with its settings, for the check. */
export interface OpenStream {
  readonly spec: Spec;
  readonly stream: Stream;
}

const shape = z.looseObject({ present: z.boolean() }) as unknown as Stream['record'];

/** The rows of one kind of file. */
export function fileStream(spec: Spec, inbox: Inbox, { system, log }: ConnectorContext): OpenStream {
  const frame: Frame = { system, spec, urlOf: (file) => inbox.urlOf(file) };
  const reader = inboxReader(inbox, frame, log);
  const inStream = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw withDetails(asFailure(error), { system, stream: spec.name });
    }
  };
  const stream: Stream = Object.freeze({
    name: spec.name,
    about: spec.about,
    fields: (): Promise<readonly FieldInfo[]> => inStream(fieldsOf(spec, inbox)),
    record: shape,
    // Where a row was read is no part of what it says: the same file under another name is the same.
    volatile: ['source'],
    read: (cursor, ask) => inStream(reader.read(cursor, ask)),
    get: (keys, signal) => inStream(getByKeys(frame, inbox, keys, signal)),
  } satisfies Stream);
  return { spec, stream };
}

/** Looks the keys up in the files as they are now, the newest first. Vanished rows are left out. */
async function getByKeys(frame: Frame, inbox: Inbox, keys: readonly string[], signal?: AbortSignal): Promise<readonly SourceRecord[]> {
  const { spec } = frame;
  const asked = new Set(keys);
  const found: SourceRecord[] = [];
  const { ready } = await inbox.look(spec.matches, new Map());
  for (const sign of ready) {
    if (asked.size === 0) break;
    const met = new Set<string>();
    try {
      const source = await inbox.open(sign);
      try {
        for await (const row of rowsOf(source, spec, inbox.maxBytes)) {
          if (signal?.aborted === true) throw new Failure('transient', 'reading was stopped');
          const identity = identityOf(row.fields, spec.key);
          const key = 'text' in identity ? keyOf(identity) : '';
          if (!('text' in identity) || !asked.has(key) || met.has(key)) continue;
          met.add(key);
          const made = row.problems.length > 0 ? undefined : recordOf(row, identity, sign, frame);
          if (made !== undefined && 'ref' in made) found.push(made);
        }
      } finally {
        await source.close();
      }
    } catch (error) {
      if (!['record', 'conflict', 'auth'].includes(asFailure(error).kind)) throw error; // this file is for the next run; the others are here
    }
    for (const key of met) asked.delete(key);
  }
  return found;
}
