import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { isMap, isPair, isScalar, isSeq, parseDocument } from 'yaml';
import { describeFailure } from '../../src/kit/index.js';
import { loadMappings } from '../../src/mapping/index.js';
import { load, shipped } from './folder.js';

interface Place {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Every key of the format: not rows of tables, not names inside facts or push fields, which people choose. */
function formatKeys(source: string, isPush: boolean): readonly Place[] {
  const found: Place[] = [];
  const visit = (node: unknown): void => {
    if (isSeq(node)) for (const item of node.items) visit(item);
    if (!isMap(node)) return;
    for (const pair of node.items) {
      if (!isPair(pair) || !isScalar(pair.key)) continue;
      const key = String(pair.key.value);
      const [start = 0, end = 0] = pair.key.range ?? [];
      found.push({ text: key, start, end });
      if (key === 'links' || (key === 'fields' && !isPush)) visit(pair.value);
    }
  };
  visit(parseDocument(source).contents);
  return found;
}

const files = loadMappings(shipped).mappings.map(({ file, kind }) => ({ name: file.slice(shipped.length + 1), kind }));

describe('one letter wrong in a shipped mapping', () => {
  test.each(files)('$name: every key is missed, with its line and a suggestion', ({ name, kind }) => {
    const source = readFileSync(join(shipped, name), 'utf8');
    const keys = formatKeys(source, kind === 'push');
    expect(keys.length).toBeGreaterThan(3);
    for (const { text, start, end } of keys) {
      // A letter too many, as fingers make it.
      const wrong = `${text}x`;
      const line = source.slice(0, start).split('\n').length;
      const { problems } = load({ 'a.yaml': `${source.slice(0, start)}${wrong}${source.slice(end)}` });
      const said = problems.map(describeFailure);
      expect(said.filter((problem) => problem.includes(`a.yaml:${line}:`) && problem.includes(`did you mean "${text}"?`))).not.toEqual([]);
    }
  });
});
