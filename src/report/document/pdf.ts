import { createRequire } from 'node:module';
import type { Content, TDocumentDefinitions, TableCell } from 'pdfmake/interfaces.js';
import { aboutFacts } from './about-lines.js';
import { cellText, visible, webAddress } from './cell-text.js';
import type { Block, Cell, Facts, Figure, Mark, ReportDocument, Table } from './document.js';

interface PdfMake {
  setFonts(fonts: Readonly<Record<string, Readonly<Record<string, string>>>>): void;
  setUrlAccessPolicy(policy: (url: string) => boolean): void;
  setLocalAccessPolicy(policy: (path: string) => boolean): void;
  createPdf(document: TDocumentDefinitions): { getBuffer(): Promise<Buffer> };
}

/**
 * The document on A4 pages, numbered, with its contents as bookmarks. Fonts are embedded (Roboto: Latin, Greek and Cyrillic); nothing is loaded from
 * anywhere. Scripts that the font does not have come out as boxes: HTML is the form for those.
 */
export async function pdfOf(document: ReportDocument): Promise<Uint8Array> {
  // Loaded here: it costs 100 ms and 30 MB that no other format needs.
  const require = createRequire(import.meta.url);
  const pdfMake = require('pdfmake') as PdfMake;
  const fonts = require('pdfmake/fonts/Roboto.js') as Readonly<Record<string, Readonly<Record<string, string>>>>;
  pdfMake.setFonts(fonts);
  pdfMake.setUrlAccessPolicy(() => false);
  const files = new Set(Object.values(fonts).flatMap((faces) => Object.values(faces)));
  pdfMake.setLocalAccessPolicy((path) => files.has(path));
  return new Uint8Array(await pdfMake.createPdf(definitionOf(document)).getBuffer());
}

const ink = '#1b1f24';
const soft = '#545d68';
const markColours: Readonly<Record<Mark, string>> = { good: '#1a6b30', bad: '#b3261e', warn: '#8a5300', none: soft };

function definitionOf({ title, about, blocks, name }: ReportDocument): TDocumentDefinitions {
  const heading = visible(title);
  const organisation = visible(about.organisation);
  return {
    pageSize: 'A4',
    pageMargins: [42, 48, 42, 48],
    language: 'en',
    info: {
      title: `${heading} – ${organisation}`,
      author: organisation,
      subject: name,
      creator: about.product,
      producer: about.product,
      creationDate: new Date(about.at),
    },
    defaultStyle: { font: 'Roboto', fontSize: 9.5, color: ink, lineHeight: 1.15 },
    styles: {
      h1: { fontSize: 20, bold: true, margin: [0, 0, 0, 8] },
      h2: { fontSize: 13.5, bold: true, margin: [0, 16, 0, 4] },
      h3: { fontSize: 11, bold: true, margin: [0, 9, 0, 3] },
      caption: { bold: true, margin: [0, 7, 0, 2] },
      head: { bold: true, fillColor: '#f3f5f7', fontSize: 8.5 },
      cell: { fontSize: 8.5 },
    },
    header: (page) => (page === 1 ? null : { text: `${organisation} · ${heading}`, color: soft, fontSize: 8, margin: [42, 24, 42, 0] }),
    footer: (page, pages) => ({
      columns: [
        { text: `Made ${about.at.slice(0, 16).replace('T', ' ')} UTC from journal entry ${about.journal.seq}`, color: soft, fontSize: 8 },
        { text: `Page ${page} of ${pages}`, alignment: 'right', color: soft, fontSize: 8 },
      ],
      margin: [42, 14, 42, 0],
    }),
    content: [
      { text: organisation, color: soft },
      { text: heading, style: 'h1' },
      ...factsOf({ kind: 'facts', items: aboutFacts(about).filter((fact) => fact.name !== 'Organisation') }),
      ...blocks.flatMap(blockOf),
    ],
    // A heading never stands alone at the foot of a page.
    pageBreakBefore: (node, nodes) => {
      const level = (node as { readonly headlineLevel?: number }).headlineLevel;
      return level !== undefined && nodes.getFollowingNodesOnPage().length === 0;
    },
  };
}

