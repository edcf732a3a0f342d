import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { clientFor, failureOf, read } from './client.js';
import { json, type Loopback, startLoopback, text } from './loopback.js';

describe('a file is read for its digest', () => {
  let loopback: Loopback;
  beforeEach(async () => {
    loopback = await startLoopback();
  });
  afterEach(() => loopback.close());
  const content = Buffer.from('\0\u00ffnot JSON at all'.repeat(1000), 'latin1');
  const digest = { sha256: createHash('sha256').update(content).digest('hex'), bytes: content.length };

  test('whatever its type, and nothing of it is kept', async () => {
    loopback.answer(text(content, 200, { 'content-type': 'image/png' }));
    const answer = await clientFor(loopback.url).client.request({ ...read, digestUpTo: content.length });
    expect([answer.digest, answer.body]).toEqual([digest, undefined]);
  });

  test('one byte more than allowed is not read on, and is that one file’s matter', async () => {
    loopback.answer(text(content, 200, { 'content-type': 'image/png' }));
    const failure = await failureOf(clientFor(loopback.url).client.request({ ...read, digestUpTo: content.length - 1 }));
    expect(failure.kind).toBe('record');
  });

  test('an error in its place is an error, not a digest', async () => {
    loopback.answer(json({ error: { message: 'No Record found' } }, 404));
    const failure = await failureOf(clientFor(loopback.url).client.request({ ...read, digestUpTo: 10 }));
    expect([failure.kind, failure.message]).toEqual(['config', expect.stringContaining('No Record found')]);
  });

  test('a file that breaks off is asked for again', async () => {
    const cut: Parameters<Loopback['answer']>[0] = (_request, response, socket) => {
      response.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, 10), () => socket.destroy());
    };
    loopback.answer(cut, text(content));
    const answer = await clientFor(loopback.url).client.request({ ...read, digestUpTo: content.length });
    expect(answer.digest).toEqual(digest);
    expect(loopback.seen).toHaveLength(2);
  });
});
