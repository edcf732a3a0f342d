import { closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure, type JsonObject } from '../../kit/index.js';
import type { AnchorFound, JournalAnchor } from '../../store/index.js';

/** Under which an anchor is logged; the log collector keeps it out of reach of whoever has the database. */
export const anchorMessage = 'journal anchored';

/** An anchor as one line of the file, or the details of a line of the log. */
export function anchorDetails({ seq, at, hash, root }: JournalAnchor, installation: string): JsonObject {
  return { seq, entryAt: at, hash, ...(root !== undefined && { root }), installation };
}

/** Appends one line; on disk when it returns. Fails with `config` or `transient` when the mount is gone or full. */
export function appendAnchor(file: string, details: JsonObject): void {
  try {
    const handle = openSync(file, 'a', 0o640);
    try {
      writeSync(handle, `${JSON.stringify(details)}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw new Failure('transient', `the anchor file cannot be written (${(error as NodeJS.ErrnoException).code ?? 'error'})`, {
      place: file,
      hint: 'mount its folder writable for the user that golden-thread runs as; what is missing is appended by itself',
      cause: error,
    });
  }
}

/** The anchors of this installation in an anchor file or a log of ours, and how many lines of them cannot be read. */
export function readAnchors(
  file: string,
  where: string,
  installation: string | undefined,
): { readonly anchors: readonly AnchorFound[]; readonly unreadable: number } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure('config', `the anchors cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`, {
      place: file,
      cause: error,
    });
  }
  const anchors: AnchorFound[] = [];
  let unreadable = 0;
  for (const line of text.split('\n')) {
    if (!line.includes('"seq"') || !line.includes('"hash"')) continue;
    const anchor = anchorIn(line);
    if (anchor === undefined) unreadable += 1;
    else if (installation === undefined || anchor.installation === installation) anchors.push({ ...anchor.found, where });
  }
  return { anchors, unreadable };
}

function anchorIn(line: string): { readonly found: JournalAnchor; readonly installation: unknown } | undefined {
  try {
    const { seq, entryAt, hash, root, installation } = JSON.parse(line.slice(line.indexOf('{'))) as Record<string, unknown>;
    if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 1 || typeof hash !== 'string' || !/^[0-9a-f]{16,64}$/.test(hash))
      return undefined;
    const found = { seq, hash, at: typeof entryAt === 'string' ? entryAt : '', ...(typeof root === 'string' && { root }) };
    return { found, installation };
  } catch {
    return undefined;
  }
}

/** Whether both paths are on one volume: whoever can change the database there can change the anchors too. */
export function onOneVolume(a: string, b: string): boolean {
  try {
    return statSync(dirname(a)).dev === statSync(dirname(b)).dev;
  } catch {
    return false;
  }
}
