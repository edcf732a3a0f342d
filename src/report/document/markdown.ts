import { cellText, visible, webAddress } from './cell-text.js';
import { aboutFacts } from './about-lines.js';
import type { Block, Cell, ReportDocument, Table } from './document.js';

/** The document as Markdown (GitHub's flavour, for its tables). Pictures are replaced by what they show. */
export function markdownOf(document: ReportDocument): string {
  const parts = [`# ${escape(document.title)}`, ...blockOf({ kind: 'facts', items: aboutFacts(document.about) })];
  return `${[...parts, ...document.blocks.flatMap(blockOf)].join('\n\n')}\n`;
}

function blockOf(block: Block): readonly string[] {
  switch (block.kind) {
    case 'heading':
      return [`${'#'.repeat(block.level)} ${escape(block.text)}`];
    case 'paragraph':
      return [block.tone === 'bad' ? `**${escape(block.text)}**` : block.tone === 'note' ? `_${escape(block.text)}_` : escape(block.text)];
    case 'list':
      return block.items.length === 0 ? [] : [block.items.map((item) => `- ${cellOf(item)}`).join('\n')];
    case 'facts':
      return [block.items.map(({ name, value }) => `- ${escape(name)}: ${cellOf(value)}`).join('\n')];
    case 'table':
      return tableOf(block);
    case 'figure':
      return block.numbers === undefined ? [`_${escape(block.caption)}: ${escape(block.alt)}_`] : tableOf(block.numbers);
  }
}

function tableOf(table: Table): readonly string[] {
  const caption = `**${escape(table.caption)}**`;
  if (table.rows.length === 0) return [caption, escape(table.empty ?? 'None.')];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const head = line(table.columns.map((column) => escape(column.title)));
  const rule = line(table.columns.map((column) => (column.align === 'number' ? '---:' : '---')));
  return [caption, [head, rule, ...table.rows.map((row) => line(table.columns.map((_, at) => cellOf(row[at]))))].join('\n')];
}

function cellOf(cell: Cell): string {
  if (typeof cell === 'object' && 'lines' in cell) return cell.lines.map(cellOf).join('<br>');
  if (typeof cell === 'object' && 'link' in cell) {
    const href = webAddress(cell.href);
    if (href !== undefined) return `[${escape(cell.link)}](<${href.replace(/[<>|\\]/g, encodeURIComponent)}>)`;
  }
  const text = escape(cellText(cell));
  return typeof cell === 'object' && 'mark' in cell && cell.mark === 'bad' ? `**${text}**` : text;
}

/** Text in which nothing is markup any more, HTML included. */
function escape(text: string): string {
  return (
    visible(text)
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replace(/[\\`*_{}[\]#|~!]/g, (character) => `\\${character}`)
      // What begins a list, and addresses that some renderers turn into links by themselves.
      .replace(/^([-+])(?= )/, '\\$1')
      .replace(/^(\d+)\.(?= )/, '$1\\.')
      .replace(/(https?|ftp|mailto|javascript|data|vbscript):/gi, '$1&#58;')
      .replace(/www\./gi, 'www&#46;')
      .replaceAll('@', '&#64;')
  );
}
