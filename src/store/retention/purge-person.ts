import { randomBytes } from 'node:crypto';
import { CompiledQuery, type QueryResult } from 'kysely';
import { Failure, type Instant } from '../../kit/index.js';
import { storable } from '../database/canonical.js';
import type { Db, Tx } from '../database/db.js';
import { lookUpHash } from '../database/key-hash.js';
import type { Store } from '../database/store.js';
import { appendJournal } from '../journal/append.js';
import { bodyHashOf } from '../journal/entry.js';
import { placeholderOf } from '../../domain/removed-person.js';
import { type BodiesPurged, personPurged } from '../journal/purged-bodies.js';
import { knownAs } from './known-as.js';
import { type PersonMatcher, personMatcher } from './person-matcher.js';
import { holdsPerson, redactText } from './redact-text.js';
import { suppress } from './suppression.js';
import { type TextColumns, textColumns } from './text-columns.js';

export interface PersonPurge {
  /** Names, account ids and addresses as far as they are known; what records know beside them is found. */
  readonly terms: readonly string[];
  readonly by: string;
  readonly because: string;
  readonly at: Instant;
}

/** Where traces of a person are. */
export interface PersonTraces {
  /** Everything that was looked for. */
  readonly terms: readonly string[];
  /** How many rows of each table hold a trace. */
  readonly rows: Readonly<Record<string, number>>;
}

export interface PersonPurged extends PersonTraces {
  /** What stands in place of the name from now on. */
  readonly placeholder: string;
}

/** Looks for a person, and changes nothing. */
export async function findPerson(db: Db, terms: readonly string[]): Promise<PersonTraces> {
  const all = await knownAs(db, usable(terms));
  const matcher = personMatcher(all);
  const rows: Record<string, number> = {};
  for (const columns of [...(await textColumns(db)), ...special]) {
    const { table } = columns;
    let count = 0;
    for await (const row of textsOf(db, columns)) if (row.some((text) => text !== null && holdsPerson(text, matcher))) count += 1;
    if (count > 0) rows[table] = count;
  }
  return { terms: all, rows };
}

/**
 * Takes every trace of a person out of the database, in one transaction: names, ids and addresses become one placeholder, free texts around them go. What was
 * decided stays decided, by the placeholder. The journal tells of it without the name, accounts for every text that it took, and stays whole. The file is
 * written anew, so that its free pages hold nothing either; until it is, the traces are unreachable but on the disk.
 */
export async function purgePerson(store: Store, purge: PersonPurge): Promise<PersonPurged> {
  const terms = await knownAs(store.read, usable(purge.terms));
  const { rows } = await findPerson(store.read, terms);
  const matcher = personMatcher(terms);
  const code = (await codeOf(store.read, matcher)) ?? randomBytes(4).toString('hex');
  const placeholder = placeholderOf(code);
  const redact = (text: string): string => redactText(text, matcher, placeholder);
  await store.maintenance.redacting(redact, async (t) => {
    const entry =
      (
        await t
          .selectFrom('journal')
          .select((e) => e.fn.max('seq').as('last'))
          .executeTakeFirstOrThrow()
      ).last + 1;
    for (const columns of await textColumns(t)) await redactTable(t, columns, entry);
    await redactNodes(t, redact);
    const bodies = await redactBodies(t, redact);
    await redactPeople(t, matcher, { code, at: purge.at });
    await suppress(t, { code, terms });
    await appendJournal(t, [
      {
        at: purge.at,
        actor: matcher.finds(purge.by) ? placeholder : purge.by,
        kind: personPurged,
        subject: 'installation',
        because: redact(purge.because),
        body: { placeholder, rows, bodies: { removed: [], redacted: bodies.redacted.map((each) => [...each]) } },
      },
    ]);
  });
  await store.maintenance.compact();
  return { terms, rows, placeholder };
}

function usable(terms: readonly string[]): readonly string[] {
  const short = terms.find((term) => term.trim().length < 3);
  if (short === undefined) return terms;
  throw new Failure('config', `"${short}" is too short to be looked for: it would be found in other words`, {
    hint: 'give the whole name, the account id or the address',
  });
}

