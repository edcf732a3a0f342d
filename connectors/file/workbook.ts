import { maxCellChars, unusable } from './row.js';
import { isDateFormat } from './serial-date.js';
import { attribute, readWholeXml } from './xml.js';
import type { Part } from './zip.js';

/** What the cells of a sheet refer to. */
export interface Workbook {
  readonly sheet: Part;
  readonly strings: readonly string[];
  /** By cell style: whether a number in it is a date. */
  readonly dateStyles: readonly boolean[];
  /** Days count from 1904 instead of 1900. */
  readonly is1904: boolean;
}

/** The named sheet of a workbook, or its first one. Fails with `record` when there is none. */
export async function workbookOf(parts: ReadonlyMap<string, Part>, name: string | undefined, maxBytes: number): Promise<Workbook> {
  const book = await bookOf(parts);
  const sheet = name === undefined ? book.sheets[0] : book.sheets.find((one) => one.name.toLowerCase() === name.toLowerCase());
  const related = await relationsOf(parts);
  const part = sheet === undefined ? undefined : parts.get(related.find(({ id }) => id === sheet.id)?.target ?? '');
  if (part === undefined)
    throw unusable(
      `there is no sheet ${name ?? ''}`.trimEnd(),
      `the workbook has ${book.sheets.map((one) => one.name).join(', ') || 'none'}`,
    );
  const target = (type: string): Part | undefined => parts.get(related.find((one) => one.type.endsWith(`/${type}`))?.target ?? '');
  return {
    sheet: part,
    strings: await stringsOf(target('sharedStrings'), maxBytes),
    dateStyles: await dateStylesOf(target('styles')),
    is1904: book.is1904,
  };
}

async function bookOf(parts: ReadonlyMap<string, Part>) {
  const part = parts.get('xl/workbook.xml');
  if (part === undefined) throw unusable('the file is no workbook', 'save it as .xlsx');
  const sheets: { name: string; id: string }[] = [];
  let is1904 = false;
  await readWholeXml(part(), {
    open(name, attributes) {
      if (name === 'sheet' && sheets.length < 1000) sheets.push({ name: attributes['name'] ?? '', id: attribute(attributes, 'id') ?? '' });
      if (name === 'workbookPr') is1904 = ['1', 'true'].includes(attributes['date1904'] ?? '');
    },
  });
  return { sheets, is1904 };
}

async function relationsOf(parts: ReadonlyMap<string, Part>) {
  const related: { id: string; type: string; target: string }[] = [];
  const part = parts.get('xl/_rels/workbook.xml.rels');
  if (part === undefined) return related;
  await readWholeXml(part(), {
    open(name, { Id: id = '', Type: type = '', Target: target = '' }) {
      if (name !== 'Relationship') return;
      const path = target.startsWith('/') ? target.slice(1) : `xl/${target}`;
      related.push({ id, type, target: path.toLowerCase() });
    },
  });
  return related;
}

/** The texts that cells share, without the phonetic readings beside them. */
async function stringsOf(part: Part | undefined, maxBytes: number): Promise<readonly string[]> {
  const strings: string[] = [];
  if (part === undefined) return strings;
  let [text, isText, phonetic, total] = ['', false, 0, 0];
  await readWholeXml(part(), {
    open(name) {
      if (name === 'si') text = '';
      else if (name === 'rPh') phonetic += 1;
      else if (name === 't') isText = phonetic === 0;
    },
    text(piece) {
      // One character beyond the limit is enough for the row to be refused.
      if (isText && text.length <= maxCellChars) text += piece;
    },
    close(name) {
      if (name === 't') isText = false;
      else if (name === 'rPh') phonetic -= 1;
      else if (name === 'si') {
        strings.push(text);
        total += text.length;
        if (total > maxBytes) throw unusable(`the workbook has more than ${maxBytes} characters of text`, 'split it, or raise maxBytes');
      }
    },
  });
  return strings;
}

async function dateStylesOf(part: Part | undefined): Promise<readonly boolean[]> {
  const codes = new Map<string, string>();
  const styles: boolean[] = [];
  if (part === undefined) return styles;
  let isCellFormats = false;
  await readWholeXml(part(), {
    open(name, attributes) {
      if (name === 'numFmt') codes.set(attributes['numFmtId'] ?? '', attributes['formatCode'] ?? '');
      else if (name === 'cellXfs') isCellFormats = true;
      else if (name === 'xf' && isCellFormats) {
        const id = attributes['numFmtId'] ?? '0';
        styles.push(isDateFormat(Number(id), codes.get(id)));
      }
    },
    close(name) {
      if (name === 'cellXfs') isCellFormats = false;
    },
  });
  return styles;
}
