import { hash } from 'node:crypto';

/**
 * The Merkle tree of RFC 6962, section 2.1 (https://www.rfc-editor.org/rfc/rfc6962#section-2.1), with SHA-256: a leaf is hashed with 0x00 before it, two
 * nodes with 0x01 before them. Hashes are lower-case hex wherever they leave this file.
 */
const node = Buffer.alloc(65, 1);

/** The hash of one leaf. */
export function leafHash(text: string): string {
  return hash('sha256', `\0${text}`, 'hex');
}

// Hex in and out: handing a digest over as text costs a third of handing it over as a Buffer.
function nodeHash(left: string, right: string): string {
  node.write(left, 1, 32, 'hex');
  node.write(right, 33, 32, 'hex');
  return hash('sha256', node, 'hex');
}

/** The whole subtrees that a tree of `size` leaves consists of, largest first: all that is needed to add to it and to name its root. */
export interface Peaks {
  readonly size: number;
  readonly hashes: readonly string[];
}

export const noPeaks: Peaks = { size: 0, hashes: [] };

/** The tree with one more leaf. Costs one hash for each carry: less than two on average. */
export function withLeaf({ size, hashes }: Peaks, leaf: string): Peaks {
  const kept = [...hashes];
  let top = leaf;
  for (let carry = size; carry % 2 === 1; carry = Math.floor(carry / 2)) top = nodeHash(kept.pop() ?? top, top);
  kept.push(top);
  return { size: size + 1, hashes: kept };
}

/** The root of a tree in hex; of none, the hash of nothing. */
export function rootOf({ hashes }: Peaks): string {
  return hashes.length === 0 ? hash('sha256', '', 'hex') : hashes.reduceRight((right, left) => nodeHash(left, right));
}

/** Every level of the tree over these leaves, the leaves first: what any number of paths are read off. */
export function levelsOf(leaves: readonly string[]): readonly (readonly string[])[] {
  const levels: (readonly string[])[] = [leaves];
  for (let below = leaves; below.length > 1;) {
    const level: string[] = [];
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
export function pathOf(levels: readonly (readonly string[])[], index: number): readonly string[] {
  const path: string[] = [];
  let at = index;
  for (const level of levels.slice(0, -1)) {
    const sibling = level[at % 2 === 0 ? at + 1 : at - 1];
    if (sibling !== undefined) path.push(sibling);
    at = Math.floor(at / 2);
  }
  return path;
}

/** The root that a leaf and its path lead to, by RFC 9162, section 2.1.3.2; undefined when the path has not the length that such a tree needs. */
export function rootFromPath(leaf: string, index: number, size: number, path: readonly string[]): string | undefined {
  if (index < 0 || index >= size) return undefined;
  let [at, last, top] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0 || !/^[0-9a-f]{64}$/.test(sibling)) return undefined;
    if (at % 2 === 1 || at === last) {
      top = nodeHash(sibling, top);
      for (; at % 2 === 0 && at !== 0; at = Math.floor(at / 2)) last = Math.floor(last / 2);
    } else top = nodeHash(top, sibling);
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? top : undefined;
}