function blockOf(block: Block): readonly Content[] {
  switch (block.kind) {
    case 'heading':
      return [
        {
          text: visible(block.text),
          style: block.level === 2 ? 'h2' : 'h3',
          headlineLevel: block.level,
          ...(block.level === 2 && { outline: true }),
        },
      ];
    case 'paragraph':
      return [
        {
          text: visible(block.text),
          margin: [0, 0, 0, 5],
          ...(block.tone === 'note' && { color: soft }),
          ...(block.tone === 'bad' && { color: markColours.bad, bold: true }),
        },
      ];
    case 'list':
      return block.items.length === 0 ? [] : [{ ul: block.items.map(inline), margin: [0, 0, 0, 6] }];
    case 'facts':
      return factsOf(block);
    case 'table':
      return tableOf(block);
    case 'figure':
      return figureOf(block);
  }
}

function factsOf({ items }: Facts): readonly Content[] {
  if (items.length === 0) return [];
  return [
    {
      table: {
        widths: [130, '*'],
        body: items.map(({ name, value }) => [{ text: visible(name), color: soft }, inline(value) as TableCell]),
      },
      layout: 'noBorders',
      margin: [0, 0, 0, 6],
    },
  ];
}

function tableOf(table: Table): readonly Content[] {
  const caption = visible(table.caption);
  if (table.rows.length === 0)
    return [{ text: [{ text: `${caption}: `, bold: true }, visible(table.empty ?? 'none')], margin: [0, 4, 0, 6] }];
  const align = (at: number): { alignment?: 'right' } => (table.columns[at]?.align === 'number' ? { alignment: 'right' } : {});
  // Many columns stay readable when their words are not broken.
  const small = table.columns.length > 7 ? { fontSize: 7.5 } : {};
  const head = table.columns.map(({ title }, at): TableCell => ({ text: visible(title), style: 'head', ...small, ...align(at) }));
  const rows = table.rows.map((row) =>
    table.columns.map(
      (_, at): TableCell =>
        ({ ...(inline(row[at]) as object), style: 'cell', ...small, ...(at === 0 && { bold: true }), ...align(at) }) as TableCell,
    ),
  );
  const total = table.columns.reduce((sum, { width = 1 }) => sum + width, 0);
  return [
    { text: caption, style: 'caption', headlineLevel: 4 },
    {
      table: {
        headerRows: 1,
        dontBreakRows: true,
        // Shares of what is left between the borders of the page and of the cells.
        widths: table.columns.map(({ width = 1 }) => (width / total) * (511 - table.columns.length * 8)),
        body: [head, ...rows],
      },
      layout: { hLineWidth: () => 0.5, vLineWidth: () => 0, hLineColor: () => '#d0d7de', paddingLeft: () => 4, paddingRight: () => 4 },
      margin: [0, 0, 0, 8],
    },
  ];
}

function figureOf({ svg, caption }: Figure): readonly Content[] {
  const { width, height } = sizeOf(svg);
  // Charts so that three stand on a page; wide pictures as wide as the page.
  const scale = Math.min(1, 511 / width, (width < 800 ? 150 : 640) / height);
  const picture: Content = {
    stack: [
      { svg, width: width * scale, height: height * scale },
      { text: visible(caption), color: soft, fontSize: 8.5, margin: [0, 2, 0, 8] },
    ],
    unbreakable: true,
  };
  return [picture];
}

function sizeOf(svg: string): { readonly width: number; readonly height: number } {
  const [, width = '600', height = '200'] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  return { width: Number(width), height: Number(height) };
}

function inline(cell: Cell): Content {
  if (typeof cell === 'object') {
    if ('lines' in cell) return { stack: cell.lines.map(inline) };
    if ('mark' in cell) return { text: visible(cell.text), color: markColours[cell.mark] };
    if ('link' in cell) {
      const link = webAddress(cell.href);
      if (link !== undefined) return { text: visible(cell.link), link, color: '#0b57a4' };
    }
  }
  return { text: cellText(cell) };
}
