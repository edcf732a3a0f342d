import { csvOf } from './csv.js';
import type { ReportDocument } from './document.js';
import { htmlOf } from './html.js';
import { jsonOf } from './json.js';
import { markdownOf } from './markdown.js';
import { pdfOf } from './pdf.js';
import { textLinesOf } from './text.js';

/** `text` is for a terminal. */
export const formats = ['text', 'md', 'html', 'csv', 'json', 'pdf'] as const;
export type Format = (typeof formats)[number];

/** The document in a format, as bytes (UTF-8 where it is text). Only PDF takes time: about half a second. */
export async function render(document: ReportDocument, format: Format): Promise<Uint8Array> {
  if (format === 'pdf') return await pdfOf(document);
  return new TextEncoder().encode(textIn(document, format));
}

function textIn(document: ReportDocument, format: Exclude<Format, 'pdf'>): string {
  switch (format) {
    case 'text':
      return `${textLinesOf(document).join('\n')}\n`;
    case 'md':
      return markdownOf(document);
    case 'html':
      return htmlOf(document);
    case 'csv':
      return csvOf(document);
    case 'json':
      return jsonOf(document);
  }
}
