import { unusable } from './row.js';
import type { Source } from './source.js';

export type Encoding = 'utf-8' | 'utf-16' | 'windows-1252';

/** A piece of text. `damaged`: from here on bytes were met that are no text in this encoding; U+FFFD stands in their place. */
export interface TextPiece {
  readonly text: string;
  readonly damaged: boolean;
}

/**
 * A file as text with one kind of line end, piece by piece. A byte order mark wins over the encoding that was configured; line ends of Windows and of
 * old Macs become `\n`, so that lines can be counted and the same table saved elsewhere is the same.
 */
export async function* textOf(source: Source, configured: Encoding): AsyncGenerator<TextPiece> {
  let decoding: Decoding | undefined;
  let carriageReturn = false;
  for await (const bytes of source.chunks()) {
    decoding ??= decodingOf(bytes, configured);
    let text = decoding.decode(bytes);
    if (carriageReturn) text = `\r${text}`;
    carriageReturn = text.endsWith('\r');
    if (carriageReturn) text = text.slice(0, -1);
    if (text !== '') yield { text: text.replaceAll(/\r\n?/g, '\n'), damaged: decoding.damaged() };
  }
  const rest = `${carriageReturn ? '\n' : ''}${decoding?.end() ?? ''}`;
  if (rest !== '') yield { text: rest, damaged: decoding?.damaged() ?? false };
}

/** A whole file as text. Fails with `record` when it is no text in its encoding. */
export async function wholeText(source: Source): Promise<string> {
  const parts: string[] = [];
  for await (const { text, damaged } of textOf(source, 'utf-8')) {
    if (damaged) throw unusable('the file is not valid UTF-8', 'save it as UTF-8');
    parts.push(text);
  }
  return parts.join('');
}

interface Decoding {
  decode(bytes: Buffer): string;
  end(): string;
  damaged(): boolean;
}

function decodingOf(first: Buffer, configured: Encoding): Decoding {
  const label = byMark(first) ?? (configured === 'utf-16' ? 'utf-16le' : configured);
  const lenient = new TextDecoder(label);
  // The strict one only watches: it tells a damaged file from one in which U+FFFD was written on purpose.
  const strict = new TextDecoder(label, { fatal: true });
  let isDamaged = false;
  const watch = (bytes?: Buffer): void => {
    if (isDamaged) return;
    try {
      strict.decode(bytes, { stream: bytes !== undefined });
    } catch {
      isDamaged = true;
    }
  };
  return {
    decode(bytes) {
      watch(bytes);
      return lenient.decode(bytes, { stream: true });
    },
    end() {
      watch();
      return lenient.decode();
    },
    damaged: () => isDamaged,
  };
}

function byMark(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return undefined;
}
