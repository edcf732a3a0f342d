import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { itemsOf, readItems } from '../../src/kit/http/items.js';
import { clientFor, failureOf, read } from './client.js';
import { type Loopback, startLoopback, text } from './loopback.js';

const asIs = { of: 'result', take: (item: unknown) => item };

describe('the items of a long list, read piece by piece', () => {
  const nasty = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('},{', '"},{"', '}]}', '\\"},{', '{"result":[{', 'é},{€'));
  const value = fc.letrec((tie) => ({
    any: fc.oneof({ maxDepth: 3 }, nasty, fc.integer(), fc.constant(null), tie('list'), tie('object')),
    list: fc.array(tie('any'), { maxLength: 3 }),
    object: fc.dictionary(nasty, tie('any'), { maxKeys: 4 }),
  }));

  test('are those of the answer parsed whole, whatever they hold and wherever a piece ends', () => {
    let pieced = 0;
    fc.assert(
      fc.property(fc.array(value.object, { maxLength: 12 }), fc.integer({ min: 1, max: 60 }), (list, pieceBytes) => {
        const answer = JSON.stringify({ result: list });
        const read = readItems(Buffer.from(answer), asIs, pieceBytes);
        if (read === undefined) return;
        pieced += 1;
        expect(read).toEqual({ value: { result: [] }, items: (JSON.parse(answer) as { readonly result: readonly unknown[] }).result });
      }),
      { numRuns: 2000 },
    );
    expect(pieced).toBeGreaterThan(500);
  });

  test.each([
    '{"result":[]}',
    '{"result":[1,{"a":1}]}',
    '{"result":[{"a":1}],"error":{"message":"cut"}}',
    '{"result":[{"a":1},{"b":2}],"more":[{"c":3},{"d":4}]}',
    '{ "result": [{"a":1}]}',
    '{"result":[{"a":1}, {"b":2}]}',
    '{"error":[{"a":1}]}',
    '{"result":{"a":1}}',
    '[{"a":1}]',
    'null',
  ])('%s is read as it would be parsed whole', (answer) => {
    const whole = JSON.parse(answer) as Parameters<typeof itemsOf>[0];
    const piece = readItems(Buffer.from(answer), asIs, 1);
    expect(piece?.items ?? itemsOf(whole, asIs)).toEqual(itemsOf(whole, asIs));
  });

  test('an answer full of ends that are none is parsed whole after a few tries', () => {
    const answer = JSON.stringify({ result: [{ text: '},{'.repeat(1000) }, { a: 1 }] });
    expect(readItems(Buffer.from(answer), asIs, 1)).toBeUndefined();
  });
});

describe('a request that names a list', () => {
  let server: Loopback;
  beforeAll(async () => {
    server = await startLoopback();
  });
  afterAll(() => server.close());
  const asJson = { 'content-type': 'application/json' };
  const ask = { ...read, items: { of: 'result', take: (item: unknown) => JSON.stringify(item) } };

  test('gets what was taken from each of its items, however the answer is written, and none where there is no such list', async () => {
    server.answer(
      text('{"result":[{"a":1},{"a":2}]}', 200, asJson),
      text('{\n "result": [ {"a":1}, {"a":2} ] }', 200, asJson),
      text('{"result":"none"}', 200, asJson),
    );
    const { client } = clientFor(server.url);
    expect((await client.request(ask)).items).toEqual(['{"a":1}', '{"a":2}']);
    expect((await client.request(ask)).items).toEqual(['{"a":1}', '{"a":2}']);
    expect((await client.request(ask)).items).toEqual([]);
  });

  test('gets a failure, and not the items before it, where the answer is malformed further on', async () => {
    const good = Array.from({ length: 5000 }, (_, n) => `{"number":"INC${n}","text":"${'x'.repeat(40)}"}`).join(',');
    const bad = text(`{"result":[${good},{"number":INC}]}`, 200, asJson);
    server.answer(bad, bad, bad, bad);
    const failure = await failureOf(clientFor(server.url).client.request(ask));
    expect(failure.kind).toBe('transient');
    expect(failure.message).toContain('malformed');
  });
});
