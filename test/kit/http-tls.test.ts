import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { clientFor, failureOf, read, write } from './client.js';

/** A private authority's certificate for `localhost`, made for this run; undefined where there is no openssl. */
function makeCertificate(): { readonly key: string; readonly cert: string } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'golden-thread-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const wanted = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
  try {
    execFileSync('openssl', ['req', ...wanted, '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert], {
      stdio: 'ignore',
    });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const made = makeCertificate();
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

  test('one that nobody vouches for is refused, even where the environment says otherwise, and nothing is delivered', async () => {
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      const failure = await failureOf(clientFor(`https://localhost:${port}`).client.request(write));
      expect(failure).toMatchObject({ kind: 'config', details: { committed: 'no' } });
      expect(failure.message).toContain('certificate');
      expect(requests).toBe(0);
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
});
