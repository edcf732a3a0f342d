import type { Json, JsonObject } from '../../kit/index.js';
import { hashJson, type Hash } from '../canonical.js';

/**
 * Who decides what a field of a ticket says.
 * - `us`      always as we want it; what somebody else writes there is a conflict, recorded and put right
 * - `them`    theirs from creation on: we set it once, later edits are read and never reverted
 * - `newest`  whoever wrote last
 */
export type FieldOwner = 'us' | 'them' | 'newest';

/** Roles of fields in the improvement ticket. A push mapping says which field of the system plays which role. */
export const ticketFieldOwners: Readonly<Record<string, FieldOwner>> = {
  identity: 'us',
  triggers: 'us',
  triggerCount: 'us',
  verdict: 'us',
  links: 'us',
  statusComment: 'us',
  summary: 'them',
  description: 'them',
  assignee: 'them',
  priority: 'them',
  dueDate: 'them',
  labels: 'them',
  plan: 'them',
};

/** In a change request only the correlation stays ours; we never move or approve a change. */
export const changeFieldOwners: Readonly<Record<string, FieldOwner>> = { correlation: 'us' };

/** The owner of a role; a role that nobody named is theirs, because reverting somebody's edit does more harm than a stale value of ours. */
export function ownerOfField(owners: Readonly<Record<string, FieldOwner>>, field: string): FieldOwner {
  return owners[field] ?? 'them';
}

/** Per field, the fingerprint of the value that the remote system held after our last write. */
export type Fingerprints = Readonly<Record<string, string>>;

/** Somebody else wrote into a field of ours, or both wrote into a shared one: recorded, whoever wins. */
export interface FieldConflict {
  readonly field: string;
  readonly theirs: Json;
  readonly ours: Json;
  readonly kept: 'theirs' | 'ours';
}

export interface FieldsToWrite {
  /** Only what must be sent; empty means: send nothing. */
  readonly write: JsonObject;
  readonly conflicts: readonly FieldConflict[];
}

/**
 * What to send so that the remote record says what it should. `previousWrite` are the fingerprints of our last write, undefined before creation:
 * then everything is written. A field that is not in `current` counts as `null`.
 */
export function fieldsToWrite(
  previousWrite: Fingerprints | undefined,
  current: JsonObject,
  desired: JsonObject,
  owners: Readonly<Record<string, FieldOwner>>,
  hash: Hash,
): FieldsToWrite {
  if (previousWrite === undefined) return { write: desired, conflicts: [] };
  const write: Record<string, Json> = {};
  const conflicts: FieldConflict[] = [];
  for (const [field, ours] of Object.entries(desired)) {
    const owner = ownerOfField(owners, field);
    const theirs = current[field] ?? null;
    const found = hashJson(theirs, hash);
    if (owner === 'them' || found === hashJson(ours, hash)) continue;
    const edited = previousWrite[field] !== undefined && previousWrite[field] !== found;
    const kept = edited && owner === 'newest' ? 'theirs' : 'ours';
    if (edited) conflicts.push({ field, theirs, ours, kept });
    if (kept === 'ours') write[field] = ours;
  }
  return { write, conflicts };
}

/** Fingerprints of a record as read back after a write, to recognise it when it comes back. */
export function fingerprintsOf(fields: JsonObject, hash: Hash): Fingerprints {
  return Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, hashJson(value, hash)]));
}

/** Whether what came back is only what we wrote: every field that we fingerprinted is still as we left it. */
export function isEcho(previousWrite: Fingerprints, current: JsonObject, hash: Hash): boolean {
  return Object.entries(previousWrite).every(([field, fingerprint]) => hashJson(current[field] ?? null, hash) === fingerprint);
}
