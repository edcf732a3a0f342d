import { createServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeCertificate, makeExpiredCertificate } from './certificate.js';
import { clientFor, failureOf, read, write } from './client.js';

const made = makeCertificate();

async function serve(options: ServerOptions): Promise<{ readonly at: number; readonly close: () => void }> {
  const server = createServer(options, (_request, response) => response.writeHead(500).end());
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return { at: (server.address() as AddressInfo).port, close: () => void (server.closeAllConnections(), server.close()) };
}
const there = made === undefined ? describe.skip : describe;

there(`certificates are verified${made === undefined ? ' (skipped: there is no openssl to make one with)' : ''}`, () => {
  let server: Server;
  let port = 0;
  let requests = 0;
  beforeAll(async () => {
    server = createServer({ ...made }, (_request, response) => {
      requests += 1;
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test('one that nobody vouches for is refused, even where the environment says otherwise later, and nothing is delivered', async () => {
    const { client } = clientFor(`https://localhost:${port}`);
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      const failure = await failureOf(client.request(write));
      expect(failure).toMatchObject({ kind: 'config', details: { committed: 'no' } });
      expect(failure.message).toContain('certificate');
      expect(requests).toBe(0);
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
  });

  test('an environment that switches verification off is refused at the start, with a sentence', () => {
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      expect(() => clientFor(`https://localhost:${port}`)).toThrow(/NODE_TLS_REJECT_UNAUTHORIZED=0 .*does not run so/);
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
  });

  test('a private authority is trusted once it is named', async () => {
    const { client } = clientFor(`https://localhost:${port}`, { ca: made?.cert ?? '' });
    expect((await client.request(read)).body).toEqual({});
  });

  test('a certificate for another host is refused although its authority is trusted', async () => {
    const { client } = clientFor(`https://127.0.0.1:${port}`, { ca: made?.cert ?? '' });
    expect(await failureOf(client.request(write))).toMatchObject({ kind: 'config', details: { committed: 'no' } });
  });

  test('one that has expired is refused although its authority is trusted, and nothing is delivered', async () => {
    const expired = makeExpiredCertificate();
    if (expired === undefined) throw new Error('openssl makes no certificate of the past');
    const { at, close } = await serve({ ...expired });
    try {
      const failure = await failureOf(clientFor(`https://localhost:${at}`, { ca: expired.cert }).client.request(write));
      expect(failure).toMatchObject({ kind: 'config', details: { committed: 'no' } });
      expect(failure.message).toContain('CERT_HAS_EXPIRED');
    } finally {
      close();
    }
  });

  test('a remote that speaks nothing newer than TLS 1.1 is refused, and nothing is delivered', async () => {
    const { at, close } = await serve({ ...made, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' });
    try {
      const failure = await failureOf(clientFor(`https://localhost:${at}`, { ca: made?.cert ?? '' }).client.request(write));
      expect(failure).toMatchObject({ kind: 'transient', details: { committed: 'no' } });
      expect(failure.message).toContain('TLS handshake failed');
    } finally {
      close();
    }
  });
});
