import { describe, expect, test } from '@jest/globals';
import { leafHash, levelsOf, noPeaks, pathOf, rootFromPath, rootOf, withLeaf } from '../../src/store/journal/merkle.js';
import { createHash } from 'node:crypto';

/** The definition of RFC 6962, section 2.1, word for word: slow, and sharing nothing with the product. */
function definition(leaves: readonly string[]): string {
  const sha = (...parts: readonly Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
  const root = (part: readonly string[]): Buffer => {
    if (part.length === 0) return sha();
    if (part.length === 1) return sha(Buffer.from([0]), Buffer.from(part[0] ?? ''));
    let split = 1;
    while (split * 2 < part.length) split *= 2;
    return sha(Buffer.from([1]), root(part.slice(0, split)), root(part.slice(split)));
  };
  return root(leaves).toString('hex');
}

const leaves = Array.from({ length: 70 }, (_, n) => `entry ${n}`);

describe('the tree over the journal', () => {
  test('has the root of RFC 6962 at every size, grown leaf by leaf or built at once', () => {
    let peaks = noPeaks;
    expect(rootOf(peaks)).toBe(definition([]));
    for (let size = 1; size <= leaves.length; size += 1) {
      peaks = withLeaf(peaks, leafHash(leaves[size - 1] ?? ''));
      const expected = definition(leaves.slice(0, size));
      expect(rootOf(peaks)).toBe(expected);
      expect(levelsOf(leaves.slice(0, size).map(leafHash)).at(-1)?.[0]).toBe(expected);
    }
  });

  test('has the root of the example of seven leaves that is published with Certificate Transparency', () => {
    // https://github.com/google/certificate-transparency/blob/master/python/ct/crypto/merkle_test.py: the eight inputs of its reference tree.
    const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
    const hashes = inputs.map((hex) =>
      createHash('sha256')
        .update(Buffer.concat([Buffer.from([0]), Buffer.from(hex, 'hex')]))
        .digest('hex'),
    );
    const root = (size: number): string | undefined => levelsOf(hashes.slice(0, size)).at(-1)?.[0];
    expect(root(1)).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
    expect(root(2)).toBe('fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125');
    expect(root(7)).toBe('ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c');
    expect(root(8)).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
  });

  test('gives each leaf a path that leads to the root, and only from its own place', () => {
    for (const size of [1, 2, 3, 7, 8, 9, 33, 70]) {
      const levels = levelsOf(leaves.slice(0, size).map(leafHash));
      const root = levels.at(-1)?.[0];
      for (let at = 0; at < size; at += 1) {
        const path = pathOf(levels, at);
        expect(rootFromPath(leafHash(leaves[at] ?? ''), at, size, path)).toBe(root);
        expect(rootFromPath(leafHash('another'), at, size, path)).not.toBe(root);
        expect(rootFromPath(leafHash(leaves[at] ?? ''), at, size, [...path, '00'.repeat(32)])).not.toBe(root);
        if (size > 1) expect(rootFromPath(leafHash(leaves[at] ?? ''), (at + 1) % size, size, path)).not.toBe(root);
      }
    }
  });
});
