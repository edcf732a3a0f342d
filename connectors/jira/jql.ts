import { oneLine } from './text.js';

/** A JQL string literal: the value on one line, its backslashes and quotes escaped. */
export function jqlString(value: string): string {
  return `"${oneLine(value).replace(/[\\"]/g, '\\$&')}"`;
}

/**
 * What is wrong with a configured query, or nothing. It is put in brackets and extended, so it must be closed in itself and must not
 * bring an order of its own. Whether its fields and values exist only Jira knows (`/jql/parse`).
 */
export function jqlProblem(jql: string): string | undefined {
  const bare = withoutStrings(jql);
  if (bare === undefined) return 'a quoted string is not closed';
  if (bare.trim() === '') return 'it is empty; Jira refuses a search without a restriction';
  if (/\border\s+by\b/i.test(bare)) return 'it holds ORDER BY; golden-thread orders by the update stamp itself';
  let open = 0;
  for (const character of bare) {
    if (character === '(') open += 1;
    if (character === ')') open -= 1;
    if (open < 0) break;
  }
  return open === 0 ? undefined : 'its brackets do not match';
}

/**
 * The query of one page: everything of the stream that was updated at or after an instant, oldest change first.
 * The bare number is milliseconds since 1970: a quoted date has minutes only and is read in the time zone of the account's profile.
 * `key` second makes the order total.
 */
export function pageJql(jql: string, fromMs: number): string {
  return `(${jql}) AND updated >= ${Math.max(0, Math.floor(fromMs))} ORDER BY updated ASC, key ASC`;
}

/** The query with its quoted strings taken out; undefined when one of them does not end. */
function withoutStrings(jql: string): string | undefined {
  const bare = jql.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/gs, '""');
  return /["']/.test(bare.replaceAll('""', '')) ? undefined : bare;
}
