import { cellText, visible } from './cell-text.js';
import { aboutFacts } from './about-lines.js';
import type { Block, Facts, ReportDocument, Table } from './document.js';

/** The document as lines for a terminal. Safe to print: without control characters. */
export function textLinesOf(document: ReportDocument): readonly string[] {
  const { about } = document;
  const facts = aboutFacts(about).filter(({ name }) => name !== 'Made from');
  return [
    visible(document.title),
    ...factLines({ kind: 'facts', items: facts }),
    ...document.blocks.flatMap((block) => ['', ...lines(block)]),
  ];
}

function lines(block: Block): readonly string[] {
  switch (block.kind) {
    case 'heading':
      return block.level === 2 ? [visible(block.text).toUpperCase()] : [visible(block.text)];
    case 'paragraph':
      return [visible(block.text)];
    case 'list':
      return block.items.map((item) => `  - ${cellText(item)}`);
    case 'facts':
      return factLines(block);
    case 'table':
      return tableLines(block);
    case 'figure':
      return block.numbers === undefined ? [`${visible(block.caption)}: ${visible(block.alt)}`] : tableLines(block.numbers);
  }
}

function factLines({ items }: Facts): readonly string[] {
  const width = Math.max(0, ...items.map(({ name }) => visible(name).length));
  return items.map(({ name, value }) => `  ${visible(name).padEnd(width)}  ${cellText(value)}`.trimEnd());
}

/** Columns as wide as their widest cell, the last one unpadded. */
function tableLines(table: Table): readonly string[] {
  if (table.rows.length === 0) return [`${visible(table.caption)}: ${visible(table.empty ?? 'none')}`];
  const all = [
    table.columns.map(({ title }) => visible(title)),
    ...table.rows.map((row) => table.columns.map((_, at) => cellText(row[at]))),
  ];
  const widths = table.columns.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => {
        if (at === widths.length - 1 && table.columns[at]?.align !== 'number') return cell;
        return table.columns[at]?.align === 'number' ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0);
      })
      .join('  ')
      .trimEnd();
  return [visible(table.caption), ...all.map((row) => `  ${line(row)}`)];
}
