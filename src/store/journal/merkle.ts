import { hash } from 'node:crypto';

/**
 * The Merkle tree of RFC 6962, section 2.1 (https://www.rfc-editor.org/rfc/rfc6962#section-2.1), with SHA-256: a leaf is hashed with 0x00 before it, two
 * nodes with 0x01 before them. Hashes are lower-case hex wherever they leave this file.
 */
const leafPrefix = Buffer.from([0]);
const nodePrefix = Buffer.from([1]);

/** The hash of one leaf. */
export function leafHash(text: string): Buffer {
  return digest(Buffer.concat([leafPrefix, Buffer.from(text, 'utf8')]));
}

function nodeHash(left: Buffer, right: Buffer): Buffer {
  return digest(Buffer.concat([nodePrefix, left, right], 65));
}

function digest(bytes: Buffer): Buffer {
  return hash('sha256', bytes, 'buffer');
}

/** The whole subtrees that a tree of `size` leaves consists of, largest first: all that is needed to add to it and to name its root. */
export interface Peaks {
  readonly size: number;
  readonly hashes: readonly Buffer[];
}

export const noPeaks: Peaks = { size: 0, hashes: [] };

/** The tree with one more leaf. Costs one hash for each carry: less than two on average. */
export function withLeaf({ size, hashes }: Peaks, leaf: Buffer): Peaks {
  const kept = [...hashes];
  let node = leaf;
  for (let carry = size; carry % 2 === 1; carry = Math.floor(carry / 2)) node = nodeHash(kept.pop() ?? node, node);
  kept.push(node);
  return { size: size + 1, hashes: kept };
}

/** The root of a tree in hex; of none, the hash of nothing. */
export function rootOf({ hashes }: Peaks): string {
  if (hashes.length === 0) return digest(Buffer.alloc(0)).toString('hex');
  return hashes.reduceRight((right, left) => nodeHash(left, right)).toString('hex');
}

/** Every level of the tree over these leaves, the leaves first: what any number of paths are read off. */
export function levelsOf(leaves: readonly Buffer[]): readonly (readonly Buffer[])[] {
  const levels: (readonly Buffer[])[] = [leaves];
  for (let below = leaves; below.length > 1;) {
    const level: Buffer[] = [];
    for (let at = 0; at < below.length; at += 2) {
      const [left, right] = [below[at], below[at + 1]];
      // A lone node at the end rises as it is: with it, the split is the one of the RFC (the largest power of two).
      if (left !== undefined) level.push(right === undefined ? left : nodeHash(left, right));
    }
    levels.push(level);
    below = level;
  }
  return levels;
}

/** The siblings on the way from leaf `index` (0 is the first) to the root, nearest first, in hex: PATH(m, D[n]) of the RFC. */
export function pathOf(levels: readonly (readonly Buffer[])[], index: number): readonly string[] {
  const path: string[] = [];
  let at = index;
  for (const level of levels.slice(0, -1)) {
    const sibling = level[at % 2 === 0 ? at + 1 : at - 1];
    if (sibling !== undefined) path.push(sibling.toString('hex'));
    at = Math.floor(at / 2);
  }
  return path;
}

/** The root that a leaf and its path lead to, by RFC 9162, section 2.1.3.2; undefined when the path has not the length that such a tree needs. */
export function rootFromPath(leaf: Buffer, index: number, size: number, path: readonly string[]): string | undefined {
  if (index < 0 || index >= size) return undefined;
  let [at, last, node] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return undefined;
    const other = Buffer.from(sibling, 'hex');
    if (other.length !== 32) return undefined;
    if (at % 2 === 1 || at === last) {
      node = nodeHash(other, node);
      for (; at % 2 === 0 && at !== 0; at = Math.floor(at / 2)) last = Math.floor(last / 2);
    } else node = nodeHash(node, other);
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? node.toString('hex') : undefined;
}
