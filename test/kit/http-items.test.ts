import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { itemsOf, takeItems } from '../../src/kit/http/items.js';
import type { Json } from '../../src/kit/json.js';
import { Failure } from '../../src/kit/index.js';
import { clientFor, failureOf, read } from './client.js';
import { type Loopback, startLoopback, text } from './loopback.js';

const asIs = { of: 'result', take: (item: unknown) => item };

/** An answer that arrives in chunks of so many bytes. */
async function* arriving(answer: string | Buffer, chunkBytes: number): AsyncIterable<Buffer> {
  const bytes = Buffer.from(answer);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    await Promise.resolve();
    yield bytes.subarray(at, at + chunkBytes);
  }
}

/** What arrives, read a piece at a time: what was taken on the way, and all items in the end. */
async function readPieces(answer: string, chunkBytes: number, pieceBytes: number) {
  const { bytes, taken } = await takeItems(arriving(answer, chunkBytes), asIs, pieceBytes);
  const rest = JSON.parse(bytes.toString()) as Json;
  return { taken, rest, items: [...taken, ...itemsOf(rest, asIs)] };
}

describe('the items of a long list, read piece by piece', () => {
  const nasty = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('},{', '"},{"', '}]}', '\\"},{', '{"result":[{', 'é},{€'));
  const value = fc.letrec((tie) => ({
    any: fc.oneof({ maxDepth: 3 }, nasty, fc.integer(), fc.constant(null), tie('list'), tie('object')),
    list: fc.array(tie('any'), { maxLength: 3 }),
    object: fc.dictionary(nasty, tie('any'), { maxKeys: 4 }),
  }));
  const sizes = fc.record({ chunkBytes: fc.integer({ min: 1, max: 80 }), pieceBytes: fc.integer({ min: 1, max: 60 }) });

  test('are those of the answer parsed whole, whatever they hold and wherever a piece or a chunk ends', async () => {
    let pieced = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(value.object, { maxLength: 12 }), sizes, async (list, { chunkBytes, pieceBytes }) => {
        const answer = JSON.stringify({ result: list, more: 1 });
        const { taken, rest, items } = await readPieces(answer, chunkBytes, pieceBytes);
        const whole = JSON.parse(answer) as { readonly result: readonly unknown[] };
        expect(items).toEqual(whole.result);
        expect({ ...(rest as object), result: [] }).toEqual({ ...whole, result: [] });
        if (taken.length > 0) pieced += 1;
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
  ])('%s is read as it would be parsed whole', async (answer) => {
    const { items } = await readPieces(answer, 1, 1);
    expect(items).toEqual(itemsOf(JSON.parse(answer) as Json, asIs));
  });

  test('stand in memory no longer than until they are taken', async () => {
    const list = Array.from({ length: 10_000 }, (_, n) => ({ number: n, text: 'x'.repeat(200) }));
    const { bytes, taken } = await takeItems(arriving(JSON.stringify({ result: list }), 65_536), asIs);
    expect(taken.length).toBeGreaterThan(9_000);
    expect(bytes.length).toBeLessThan(200_000);
    expect(bytes.buffer.byteLength).toBeLessThan(400_000);
  });

  test('an answer full of ends that are none is left whole after a few tries', async () => {
    let parsed = 0;
    const parse = JSON.parse;
    JSON.parse = (...args: Parameters<typeof JSON.parse>): unknown => ((parsed += 1), parse(...args));
    const answer = JSON.stringify({ result: [{ text: '},{'.repeat(1000) }, { a: 1 }] });
    const read = await takeItems(arriving(answer, 10), asIs, 1).finally(() => (JSON.parse = parse));
    expect(read).toEqual({ bytes: Buffer.from(answer), taken: [] });
    expect(parsed).toBeLessThan(40);
  });

  test('what is no UTF-8 stays in what is left', async () => {
    const answer = Buffer.from('{"result":[{"a":"x"},{"a":"?"},{"a":"z"}]}');
    answer[answer.indexOf('?')] = 0xff;
    const { bytes } = await takeItems(arriving(answer, 1), asIs, 1);
    expect(bytes.includes(0xff)).toBe(true);
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

  test('fails as who takes the items fails, and is not repeated', async () => {
    const long = text(JSON.stringify({ result: Array.from({ length: 5000 }, (_, a) => ({ a, text: 'x'.repeat(40) })) }), 200, asJson);
    server.answer(long);
    const take = (): never => {
      throw new Failure('config', 'there is no such column');
    };
    const failure = await failureOf(clientFor(server.url).client.request({ ...read, items: { of: 'result', take } }));
    expect([failure.kind, failure.message]).toEqual(['config', 'there is no such column']);
  });

  test('asks again for an answer that breaks off, and has each item once', async () => {
    const rows = Array.from({ length: 5000 }, (_, a) => ({ a, text: 'x'.repeat(40) }));
    const content = JSON.stringify({ result: rows });
    server.answer(
      (_request, response, socket) => {
        response.writeHead(200, { ...asJson, 'content-length': content.length }).write(content.slice(0, 150_000), () => socket.destroy());
      },
      text(gzipSync(content), 200, { ...asJson, 'content-encoding': 'gzip' }),
    );
    expect((await clientFor(server.url).client.request(ask)).items).toEqual(rows.map((row) => JSON.stringify(row)));
  });

  test('fails in time where the answer stops in the middle', async () => {
    server.answer((_request, response) => {
      response.writeHead(200, asJson).write(`{"result":[${'{"a":1},'.repeat(20_000)}`);
    });
    const failure = await failureOf(clientFor(server.url, { attemptMs: 200, deadlineMs: 300 }).client.request(ask));
    expect([failure.kind, failure.message]).toEqual(['transient', expect.stringContaining('had no complete answer')]);
  });

  test('gets no items of an answer that is an error', async () => {
    server.answer(text('{"result":[{"a":1}],"error":{"message":"no"}}', 403, asJson));
    const { client } = clientFor(server.url);
    expect((await failureOf(client.request(ask))).message).toContain('no');
  });

  test('fails where the answer is larger than allowed', async () => {
    const long = text(JSON.stringify({ result: Array.from({ length: 5000 }, (_, a) => ({ a, text: 'x'.repeat(40) })) }), 200, asJson);
    server.answer(long);
    const failure = await failureOf(clientFor(server.url, { maxBytes: 100_000 }).client.request(ask));
    expect([failure.kind, failure.message]).toEqual(['contract', expect.stringContaining('larger than allowed')]);
  });
});
