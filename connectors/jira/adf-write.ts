import type { JsonObject } from 'golden-thread/kit';
import { clean } from './text.js';

/** Jira's limit for a rich text field. Whether it counts the text or its JSON is not documented, so the JSON is kept below it. */
export const richTextLimit = 32_767;

const cutNote = '… (cut here: the text is longer than Jira takes; the whole of it is in the register)';
const link = /https?:\/\/[^\s<>"'`|\\^{}[\]()]+[^\s<>"'`|\\^{}[\]().,;:!?]/gi;

/**
 * Plain text as an Atlassian document (API v3 takes no strings). Blank lines part paragraphs, lines that begin with `- ` are a list,
 * lines that begin with `# ` to `###### ` are headings, other line ends are hard breaks.
 *
 * The result holds paragraph, text, bulletList, listItem, heading and hardBreak nodes and nothing else, whatever the text says: ticket text
 * can never become a mention, a macro or an image. Addresses become links only where their origin is in `origins`.
 * Its JSON is at most `limit` characters: longer texts are cut, with a note at their end.
 */
export function toAdf(text: string, origins: ReadonlySet<string> = new Set(), limit: number = richTextLimit): JsonObject {
  const whole = clean(text).slice(0, limit + 1);
  const document = documentOf(whole, origins);
  if (fits(document, limit)) return document;
  let [low, high] = [0, whole.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(cutAt(whole, middle, origins), limit)) low = middle;
    else high = middle - 1;
  }
  return cutAt(whole, low, origins);
}

function fits(document: JsonObject, limit: number): boolean {
  return JSON.stringify(document).length <= limit;
}

function cutAt(text: string, length: number, origins: ReadonlySet<string>): JsonObject {
  return documentOf(`${text.slice(0, length).toWellFormed()}\n\n${cutNote}`, origins);
}

function documentOf(text: string, origins: ReadonlySet<string>): JsonObject {
  const content = text.split(/\n[^\S\n]*\n/).flatMap((block) => blocksOf(block, origins));
  return { type: 'doc', version: 1, content: content.length === 0 ? [{ type: 'paragraph', content: [] }] : content };
}

function blocksOf(block: string, origins: ReadonlySet<string>): JsonObject[] {
  const blocks: JsonObject[] = [];
  let [lines, items]: [string[], string[]] = [[], []];
  const flush = (): void => {
    if (lines.length > 0) blocks.push({ type: 'paragraph', content: broken(lines, origins) });
    if (items.length > 0) blocks.push({ type: 'bulletList', content: items.map((item) => listItem(item, origins)) });
    [lines, items] = [[], []];
  };
  for (const line of block.split('\n').map((raw) => raw.trim())) {
    const heading = /^(#{1,6}) +(.+)$/.exec(line);
    const item = /^- +(.+)$/.exec(line);
    if (line === '') continue;
    if (heading?.[1] !== undefined && heading[2] !== undefined) {
      flush();
      blocks.push({ type: 'heading', attrs: { level: heading[1].length }, content: inline(heading[2], origins) });
    } else if (item?.[1] !== undefined) {
      if (lines.length > 0) flush();
      items.push(item[1]);
    } else {
      if (items.length > 0) flush();
      lines.push(line);
    }
  }
  flush();
  return blocks;
}

function listItem(text: string, origins: ReadonlySet<string>): JsonObject {
  return { type: 'listItem', content: [{ type: 'paragraph', content: inline(text, origins) }] };
}

function broken(lines: readonly string[], origins: ReadonlySet<string>): JsonObject[] {
  return lines.flatMap((line, index) => [...(index > 0 ? [{ type: 'hardBreak' }] : []), ...inline(line, origins)]);
}

/** Text nodes; an empty one is invalid in Jira and never made. */
function inline(text: string, origins: ReadonlySet<string>): JsonObject[] {
  const nodes: JsonObject[] = [];
  let from = 0;
  for (const match of text.matchAll(link)) {
    if (!allowed(match[0], origins)) continue;
    if (match.index > from) nodes.push({ type: 'text', text: text.slice(from, match.index) });
    nodes.push({ type: 'text', text: match[0], marks: [{ type: 'link', attrs: { href: match[0] } }] });
    from = match.index + match[0].length;
  }
  if (from < text.length) nodes.push({ type: 'text', text: text.slice(from) });
  return nodes;
}

function allowed(address: string, origins: ReadonlySet<string>): boolean {
  const url = URL.parse(address);
  return url !== null && url.username === '' && url.password === '' && origins.has(url.origin);
}
