import { randomBytes } from 'node:crypto';
import type { Json, JsonObject } from '../../kit/index.js';
import type { Db, Tx } from '../database/db.js';
import { placeholderOf } from '../../domain/removed-person.js';
import { comparable, suppressedHash } from '../journal/suppressed-hash.js';
import { personMatcher } from './person-matcher.js';
import { redactJson } from './redact-text.js';

/** Keeps that a person was removed, as salted hashes of the names: so that what is read again is redacted before it is stored. */
export async function suppress(t: Tx, { code, terms }: { readonly code: string; readonly terms: readonly string[] }): Promise<void> {
  const salt = randomBytes(32).toString('hex');
  const rows = [...new Set(terms.map(comparable).flatMap((term) => [term, turned(term)]))].map((term) => ({
    code,
    salt,
    hash: suppressedHash(salt, term),
    words: term.split(' ').length,
  }));
  if (rows.length > 0) await t.insertInto('suppressed').values(rows).execute();
}

/** Takes removed persons out of what is read. The data itself when there is nothing to take out. */
export type Suppression = (data: JsonObject) => JsonObject;

/** Undefined while nobody was removed: then it costs nothing. */
export async function suppressionOf(db: Db): Promise<Suppression | undefined> {
  const rows = await db.selectFrom('suppressed').selectAll().execute();
  if (rows.length === 0) return undefined;
  const bySalt = Map.groupBy(rows, ({ salt }) => salt);
  const longest = Math.max(...rows.map(({ words }) => words));
  const seen = new Map<string, string | undefined>();
  const codeOf = (candidate: string): string | undefined => {
    if (seen.has(candidate)) return seen.get(candidate);
    let code: string | undefined;
    for (const [salt, group] of bySalt) {
      const hash = suppressedHash(salt, candidate);
      code ??= group.find((row) => row.hash === hash)?.code;
    }
    if (seen.size > 50_000) seen.clear();
    seen.set(candidate, code);
    return code;
  };
  return (data) => {
    const found = new Map<string, string>();
    for (const candidate of candidatesIn(data, longest)) {
      const code = codeOf(candidate);
      if (code !== undefined) found.set(candidate, code);
    }
    let clean: Json = data;
    for (const code of new Set(found.values())) {
      const terms = [...found].filter(([, each]) => each === code).flatMap(([term]) => [term, turned(term)]);
      clean = redactJson(clean, personMatcher(terms), placeholderOf(code));
    }
    return clean as JsonObject;
  };
}

/** Every run of up to so many words in every text, as a name is compared; words with marks in them also in pieces. */
function candidatesIn(value: Json, longest: number, found = new Set<string>()): ReadonlySet<string> {
  if (typeof value === 'string') {
    const words = comparable(value).split(' ').map(bare);
    for (let from = 0; from < words.length; from += 1)
      for (let to = from + 1; to <= Math.min(words.length, from + longest); to += 1) {
        const run = words.slice(from, to).join(' ');
        if (run.length >= 3) found.add(run);
      }
    for (const word of words) for (const piece of word.split(/[:/=?&"'<>()[\]{},;|~]+/)) if (piece.length >= 3) found.add(bare(piece));
    return found;
  }
  if (typeof value !== 'object' || value === null) return found;
  for (const each of Array.isArray(value) ? value : Object.values(value)) candidatesIn(each as Json, longest, found);
  return found;
}

function bare(word: string): string {
  return word.replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
}

/** "Last First" of a name of several words, and back. */
function turned(term: string): string {
  const words = term.split(' ');
  return words.length < 2 ? term : [words.at(-1) ?? '', ...words.slice(0, -1)].join(' ');
}
