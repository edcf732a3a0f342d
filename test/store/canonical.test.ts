import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/kit/index.js';
import { canonicalJson, contentOf, inHex, latestRecord } from '../../src/store/index.js';
import { keyHash, lookUpHash } from '../../src/store/database/key-hash.js';
import { entry, freshStore, incident, savePages } from './world.js';

const json = fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 }) as fc.Arbitrary<Json>;

function shuffled(value: Json): Json {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, member]) => [name, shuffled(member as Json)]),
  );
}

describe('canonical JSON', () => {
  test('is the same whatever order the keys came in', () => {
    fc.assert(fc.property(json, (value) => canonicalJson(shuffled(value)) === canonicalJson(value)));
  });

  test('is JSON of the same value, and its own canonical form', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text) as Json)).toBe(text);
        if (!/\\u/.test(JSON.stringify(value))) expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('sorts keys that objects would put elsewhere, and takes __proto__ for a plain name', () => {
    const value = JSON.parse('{"b":{"z":1,"a":2},"10":1,"9":2,"__proto__":{"x":1},"a":[{"d":1,"c":2}]}') as Json;
    expect(canonicalJson(value)).toBe('{"10":1,"9":2,"__proto__":{"x":1},"a":[{"c":2,"d":1}],"b":{"a":2,"z":1}}');
  });

  test('volatile fields are stored and not hashed', () => {
    const data: JsonObject = { b: 1, a: 2, calendar: 5 };
    expect(contentOf(data, ['calendar']).hash).toBe(contentOf({ ...data, calendar: 6 }, ['calendar']).hash);
    expect(contentOf({ ...data, calendar: 6 }, ['calendar']).json).toContain('"calendar":6');
    expect(contentOf(data, ['calendar']).hash).toBe(contentOf({ a: 2, b: 1 }).hash);
  });

  test('is, in hex, what sha256sum prints of the canonical JSON', () => {
    const data: JsonObject = { b: 'é', a: [1, null] };
    expect(inHex(contentOf(data).hash)).toBe(createHash('sha256').update('{"a":[1,null],"b":"é"}').digest('hex'));
  });
});

describe('the numbers that stand for a key', () => {
  test('rarely repeat in 32 bits, by which a key is looked up', () => {
    const seen = new Set(Array.from({ length: 200_000 }, (_, at) => lookUpHash(`INC${String(at).padStart(7, '0')}`)));
    expect([...seen].every((hash) => hash === (hash | 0))).toBe(true);
    // Five pairs are to be expected.
    expect(seen.size).toBeGreaterThanOrEqual(199_975);
  });

  test('do no harm when two keys share one', async () => {
    const keys = sharingOne();
    const store = await freshStore();
    const [first = '', second = ''] = keys;
    await savePages(store, [entry(first, { n: 1 })]);
    expect(await savePages(store, [entry(second, { n: 2 }), entry(first, { n: 1 })])).toMatchObject({ fresh: 1, changed: 0, unchanged: 1 });
    for (const key of keys) expect((await latestRecord(store.read, incident(key)))?.record.data['key']).toBe(key);
  });

  test('hardly ever repeat in 52 bits, which stand for the key alone', () => {
    const seen = new Set<number>();
    for (let at = 0; at < 200_000; at += 1) {
      seen.add(keyHash(`INC${String(at).padStart(7, '0')}`));
    }
    expect([...seen].every((hash) => Number.isSafeInteger(hash) && hash >= 0)).toBe(true);
    expect(seen.size).toBeGreaterThanOrEqual(199_999);
  });
});

/** Two keys with the same number. */
function sharingOne(): readonly string[] {
  const seen = new Map<number, string>();
  for (let at = 0; ; at += 1) {
    const key = `key ${at}`;
    const before = seen.get(lookUpHash(key));
    if (before !== undefined) return [before, key];
    seen.set(lookUpHash(key), key);
  }
}
