import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failure } from 'golden-thread/kit';
import type { FileConfig } from './config.js';
import type { Disk, DiskEntry, Sign } from './disk.js';
import { openSource, type Source } from './source.js';

/** What lies in the inbox for one stream. */
export interface Listing {
  /** Complete as far as can be told, newest first. */
  readonly ready: readonly Sign[];
  /** Touched so lately that they may be half-written, or still empty. */
  readonly busy: readonly Sign[];
}

/** The watched folder. */
export interface Inbox {
  readonly path: string;
  readonly quietMs: number;
  readonly maxBytes: number;
  /** This machine's clock. */
  readonly clock: () => number;
  /** The stream's files. `known`: signatures that were read before; they are as complete now as they were then. */
  look(matches: (name: string) => boolean, known: ReadonlyMap<string, Sign>): Promise<Listing>;
  everything(): Promise<readonly DiskEntry[]>;
  /** Opens a file as it lies there now. Fails with `conflict` when it is not (any more) the one that was listed. */
  open(sign: Sign): Promise<Source>;
  /** The file's own address. */
  urlOf(name: string): string;
}

export function openInbox(config: FileConfig, disk: Disk, clock: () => number): Inbox {
  const { inbox: path, maxBytes } = config;
  const quietMs = config.quietSeconds * 1000;
  return {
    path,
    quietMs,
    maxBytes,
    clock,
    everything: () => disk.list(path),
    async look(matches, known) {
      const files = (await disk.list(path)).filter(({ kind, name }) => kind === 'file' && matches(name)).map(signOf);
      const now = clock();
      const isBusy = (sign: Sign): boolean =>
        sign.size === 0 || (!isSame(sign, known.get(sign.name)) && now - lastTouched(sign, now) < quietMs);
      return { ready: files.filter((sign) => !isBusy(sign)).toSorted(newestFirst), busy: files.filter(isBusy) };
    },
    async open(sign) {
      const file = await disk.open(join(path, sign.name));
      try {
        const found = { name: sign.name, ...(await file.sign()) };
        if (!isSame(found, sign)) throw new Failure('conflict', `${sign.name} was changed after it was listed`);
        return openSource(file, sign, maxBytes);
      } catch (error) {
        await file.close();
        throw error;
      }
    },
    urlOf: (name) => pathToFileURL(join(path, name)).href,
  };
}

/** Which of two files with the same row counts: the one written later; of two written at once the one whose name sorts later. */
export function isNewer(one: Sign, other: Sign): boolean {
  return one.modifiedMs > other.modifiedMs || (one.modifiedMs === other.modifiedMs && one.name > other.name);
}

export function isSame(one: Sign, other: Sign | undefined): boolean {
  return (
    other !== undefined &&
    one.name === other.name &&
    one.size === other.size &&
    one.modifiedMs === other.modifiedMs &&
    one.changedMs === other.changedMs
  );
}

function newestFirst(one: Sign, other: Sign): number {
  return isNewer(one, other) ? -1 : 1;
}

/**
 * A copy may carry an old date, so both stamps count. A date of writing in the future says nothing about now (a file server's clock, a careless
 * program): then the other stamp decides.
 */
function lastTouched({ modifiedMs, changedMs }: Sign, now: number): number {
  return modifiedMs > now ? changedMs : Math.max(modifiedMs, changedMs);
}

function signOf({ name, size, modifiedMs, changedMs }: DiskEntry): Sign {
  return { name, size, modifiedMs, changedMs };
}
