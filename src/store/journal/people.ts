import { randomBytes } from 'node:crypto';
import { placeholderOf } from '../../domain/removed-person.js';
import { storable } from '../database/canonical.js';
import type { Db, Tx } from '../database/db.js';
import { suppressedHash } from './suppressed-hash.js';

/** The tasks of ours: they stand in the chain as they are. Every other actor is taken for a person. */
const tasks: ReadonlySet<string> = new Set(['golden-thread', 'pull', 'decide', 'push', 'census', 'remap', 'retention']);

/** How a person is shown: by name, or what stands in its place. */
export function shownAs({
  id,
  name,
  removed_as,
}: {
  readonly id: string;
  readonly name: string | null;
  readonly removed_as: string | null;
}): string {
  return name ?? placeholderOf(removed_as ?? id);
}

/** An actor as the journal writes them. */
export interface WrittenActor {
  /** For the chain: a random name for a person, the task itself for a task. */
  readonly pseudonym: string;
  /** For the body: the name, or the placeholder of a person who was removed. */
  readonly shown: string;
}

/** How these actors are written; a pseudonym is made where there is none. Who was removed stays removed, whatever they do later. */
export async function writtenAs(t: Tx, actors: Iterable<string>): Promise<ReadonlyMap<string, WrittenActor>> {
  const found = new Map<string, WrittenActor>();
  for (const actor of new Set(actors))
    found.set(actor, tasks.has(actor) ? { pseudonym: actor, shown: actor } : await personAs(t, storable(actor)));
  return found;
}

async function personAs(t: Tx, name: string): Promise<WrittenActor> {
  const known = await t.selectFrom('person').select('id').where('name', '=', name).executeTakeFirst();
  if (known !== undefined) return { pseudonym: known.id, shown: name };
  const code = /^\[removed person ([0-9a-f]{8})\]$/.exec(name)?.[1] ?? (await removedCodeOf(t, name));
  if (code !== undefined) {
    const removed = await t.selectFrom('person').select('id').where('removed_as', '=', code).limit(1).executeTakeFirst();
    if (removed !== undefined) return { pseudonym: removed.id, shown: placeholderOf(code) };
  }
  const id = `person:${randomBytes(12).toString('hex')}`;
  const row = code === undefined ? { name, removed_as: null } : { name: null, removed_as: code };
  await t
    .insertInto('person')
    .values({ id, ...row, removed_at: null })
    .execute();
  return { pseudonym: id, shown: code === undefined ? name : placeholderOf(code) };
}

async function removedCodeOf(t: Tx, name: string): Promise<string | undefined> {
  const rows = await t.selectFrom('suppressed').select(['code', 'salt', 'hash']).execute();
  return rows.find(({ salt, hash }) => suppressedHash(salt, name) === hash)?.code;
}

/** The people behind pseudonyms; one who was removed is their placeholder. */
export async function peopleOf(db: Db, pseudonyms: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(pseudonyms)].filter((each) => each.startsWith('person:'));
  if (wanted.length === 0) return new Map();
  const rows = await db.selectFrom('person').select(['id', 'name', 'removed_as']).where('id', 'in', wanted).execute();
  const names = new Map(rows.map((row) => [row.id, shownAs(row)]));
  return new Map(wanted.map((id) => [id, names.get(id) ?? placeholderOf(id)]));
}
