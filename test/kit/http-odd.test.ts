import { afterAll, afterEach, expect, test } from '@jest/globals';
import nock from 'nock';
import { clientFor, failureOf, read, write } from './client.js';

afterEach(() => {
  nock.cleanAll();
});
afterAll(() => nock.restore()); // the next file in this process has a nock of its own: two would both answer

const site = 'https://acme.example';

test.each([
  ['CERT_HAS_EXPIRED', 'config', 'no'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'config', 'no'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'config', 'no'],
  ['EAI_AGAIN', 'transient', 'no'],
  ['ECONNRESET', 'transient', 'maybe'],
  ['ETIMEDOUT', 'transient', 'maybe'],
  ['EPIPE', 'transient', 'maybe'],
  ['HPE_INVALID_CONSTANT', 'transient', 'maybe'],
])('%s is %s, and delivery is proven not to have happened: %s', async (code, kind, committed) => {
  nock(site)
    .post('/api/things')
    .times(9)
    .replyWithError(Object.assign(new Error(code), { code }));
  expect(await failureOf(clientFor(site).client.request(write))).toMatchObject({ kind, details: { committed } });
});

test('a connection that timed out while being made proves non-delivery; one that timed out later does not', async () => {
  nock(site)
    .post('/api/things')
    .times(9)
    .replyWithError(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT', syscall: 'connect' }));
  expect((await failureOf(clientFor(site).client.request(write))).details.committed).toBe('no');
});

test('a connector that throws while it looks at an answer is a defect of the connector, not of the answer', async () => {
  nock(site).get('/api/things').reply(200, {});
  const classify = (): undefined => {
    throw new TypeError("cannot read 'x'");
  };
  const failure = await failureOf(clientFor(site, { classify }).client.request(read));
  expect(failure).toMatchObject({ kind: 'contract', message: "cannot read 'x'" });
});
