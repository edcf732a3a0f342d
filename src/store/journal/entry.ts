import { createHmac } from 'node:crypto';
import type { Instant, JsonObject } from '../../kit/index.js';
import { sha256 } from '../database/canonical.js';
import type { JournalKey } from './keys.js';
import { leafHash } from './merkle.js';

/** Something that was decided or done, for the auditor. */
export interface NewJournalEntry {
  readonly at: Instant;
  /** A person (the directory's id, or the name as given), or the task of ours: `golden-thread`, `pull`, `decide`, `push`. */
  readonly actor: string;
  /** `improvement-raised`, `decision-taken`, `remote-create`, … */
  readonly kind: string;
  /** What it is about: an improvement id, `system/stream`, a ticket number. Never a person: it stands in the chain for ever. */
  readonly subject: string;
  /** The reason, as a sentence. Kept with the body, because people write it. */
  readonly because: string;
  readonly body: JsonObject;
}

/** An entry as it is kept. */
export interface JournalEntry extends Omit<NewJournalEntry, 'body' | 'because'> {
  /** 1, 2, 3, … without a gap. */
  readonly seq: number;
  /** What the chain holds in place of the actor: a random name for a person, the task itself for a task. */
  readonly pseudonym: string;
  /** Absent, with the body, when it was purged: the hash of it stays. */
  readonly because?: string;
  readonly body?: JsonObject;
  /** The salt and the very text whose hash the chain holds; absent when it was purged. */
  readonly sealed?: { readonly salt: string; readonly text: string };
  readonly bodyHash: string;
  readonly previous: string;
  /** The name of the key that `hash` was made with; absent: a plain SHA-256. */
  readonly key?: string;
  readonly hash: string;
}

/** Where the chain stands. */
export interface JournalHead {
  readonly seq: number;
  readonly hash: string;
}

/** What stands before the first entry. */
export const origin = '0'.repeat(64);

/** What an entry's hash covers. */
export interface Hashed {
  readonly seq: number;
  readonly at: Instant;
  /** The pseudonym. */
  readonly actor: string;
  readonly kind: string;
  readonly subject: string;
  readonly bodyHash: string;
  readonly previous: string;
  readonly key: string | null;
}

/** The members in the order in which they are hashed. Written by hand of values that JSON.stringify gives back as they are. */
function membersOf({ seq, at, actor, kind, subject, bodyHash, previous, key }: Hashed): readonly (string | number | null)[] {
  return [seq, at, actor, kind, subject, bodyHash, previous, key];
}

/** What the hash of an entry covers: its members as a JSON array without blanks. */
export function entryText(entry: Hashed): string {
  return JSON.stringify(membersOf(entry));
}

/** The hash of an entry: SHA-256 of its text, keyed (HMAC, RFC 2104) where there is a key. `text`: where it is at hand. */
export function entryHash(entry: Hashed, key: JournalKey | undefined, text = entryText(entry)): string {
  return key === undefined ? sha256(text) : createHmac('sha256', key.secret).update(text).digest('hex');
}

/** The entry's leaf in the tree: its members and its hash, so that it can be proven without the key. */
export function entryLeaf(entry: Hashed, hash: string, text = entryText(entry)): string {
  return leafHash(leafText(entry, hash, text));
}

/** The text of the leaf: a JSON array without blanks. */
export function leafText(entry: Hashed, hash: string, text = entryText(entry)): string {
  return `${text.slice(0, -1)},"${hash}"]`;
}

/** What the chain holds of a body: its salted hash. */
export function bodyHashOf(salt: string, text: string): string {
  return sha256(salt + text);
}
