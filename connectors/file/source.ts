import { Failure } from 'golden-thread/kit';
import type { OpenFile, Sign } from './disk.js';

const chunkBytes = 65_536;

/** A file that is being read, and is known not to have changed since it was listed. */
export interface Source {
  readonly sign: Sign;
  /** From the start to the end, a piece at a time. */
  chunks(): AsyncGenerator<Buffer>;
  /** The bytes [start, end). */
  slice(start: number, end: number): Promise<Buffer>;
  close(): Promise<void>;
}

/**
 * Reads an open file. After each piece the file is looked at again, before the piece is used: one that was written to meanwhile fails with `conflict`,
 * so that no row is ever put together from two versions. Fails with `record` when the file is larger than `maxBytes`.
 */
export function openSource(file: OpenFile, sign: Sign, maxBytes: number): Source {
  if (sign.size > maxBytes)
    throw new Failure('record', `the file has ${sign.size} bytes, more than ${maxBytes}`, {
      hint: 'split it, or raise maxBytes',
    });
  const slice = async (start: number, end: number): Promise<Buffer> => {
    const buffer = Buffer.allocUnsafe(Math.min(end, sign.size) - start);
    let filled = 0;
    while (filled < buffer.length) {
      const read = await file.read(buffer.subarray(filled), start + filled);
      if (read === 0) break;
      filled += read;
    }
    const now = await file.sign();
    if (filled < buffer.length || now.size !== sign.size || now.modifiedMs !== sign.modifiedMs || now.changedMs !== sign.changedMs)
      throw new Failure('conflict', `${sign.name} was written to while it was read`);
    return buffer;
  };
  return {
    sign,
    slice,
    async *chunks() {
      for (let at = 0; at < sign.size; at += chunkBytes) yield await slice(at, at + chunkBytes);
    },
    close: () => file.close(),
  };
}
