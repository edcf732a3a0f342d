import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addressForm, addressFrom } from '../../src/store/records/address.js';
import { entry, freshStore, incident, savePages } from './world.js';
import { latestRecord } from '../../src/store/index.js';

const ref = (key: string) => ({ system: 'snow', stream: 'incident', key });

describe('a record’s address', () => {
  test('is what it was, whatever stands in it, in the key and in the number', () => {
    const part = fc.string({ unit: fc.constantFrom('a', '1', '/', '?', '{', '$&', '$1', 'é', '%3D') });
    fc.assert(
      fc.property(part, part, part, part, (before, key, number, behind) => {
        for (const url of [`https://x/${before}${key}${behind}`, `https://x/${number}${before}`, before]) {
          expect(addressFrom(addressForm({ url, ref: ref(key), number }), key, number)).toBe(url);
        }
      }),
    );
  });

  test('is kept once for all records whose addresses differ by key or number alone', async () => {
    const store = await freshStore();
    await savePages(store, [entry('a'), entry('b'), entry('c')]);
    await savePages(store, [entry('d')]);
    expect(await store.read.selectFrom('address').selectAll().execute()).toHaveLength(1);
    expect((await latestRecord(store.read, incident('c')))?.record.url).toBe('https://snow.test/c');
  });

  test('holds no control character, which no address has', () => {
    const record = { url: 'https://x/\u0001\u0002\0/k', ref: ref('k'), number: 'N' };
    expect(addressFrom(addressForm(record), 'k', 'N')).toBe('https://x/\ufffd\ufffd\ufffd/k');
  });
});
