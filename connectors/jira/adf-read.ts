import type { Json, JsonObject } from 'golden-thread/kit';
import { clean } from './text.js';

/** Nesting beyond this is nobody's text; it is left out rather than followed. */
const maxDepth = 60;

/** Nodes that are macros, media or placeholders: nothing of them is text that the author wrote. */
const dropped = new Set([
  'extension',
  'bodiedExtension',
  'inlineExtension',
  'multiBodiedExtension',
  'media',
  'mediaSingle',
  'mediaGroup',
  'mediaInline',
  'placeholder',
]);

const lists: ReadonlySet<Json | undefined> = new Set(['bulletList', 'orderedList', 'taskList', 'decisionList']);

/** Whether a value is an Atlassian document. */
export function isAdf(value: Json | undefined): value is JsonObject {
  return isNode(value) && value['type'] === 'doc';
}

/**
 * An Atlassian document as plain text in the form that `toAdf` reads: paragraphs parted by a blank line, lists as `- ` lines,
 * headings with `#`. Of macros and media nothing is kept. Unknown nodes are read through to the text inside them, so that
 * a node type that Atlassian adds later loses nothing.
 */
export function fromAdf(document: JsonObject): string {
  return canonical(blocks(document, 0).join('\n\n'));
}

/** Text in the one form that both directions share, so that what was written and what is read back can be compared. */
export function canonical(text: string): string {
  return blocksText(clean(text));
}

function blocksText(text: string): string {
  const paragraphs: string[] = [];
  for (const block of text.split(/\n[^\S\n]*\n/)) {
    let previous: 'line' | 'item' | 'heading' | undefined;
    for (const raw of block.split('\n')) {
      const line = raw.trim();
      if (line === '') continue;
      const heading = /^(#{1,6}) +(.+)$/.exec(line);
      const item = /^- +(.+)$/.exec(line);
      const kind = heading ? 'heading' : item ? 'item' : 'line';
      const shown = heading ? `${heading[1] ?? ''} ${(heading[2] ?? '').trim()}` : item ? `- ${(item[1] ?? '').trim()}` : line;
      if (previous === undefined || kind !== previous || kind === 'heading') paragraphs.push(shown);
      else paragraphs[paragraphs.length - 1] += `\n${shown}`;
      previous = kind;
    }
  }
  return paragraphs.join('\n\n');
}

function blocks(node: JsonObject, depth: number): string[] {
  if (depth > maxDepth) return [];
  const result: string[] = [];
  let line = '';
  const flush = (): void => {
    if (line.trim() !== '') result.push(line);
    line = '';
  };
  for (const child of childrenOf(node)) {
    const type = child['type'];
    if (typeof type !== 'string' || dropped.has(type)) continue;
    const inline = inlineText(child, type);
    if (inline !== undefined) {
      line += inline;
      continue;
    }
    flush();
    result.push(...blockOf(child, type, depth + 1));
  }
  flush();
  return result;
}

function blockOf(node: JsonObject, type: string, depth: number): string[] {
  const inner = type.endsWith('Item') || depth > maxDepth ? [] : blocks(node, depth);
  switch (type) {
    case 'heading':
      return inner.length === 0 ? [] : [`${'#'.repeat(levelOf(node))} ${inner.join(' ').replaceAll('\n', ' ')}`];
    case 'listItem':
    case 'taskItem':
    case 'decisionItem':
      return itemOf(node, depth);
    case 'bulletList':
    case 'orderedList':
    case 'taskList':
    case 'decisionList':
      return inner.length === 0 ? [] : [inner.join('\n')];
    case 'tableRow':
      return inner.length === 0 ? [] : [inner.map((text) => text.replaceAll('\n', ' ')).join(' | ')];
    case 'table':
      return inner.length === 0 ? [] : [inner.join('\n')];
    case 'tableCell':
    case 'tableHeader':
      return inner.length === 0 ? [] : [inner.join(' ')];
    default:
      return inner;
  }
}

/** Lists inside a list are flattened: `- ` lines know no levels. */
function itemOf(node: JsonObject, depth: number): string[] {
  const lines: string[] = [];
  let own: JsonObject[] = [];
  const flush = (): void => {
    const text = blocks({ content: own }, depth)
      .join(' ')
      .replace(/\s*\n\s*/g, ' ')
      .trim();
    if (text !== '') lines.push(`- ${text}`);
    own = [];
  };
  for (const child of childrenOf(node)) {
    if (!lists.has(child['type'])) {
      own.push(child);
      continue;
    }
    flush();
    lines.push(...blocks({ content: [child] }, depth));
  }
  flush();
  return lines.length === 0 ? [] : [lines.join('\n')];
}

/** The text of an inline node; undefined for a block. Mentions and dates are text to a reader, so they stay, as text. */
function inlineText(node: JsonObject, type: string): string | undefined {
  const attrs = isNode(node['attrs']) ? node['attrs'] : {};
  const shown = (name: string): string => (typeof attrs[name] === 'string' ? attrs[name] : '');
  switch (type) {
    case 'text':
      return typeof node['text'] === 'string' ? node['text'] : '';
    case 'hardBreak':
      return '\n';
    case 'mention':
    case 'status':
      return shown('text');
    case 'emoji':
      return shown('text') || shown('shortName');
    case 'inlineCard':
    case 'blockCard':
    case 'embedCard':
      return shown('url');
    case 'date': {
      const at = new Date(Number(attrs['timestamp']));
      return Number.isNaN(at.getTime()) ? '' : at.toISOString().slice(0, 10);
    }
    default:
      return undefined;
  }
}

function levelOf(node: JsonObject): number {
  const level = isNode(node['attrs']) ? Number(node['attrs']['level']) : 1;
  return level >= 1 && level <= 6 ? Math.floor(level) : 1;
}

function childrenOf(node: JsonObject): readonly JsonObject[] {
  const content = node['content'];
  return Array.isArray(content) ? (content as readonly Json[]).filter(isNode) : [];
}

function isNode(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
