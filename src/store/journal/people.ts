import { randomBytes } from 'node:crypto';
import { storable } from '../database/canonical.js';
import type { Db, Tx } from '../database/db.js';

/** The tasks of ours: they stand in the chain as they are. Every other actor is taken for a person. */
const tasks: ReadonlySet<string> = new Set(['golden-thread', 'pull', 'decide', 'push', 'census', 'remap', 'retention']);

/** What stands in place of a person whose name was removed: the same for ever, and for nobody else. */
export function placeholderOf(pseudonym: string): string {
  return `[removed person ${pseudonym.replace('person:', '').slice(0, 8)}]`;
}

/** The pseudonyms of these actors, made where they are missing; a task is its own. */
export async function pseudonymsOf(t: Tx, actors: Iterable<string>): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const actor of new Set(actors)) found.set(actor, tasks.has(actor) ? actor : await pseudonymOf(t, storable(actor)));
  return found;
}

async function pseudonymOf(t: Tx, name: string): Promise<string> {
  const known = await t.selectFrom('person').select('id').where('name', '=', name).executeTakeFirst();
  if (known !== undefined) return known.id;
  const removed = /^\[removed person ([0-9a-f]{8})\]$/.exec(name)?.[1];
  if (removed !== undefined) {
    const same = t.selectFrom('person').select('id').where('id', '>=', `person:${removed}`).where('id', '<', `person:${removed}g`);
    const row = await same.executeTakeFirst();
    if (row !== undefined) return row.id;
  }
  const id = `person:${randomBytes(12).toString('hex')}`;
  await t.insertInto('person').values({ id, name, removed_at: null }).execute();
  return id;
}

/** The people behind pseudonyms; one who was removed is their placeholder. */
export async function peopleOf(db: Db, pseudonyms: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(pseudonyms)].filter((each) => each.startsWith('person:'));
  if (wanted.length === 0) return new Map();
  const rows = await db.selectFrom('person').select(['id', 'name']).where('id', 'in', wanted).execute();
  const names = new Map(rows.map(({ id, name }) => [id, name ?? placeholderOf(id)]));
  return new Map(wanted.map((id) => [id, names.get(id) ?? placeholderOf(id)]));
}
