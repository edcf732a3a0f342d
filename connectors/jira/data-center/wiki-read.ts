import { canonical } from '../adf-read.js';
import { clean } from '../text.js';
import { inlineText } from './wiki-inline.js';

/** Macros whose content is shown as it is, markup and all. */
const verbatim = new Set(['code', 'noformat']);
/** `{panel:title=x}`, `{quote}`, `{color}`: markers around text that people wrote. */
const macroAt = /\{([a-z][\w-]{0,40})(?::[^{}\n]{0,1000})?\}/iy;

/**
 * Wiki text as plain text in the form that {@link toWiki} reads: paragraphs parted by a blank line, lists as `- ` lines, headings with `#`.
 * Of macros only the text inside them is kept, of images nothing, of links their text. Jira's notation is not a formal language: what is not
 * recognised stays as it was typed, so that nothing that people wrote is lost. Takes time in proportion to the text, whatever is in it.
 */
export function fromWiki(wiki: string): string {
  const blocks: string[] = [];
  let kind: Line['kind'] | undefined;
  for (const part of partsOf(clean(wiki))) {
    if (part.verbatim) {
      blocks.push(part.text.replace(/^\n|\n$/g, ''));
      kind = undefined;
      continue;
    }
    for (const raw of part.text.split('\n')) {
      const line = lineOf(raw);
      if (line === undefined) {
        kind = undefined;
        continue;
      }
      if (line.kind === kind && kind !== 'heading') blocks.push(`${blocks.pop() ?? ''}\n${line.text}`);
      else blocks.push(line.text);
      kind = line.kind;
    }
  }
  return canonical(blocks.join('\n\n'));
}

interface Part {
  readonly text: string;
  readonly verbatim: boolean;
}

/** The text cut at its macros: their markers are left out, what code and noformat enclose is kept as it is. */
function partsOf(wiki: string): readonly Part[] {
  const parts: Part[] = [];
  let text = '';
  let at = 0;
  while (at < wiki.length) {
    const character = wiki.charAt(at);
    if (character === '\\') {
      text += wiki.slice(at, at + 2);
      at += 2;
      continue;
    }
    const macro = character === '{' ? markerAt(wiki, at) : undefined;
    if (macro === undefined) {
      text += character;
      at += 1;
      continue;
    }
    at += macro.length;
    const end = verbatim.has(macro.name) ? wiki.indexOf(`{${macro.name}}`, at) : -1;
    if (end < 0) continue;
    parts.push({ text, verbatim: false }, { text: wiki.slice(at, end), verbatim: true });
    text = '';
    at = end + macro.name.length + 2;
  }
  return [...parts, { text, verbatim: false }];
}

/** `{{monospaced}}` is no macro. */
function markerAt(wiki: string, at: number): { readonly name: string; readonly length: number } | undefined {
  if (wiki.charAt(at + 1) === '{' || wiki.charAt(at - 1) === '{') return undefined;
  macroAt.lastIndex = at;
  const match = macroAt.exec(wiki);
  return match?.[1] === undefined ? undefined : { name: match[1].toLowerCase(), length: match[0].length };
}

interface Line {
  readonly kind: 'text' | 'item' | 'heading' | 'row';
  readonly text: string;
}

/** One line; undefined where it ends a block (a blank one, a rule). */
function lineOf(raw: string): Line | undefined {
  const line = raw.trim();
  if (line === '' || /^-{4,5}$/.test(line)) return undefined;
  const heading = /^h([1-6])\.\s+(.*)$/.exec(line);
  if (heading?.[1] !== undefined) return { kind: 'heading', text: `${'#'.repeat(Number(heading[1]))} ${inlineText(heading[2] ?? '')}` };
  const item = /^[*#-]{1,10}\s+(.*)$/.exec(line);
  if (item?.[1] !== undefined) return { kind: 'item', text: `- ${inlineText(item[1])}` };
  if (line.startsWith('|')) return { kind: 'row', text: cellsOf(line) };
  return { kind: 'text', text: inlineText(line.replace(/^bq\.\s+/, '')) };
}

/** `||a||b||` and `|c|d|` as `a | b`. */
function cellsOf(line: string): string {
  return line
    .split(/\|+/)
    .map((cell) => inlineText(cell.trim()))
    .filter((cell) => cell !== '')
    .join(' | ');
}
