import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure, type FailureKind, isFailure } from 'golden-thread/kit';

/** A file as a folder shows it. Two equal signatures are the same content: whoever writes, moves `changedMs` at least. */
export interface Sign {
  readonly name: string;
  readonly size: number;
  /** When its content was last written, as milliseconds since 1970. Programs can set it. */
  readonly modifiedMs: number;
  /** When anything about it last changed. Nobody can set it. */
  readonly changedMs: number;
}

/** What a folder holds. */
export interface DiskEntry extends Sign {
  /** `other`: a link, folder, pipe or device, which is never read: a link could lead to any file of this machine. */
  readonly kind: 'file' | 'other';
}

/** A file that is open for reading. */
export interface OpenFile {
  sign(): Promise<Omit<Sign, 'name'>>;
  /** Fills the buffer from `position` on; returns how many bytes there were. */
  read(buffer: Buffer, position: number): Promise<number>;
  close(): Promise<void>;
}

/** The file system, as little of it as is needed; everything fails as a {@link Failure}. */
export interface Disk {
  list(folder: string): Promise<readonly DiskEntry[]>;
  /** `conflict`: it is gone, or a link stands in its place. */
  open(path: string): Promise<OpenFile>;
}

/** The machine's own. */
export const nodeDisk: Disk = {
  list: (folder) =>
    asking(folder, async () => {
      const found: DiskEntry[] = [];
      for (const name of await readdir(folder)) {
        // A file may go between being listed and being looked at.
        const stat = await lstat(join(folder, name)).catch((error: unknown) => {
          if (codeOf(error) === 'ENOENT') return undefined;
          throw error;
        });
        if (stat !== undefined)
          found.push({ name, size: stat.size, modifiedMs: stat.mtimeMs, changedMs: stat.ctimeMs, kind: stat.isFile() ? 'file' : 'other' });
      }
      return found;
    }),
  open: (path) =>
    asking(path, async () => {
      const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((error: unknown) => {
        if (['ENOENT', 'ELOOP'].includes(codeOf(error)))
          throw new Failure('conflict', `${path} is gone since it was listed`, { cause: error });
        throw error;
      });
      return { ...openFile(handle, path), close: () => asking(path, () => handle.close()) };
    }),
};

function openFile(handle: FileHandle, path: string): Omit<OpenFile, 'close'> {
  return {
    sign: () =>
      asking(path, async () => {
        const { size, mtimeMs, ctimeMs } = await handle.stat();
        return { size, modifiedMs: mtimeMs, changedMs: ctimeMs };
      }),
    read: (buffer, position) => asking(path, async () => (await handle.read(buffer, 0, buffer.length, position)).bytesRead),
  };
}

async function asking<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw diskFailure(error, path);
  }
}

/** What an error of the file system means: missing rights are for a person, everything else may be over at the next run (a share comes back). */
export function diskFailure(error: unknown, path: string): Failure {
  if (isFailure(error)) return error;
  const code = codeOf(error);
  const [kind, what, hint] = meaning[code] ?? ['transient', `cannot be read (${code})`, 'look at the disk or the share that holds it'];
  return new Failure(kind, `${path} ${what}`, { hint, cause: error });
}

const meaning: Readonly<Record<string, readonly [FailureKind, string, string]>> = {
  EACCES: ['auth', 'may not be read', 'give the account that runs golden-thread the right to list the folder and read its files'],
  EPERM: ['auth', 'may not be read', 'give the account that runs golden-thread the right to list the folder and read its files'],
  ENOENT: ['transient', 'does not exist', 'create the folder, or mount the share that holds it'],
  ENOTDIR: ['transient', 'is no folder', 'name the folder that holds the files'],
};

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : 'unknown';
}
