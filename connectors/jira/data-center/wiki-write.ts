import { clean } from '../text.js';
import { escapeWiki } from './wiki-escape.js';

/** Data Center's limit for a text field (`jira.text.field.character.limit`), in UTF-16 units of the wiki text. Administrators may change it. */
export const wikiLimit = 32_767;

const cutNote = '… (cut here: the text is longer than Jira takes; the whole of it is in the register)';
const link = /https?:\/\/[^\s<>"'`|\\^{}[\]()]+[^\s<>"'`|\\^{}[\]().,;:!?]/gi;

/** How {@link toWiki} writes. */
export interface WikiAsk {
  /** Addresses become links only where their origin is one of these. */
  readonly origins: ReadonlySet<string>;
  /** Most characters of the result. */
  readonly limit?: number;
  /** A last paragraph, kept whole whatever is cut before it. */
  readonly last?: string;
}

/**
 * Plain text as wiki text. Blank lines part paragraphs, lines that begin with `- ` are a list, lines that begin with `# ` to `###### ` are
 * headings, other line ends are line breaks: the same form that Cloud's documents are made of. Everything else shows as the characters that it
 * is made of: text can never become a mention, a macro, an image or a link to an origin that is not allowed.
 * The result, escapes included, is at most `limit` UTF-16 units: longer texts are cut, never inside a character, with a note at their end.
 */
export function toWiki(text: string, ask: WikiAsk): string {
  const { origins, limit = wikiLimit } = ask;
  const last = ask.last === undefined ? '' : paragraphs(ask.last, new Set());
  const whole = clean(text).slice(0, limit + 1);
  const wiki = joined(paragraphs(whole, origins), last);
  if (wiki.length <= limit) return wiki;
  const cutAt = (length: number): string => joined(paragraphs(`${trimmed(whole, length)}\n\n${cutNote}`, origins), last);
  let [low, high] = [0, whole.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (cutAt(middle).length <= limit) low = middle;
    else high = middle - 1;
  }
  return cutAt(low);
}

/** The first `length` units, without half a character at the end. */
function trimmed(text: string, length: number): string {
  const head = text.slice(0, length);
  return /[\uD800-\uDBFF]$/.test(head) ? head.slice(0, -1) : head;
}

function joined(body: string, last: string): string {
  return body === '' || last === '' ? body + last : `${body}\n\n${last}`;
}

function paragraphs(text: string, origins: ReadonlySet<string>): string {
  return text
    .split(/\n[^\S\n]*\n/)
    .flatMap((block) => blocksOf(block, origins))
    .join('\n\n');
}

function blocksOf(block: string, origins: ReadonlySet<string>): string[] {
  const blocks: string[] = [];
  let [lines, items]: [string[], string[]] = [[], []];
  const flush = (): void => {
    if (lines.length > 0) blocks.push(lines.join('\n'));
    if (items.length > 0) blocks.push(items.join('\n'));
    [lines, items] = [[], []];
  };
  for (const line of block.split('\n').map((raw) => raw.trim())) {
    const heading = /^(#{1,6}) +(.+)$/.exec(line);
    const item = /^- +(.+)$/.exec(line);
    if (line === '') continue;
    if (heading?.[1] !== undefined && heading[2] !== undefined) {
      flush();
      blocks.push(`h${heading[1].length}. ${inline(heading[2], origins)}`);
    } else if (item?.[1] !== undefined) {
      if (lines.length > 0) flush();
      items.push(`* ${inline(item[1], origins)}`);
    } else {
      if (items.length > 0) flush();
      lines.push(inline(line, origins));
    }
  }
  flush();
  return blocks;
}

/** One line, escaped, with links to allowed origins as `[address]`. */
function inline(line: string, origins: ReadonlySet<string>): string {
  // Pieces are escaped apart; an address between them keeps the first piece's rules for the beginning of a line.
  let wiki = '';
  let from = 0;
  for (const match of line.matchAll(link)) {
    if (!allowed(match[0], origins)) continue;
    wiki += `${escapeWiki(line.slice(from, match.index), true)}[${match[0]}]`;
    from = match.index + match[0].length;
  }
  return wiki + escapeWiki(line.slice(from));
}

/** An address with a sign in it that could begin a picture, a mention or a citation is shown and not linked. */
function allowed(address: string, origins: ReadonlySet<string>): boolean {
  if (/[!~*]|\?\?/.test(address)) return false;
  const url = URL.parse(address);
  return url !== null && url.username === '' && url.password === '' && origins.has(url.origin);
}
