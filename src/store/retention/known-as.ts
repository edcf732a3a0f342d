import { CompiledQuery } from 'kysely';
import type { Json, JsonObject } from '../../kit/index.js';
import type { Db } from '../database/db.js';
import { type PersonMatcher, personMatcher } from './person-matcher.js';

const shown = ['displayName', 'display_value', 'name', 'emailAddress', 'email', 'user_name', 'accountId'] as const;
const ids = ['accountId', 'emailAddress', 'email', 'user_name', 'value', 'displayName', 'display_value'] as const;

/**
 * All names under which records know this person: where an object of a record shows one of them (`displayName`, `display_value`), its account id and address are
 * the person's too. Looked for until nothing new is found.
 */
export async function knownAs(db: Db, given: readonly string[]): Promise<readonly string[]> {
  const terms = new Set(given.map((term) => term.trim()).filter((term) => term !== ''));
  for (let before = -1; before !== terms.size;) {
    before = terms.size;
    const matcher = personMatcher([...terms]);
    for (const [table, column] of [
      ['record_version', 'data'],
      ['quarantine', 'raw'],
    ] as const)
      for (let after = 0; ;) {
        const text = `select id, ${column} as text from ${table} where id > ? order by id limit 500`;
        const { rows } = await db.executeQuery<{ id: number; text: string }>(CompiledQuery.raw(text, [after]));
        for (const row of rows) if (matcher.finds(row.text)) collect(JSON.parse(row.text) as Json, matcher, terms);
        const last = rows.at(-1);
        if (last === undefined) break;
        after = last.id;
      }
  }
  return [...terms];
}

function collect(value: Json, matcher: PersonMatcher, terms: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const each of value) collect(each as Json, matcher, terms);
    return;
  }
  const object = value as JsonObject;
  const isUser = Object.hasOwn(object, 'accountId') || Object.hasOwn(object, 'display_value') || Object.hasOwn(object, 'user_name');
  if (isUser && shown.some((name) => typeof object[name] === 'string' && matcher.is(object[name])))
    for (const name of ids) {
      const id = object[name];
      if (typeof id === 'string' && id.trim().length >= 3) terms.add(id.trim());
    }
  for (const each of Object.values(object)) collect(each ?? null, matcher, terms);
}
