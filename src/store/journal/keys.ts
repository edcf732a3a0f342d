import { createHmac } from 'node:crypto';
import type { Db } from '../database/db.js';

/** The secrets of the journal, from the configuration: never stored, never shown. */
export interface JournalSecrets {
  /** Entries are written with it. Absent: a plain hash chain, which whoever can write the file can rewrite. */
  readonly key?: string;
  /** What earlier entries were written with. */
  readonly formerKeys?: readonly string[];
}

/** One secret and the name under which entries refer to it. */
export interface JournalKey {
  readonly id: string;
  readonly secret: string;
}

/** The secrets ready for use. */
export interface KeyRing {
  readonly current: JournalKey | undefined;
  readonly byId: ReadonlyMap<string, JournalKey>;
}

/** The name of a secret: tells that two are the same, and nothing else about them. */
export function keyIdOf(secret: string): string {
  return createHmac('sha256', secret).update('golden-thread journal key').digest('hex').slice(0, 16);
}

/** Makes a ring of the secrets. */
export function keyRing({ key, formerKeys = [] }: JournalSecrets = {}): KeyRing {
  const named = (secret: string): JournalKey => ({ id: keyIdOf(secret), secret });
  const current = key === undefined ? undefined : named(key);
  return { current, byId: new Map([...formerKeys.map(named), ...(current ? [current] : [])].map((each) => [each.id, each])) };
}

/** What the journal keeps of one transaction. */
interface InTransaction {
  readonly ring: KeyRing;
  appended: boolean;
}

const known = new WeakMap<object, InTransaction>();
const none = keyRing();

/** Hands the ring to everything that is done with this transaction, so that no caller carries a secret about. */
export function useKeys(t: Db, ring: KeyRing): void {
  known.set(t, { ring, appended: false });
}

/** The ring that the store was opened with. */
export function keysOf(t: Db): KeyRing {
  return known.get(t)?.ring ?? none;
}

/** Notes that this transaction appended to the journal. */
export function noteAppended(t: Db): void {
  const state = known.get(t);
  if (state !== undefined) state.appended = true;
}

/** Whether it did. */
export function hasAppended(t: Db): boolean {
  return known.get(t)?.appended === true;
}