const special: readonly TextColumns[] = [
  { table: 'journal_body', columns: ['body'], id: 'seq' },
  { table: 'person', columns: ['name'] },
  { table: 'node', columns: ['key'], id: 'id' },
];

async function* textsOf(db: Db, { table, columns, id }: TextColumns): AsyncGenerator<readonly (string | null)[]> {
  if (columns.length === 0) return;
  const list = columns.map((column) => `"${column}"`).join(', ');
  // By key where there is one: to skip rows costs as much as to read them.
  const from = id === undefined ? `from "${table}"` : `, "${id}" as "the key" from "${table}" where "${id}" > ? order by "${id}"`;
  for (let after: number | undefined = 0; after !== undefined;) {
    const text: string = id === undefined ? `select ${list} ${from} limit 1000 offset ${after}` : `select ${list} ${from} limit 1000`;
    const { rows }: QueryResult<Record<string, string | number | null>> = await db.executeQuery(
      CompiledQuery.raw(text, id === undefined ? [] : [after]),
    );
    for (const row of rows) yield columns.map((column) => (typeof row[column] === 'string' ? row[column] : null));
    after = rows.length < 1000 ? undefined : id === undefined ? after + 1000 : Number(rows.at(-1)?.['the key']);
  }
}

async function redactTable(t: Tx, { table, columns, id }: TextColumns, entry: number): Promise<void> {
  if (columns.length === 0) return;
  const differs = columns.map((column) => `"${column}" is not redacted("${column}")`).join(' or ');
  if (id !== undefined)
    await t.executeQuery(
      CompiledQuery.raw(
        `insert into redaction (what, row, entry) select ?, "${id}", ? from "${table}" where ${differs} on conflict do nothing`,
        [table, entry],
      ),
    );
  for (const column of columns)
    await t.executeQuery(
      CompiledQuery.raw(`update "${table}" set "${column}" = redacted("${column}") where "${column}" is not redacted("${column}")`),
    );
}

/** A node is looked up by the hash of its key. */
async function redactNodes(t: Tx, redact: (text: string) => string): Promise<void> {
  const { rows } = await t.executeQuery<{ id: number; key: string }>(
    CompiledQuery.raw('select id, key from node where key is not redacted(key)'),
  );
  for (const { id, key } of rows) {
    const clean = storable(redact(key));
    await t
      .updateTable('node')
      .set({ key: clean, hash: lookUpHash(clean) })
      .where('id', '=', id)
      .execute();
  }
}

/** Bodies get a new salt: with the old one, a guess at the name could be proven by the hash in the chain. */
async function redactBodies(t: Tx, redact: (text: string) => string): Promise<Pick<BodiesPurged, 'redacted'>> {
  const text = 'select seq, body from journal_body where body is not redacted(body) order by seq';
  const { rows } = await t.executeQuery<{ seq: number; body: string }>(CompiledQuery.raw(text));
  const redacted: [number, string][] = [];
  for (const { seq, body } of rows) {
    const salt = randomBytes(16).toString('hex');
    const clean = redact(body);
    await t.updateTable('journal_body').set({ salt, body: clean }).where('seq', '=', seq).execute();
    redacted.push([seq, bodyHashOf(salt, clean)]);
  }
  return { redacted };
}

async function codeOf(db: Db, matcher: PersonMatcher): Promise<string | undefined> {
  const people = await db.selectFrom('person').select(['id', 'name']).execute();
  const known = people.find(({ name }) => name !== null && matcher.finds(name));
  return known?.id.replace('person:', '').slice(0, 8);
}

async function redactPeople(t: Tx, matcher: PersonMatcher, { code, at }: { readonly code: string; readonly at: Instant }): Promise<void> {
  for (const { id, name } of await t.selectFrom('person').select(['id', 'name']).execute())
    if (name !== null && matcher.finds(name))
      await t.updateTable('person').set({ name: null, removed_as: code, removed_at: at }).where('id', '=', id).execute();
}
