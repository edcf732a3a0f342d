import type { Instant, Json } from '../../kit/index.js';
import { canonicalJson } from '../database/canonical.js';
import type { Db, Tx } from '../database/db.js';

/** A setting of this installation, or undefined. */
export async function getSetting(db: Db, name: string): Promise<Json | undefined> {
  const row = await db.selectFrom('setting').select('value').where('name', '=', name).executeTakeFirst();
  return row === undefined ? undefined : (JSON.parse(row.value) as Json);
}

/** Sets it. Settings are state of the program (where a task stands), never the administrator's configuration. */
export async function putSetting(t: Tx, name: string, value: Json): Promise<void> {
  const text = canonicalJson(value);
  await t
    .insertInto('setting')
    .values({ name, value: text })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: text }))
    .execute();
}

/** All settings whose name begins with `prefix`, by name. */
export async function settingsUnder(db: Db, prefix: string): Promise<readonly { readonly name: string; readonly value: Json }[]> {
  const rows = await db
    .selectFrom('setting')
    .selectAll()
    .where('name', '>=', prefix)
    .where('name', '<', `${prefix}\uffff`)
    .orderBy('name')
    .execute();
  return rows.map(({ name, value }) => ({ name, value: JSON.parse(value) as Json }));
}

/** Who let the engine write into other systems, and from when on inputs raise improvements. */
export interface Release {
  readonly at: Instant;
  readonly by: string;
  /** Only inputs that occur at or after this raise improvements; older ones feed baselines. */
  readonly raiseFrom: Instant;
}

/** The release; undefined while the installation is held and writes nothing outside. A new database is held. */
export async function getRelease(db: Db): Promise<Release | undefined> {
  return (await getSetting(db, 'release')) as Release | undefined;
}

/** Releases a held installation. A second release changes nothing: what was released first stays the line between history and now. */
export async function release(t: Tx, given: Release): Promise<Release> {
  const known = await getRelease(t);
  if (known !== undefined) return known;
  await putSetting(t, 'release', { ...given });
  return given;
}
