import { connect } from 'node:net';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Failure } from '../../src/kit/index.js';
import { makeCertificate } from './certificate.js';
import { basic, canary, clientFor, failureOf, read, write } from './client.js';

const server = makeCertificate();
const ours = makeCertificate('golden-thread');
const stranger = makeCertificate('somebody-else');
const there = server === undefined || ours === undefined || stranger === undefined ? describe.skip : describe;
const because = server === undefined ? ' (skipped: there is no openssl to make certificates with)' : '';

const portOf = (one: HttpServer | Server): number => (one.address() as AddressInfo).port;
const listen = (one: HttpServer | Server): Promise<void> => new Promise((resolve) => one.listen(0, '127.0.0.1', resolve));

there(`the way to a remote${because}`, () => {
  let remote: Server;
  let proxy: HttpServer;
  let asked: { readonly url: string; readonly authorization: string | undefined }[] = [];
  let verdict = 200;
  let wantsCertificate = false;
  let requests = 0;

  beforeAll(async () => {
    remote = createServer({ ...server, ca: ours?.cert, requestCert: true, rejectUnauthorized: false }, (request, response) => {
      requests += 1;
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ from: subject?.CN ?? null, seen: Object.keys(request.headers) }));
    });
    remote.on('secureConnection', (socket: TLSSocket) => {
      if (wantsCertificate && !socket.authorized) socket.destroy();
    });
    proxy = createHttpServer((request, response) => {
      asked.push({ url: request.url ?? '', authorization: request.headers['proxy-authorization'] });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
    proxy.on('connect', (request, socket: Socket) => {
      asked.push({ url: request.url ?? '', authorization: request.headers['proxy-authorization'] });
      if (verdict !== 200) {
        socket.end(`HTTP/1.1 ${verdict} No\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      const [, port = ''] = (request.url ?? '').split(':');
      const onward = connect(Number(port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      for (const one of [onward, socket]) one.on('error', () => socket.destroy());
    });
    await Promise.all([listen(remote), listen(proxy)]);
  });
  afterAll(() => {
    for (const one of [remote, proxy]) {
      one.closeAllConnections();
      one.close();
    }
  });
  beforeEach(() => {
    asked = [];
    verdict = 200;
    wantsCertificate = false;
    requests = 0;
  });

  const url = (): string => `https://localhost:${portOf(remote)}`;
  const through = (): string => `http://127.0.0.1:${portOf(proxy)}`;
  const ca = server?.cert ?? '';

  test('leads through the proxy, with its credentials, and what is said stays between us and the remote', async () => {
    const { client, lines } = clientFor(url(), { ca, proxy: { url: through(), username: 'svc@acme', password: canary } });

    const { body } = await client.request(read);

    expect(asked).toEqual([
      { url: `localhost:${portOf(remote)}`, authorization: `Basic ${Buffer.from(`svc@acme:${canary}`).toString('base64')}` },
    ]);
    expect((body as { readonly seen: readonly string[] }).seen).not.toContain('proxy-authorization');
    expect(lines.join()).not.toContain(canary);
  });

  test('is taken by writes too, each on a connection of its own', async () => {
    const { client } = clientFor(url(), { ca, proxy: { url: through() } });
    await client.request(write);
    await client.request(write);
    expect([asked.length, requests]).toEqual([2, 2]);
  });

  test('is taken by plain http as well, where the proxy sees everything', async () => {
    const { client } = clientFor('http://acme.example:8080', { proxy: { url: through(), username: 'svc', password: canary } });
    await client.request(read);
    expect(asked).toEqual([{ url: 'http://acme.example:8080/api/things', authorization: basic }]);
  });

  test('is straight to hosts that noProxy names', async () => {
    const { client } = clientFor(url(), { ca, proxy: { url: through() }, noProxy: ['localhost'] });
    await client.request(read);
    expect(asked).toEqual([]);
  });

  test('is that of the environment where the settings name none', async () => {
    process.env['HTTPS_PROXY'] = through();
    try {
      await clientFor(url(), { ca }).client.request(read);
    } finally {
      delete process.env['HTTPS_PROXY'];
    }
    expect(asked).toHaveLength(1);
  });

  test.each([
    [407, 'config', /wants credentials/],
    [403, 'config', /made no way/],
    [502, 'transient', /made no way/],
  ])('refused by the proxy (%i) is no answer of the remote, and nothing was delivered', async (status, kind, message) => {
    verdict = status;
    const { client } = clientFor(url(), { ca, proxy: { url: through(), username: 'svc', password: canary } });

    const failure = await failureOf(client.request(write));

    expect([failure.kind, failure.details.committed]).toEqual([kind, 'no']);
    expect(failure.message).toMatch(message);
    expect(JSON.stringify([failure.message, failure.details])).not.toContain(canary);
    expect(requests).toBe(0);
  });

  test('verifies the certificate of the remote through the proxy too', async () => {
    const failure = await failureOf(clientFor(url(), { proxy: { url: through() } }).client.request(write));
    expect(failure).toMatchObject({ kind: 'config', details: { committed: 'no' } });
    expect(requests).toBe(0);
  });

  test('shows our certificate to a remote that asks for one', async () => {
    wantsCertificate = true;
    const clientCertificate = { certificate: ours?.cert ?? '', privateKey: ours?.key ?? '' };
    const { body } = await clientFor(url(), { ca, clientCertificate }).client.request(read);
    expect(body).toMatchObject({ from: 'golden-thread' });
  });

  test('ends at a remote that insists on a certificate where we have none, and that is a matter of credentials', async () => {
    const strict = createServer({ ...server, ca: ours?.cert, requestCert: true, rejectUnauthorized: true }, (_request, response) => {
      requests += 1;
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
    await listen(strict);
    try {
      const { client } = clientFor(`https://localhost:${portOf(strict)}`, { ca }, { retries: { most: 0, firstMs: 1 } });
      expect(await failureOf(client.request(write))).toMatchObject({ kind: 'auth', details: { committed: 'no' } });
      expect(requests).toBe(0);
    } finally {
      strict.closeAllConnections();
      strict.close();
    }
  });

  test.each([
    ['a key of another certificate', { certificate: ours?.cert ?? '', privateKey: stranger?.key ?? '' }],
    ['no PEM at all', { certificate: 'hello', privateKey: canary }],
  ])('%s is refused before anything is sent, without showing it', (_what, clientCertificate) => {
    let thrown: unknown;
    try {
      clientFor(url(), { ca, clientCertificate });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(Failure);
    expect(thrown).toMatchObject({ kind: 'config', message: expect.stringMatching(/cannot be used/) });
    expect(String(thrown)).not.toContain(canary);
  });
});
