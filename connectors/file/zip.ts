import { Readable } from 'node:stream';
import yauzl from 'yauzl';
import { unusable } from './row.js';
import type { Source } from './source.js';

/** A part of a package, inflated piece by piece. */
export type Part = () => AsyncIterable<Buffer>;

/** Most parts of a package; a workbook has a few dozen. */
const maxParts = 10_000;
/** A part may be this many times as large as the whole file may be: XML packs well, a bomb packs better. */
const maxInflation = 8;

/**
 * The parts of a ZIP file by name. Nothing is unpacked before it is read, and nothing is held: yauzl refuses a part that is larger than it says, and
 * a part that says to be too large is refused here. Fails with `record` when the file is no ZIP.
 */
export async function partsOf(source: Source, maxBytes: number): Promise<ReadonlyMap<string, Part>> {
  const zip = await opened(source);
  const parts = new Map<string, Part>();
  try {
    for await (const entry of zip.eachEntry()) {
      if (parts.size >= maxParts) throw unusable(`the file has more than ${maxParts} parts`, 'export it again');
      parts.set(entry.fileName.toLowerCase(), () => inflate(zip, entry, maxBytes * maxInflation));
    }
  } catch (error) {
    throw asUnusable(error);
  }
  return parts;
}

async function opened(source: Source): Promise<yauzl.ZipFile> {
  try {
    return await yauzl.fromRandomAccessReaderPromise(readerOf(source), source.sign.size, { autoClose: false, lazyEntries: true });
  } catch (error) {
    throw asUnusable(error);
  }
}

async function* inflate(zip: yauzl.ZipFile, entry: yauzl.Entry, limit: number): AsyncGenerator<Buffer> {
  if (entry.isEncrypted()) throw unusable('the workbook is encrypted', 'save it without a password');
  if (entry.uncompressedSize > limit)
    throw unusable(
      `a part of the workbook has ${entry.uncompressedSize} bytes unpacked, more than ${limit}`,
      'split it, or raise maxBytes',
    );
  let stream: Readable | undefined;
  try {
    stream = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (error) {
    throw asUnusable(error);
  } finally {
    stream?.destroy();
  }
}

/** yauzl asks for ranges; each is read through the source, which notices when the file was written to meanwhile. */
function readerOf(source: Source): yauzl.RandomAccessReader {
  // Abstract to TypeScript, not to JavaScript: one method is all that it wants.
  const reader = new (yauzl.RandomAccessReader as unknown as new () => yauzl.RandomAccessReader)();
  reader._readStreamForRange = (start: number, end: number) => Readable.from(pieces(source, start, end), { objectMode: false });
  return reader;
}

async function* pieces(source: Source, start: number, end: number): AsyncGenerator<Buffer> {
  for (let at = start; at < end; at += 65_536) yield await source.slice(at, Math.min(end, at + 65_536));
}

function asUnusable(error: unknown): unknown {
  if (typeof error === 'object' && error !== null && 'kind' in error) return error; // a Failure says more
  const message = error instanceof Error ? error.message : String(error);
  return unusable(`the file is no workbook: ${message.slice(0, 200)}`, 'save it as .xlsx without a password; .xls is not read');
}
