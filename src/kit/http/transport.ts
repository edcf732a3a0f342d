import { createHash } from 'node:crypto';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import { createSecureContext, getCACertificates } from 'node:tls';
import axios from 'axios';
import { Failure } from '../failure.js';
import { step } from '../step.js';
import type { Base } from './address.js';
import type { HttpOptions } from './client.js';
import { type ItemsAsk, takeItems } from './items.js';
import { proxyEnvOf } from './proxy.js';
import { tooLargeToHash } from './transport-failure.js';

/** One request as it goes over the wire. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  /** Hash the body of a success instead of keeping it, up to so many bytes. */
  readonly digestUpTo?: number | undefined;
  /** Take the items of a success while it arrives. */
  readonly items?: ItemsAsk | undefined;
  /** On a connection of its own. */
  readonly alone: boolean;
  readonly signal: AbortSignal;
}

/** One answer, complete, decompressed, not yet understood. */
export interface WireAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty where the body was hashed; without the items that were taken. */
  readonly bytes: Buffer;
  readonly taken?: readonly unknown[];
  readonly digest?: { readonly sha256: string; readonly bytes: number };
}

/**
 * Sends one request and reads its whole answer, whatever its status. Rejects with whatever axios throws, which {@link transportFailure} reads, and with the Failure
 * of who takes the items.
 */
export type Transport = (request: WireRequest) => Promise<WireAnswer>;

/**
 * axios with everything switched off that could send credentials elsewhere or turn an error page into data: no redirects, no absolute
 * URLs, no cookies, no parsing, a size limit on the decompressed body. TLS 1.2 at least and always verified, whatever the environment says.
 *
 * Requests that must not be repeated go out on a connection of their own: a kept-alive one that the remote is just closing would leave
 * them in doubt. Both ends of each exchange are boundaries for the crash tests.
 * Fails with `config` when the client certificate and its key cannot be used.
 */
export function createTransport(
  base: Base,
  maxBytes: number,
  options: Pick<HttpOptions, 'ca' | 'clientCertificate' | 'proxy' | 'noProxy'>,
): Transport {
  const tls = {
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2' as const,
    ...(options.ca !== undefined && { ca: [...getCACertificates('default'), options.ca] }),
    ...(options.clientCertificate && ownCertificate(options.clientCertificate)),
  };
  const proxyEnv = proxyEnvOf(options);
  const way = proxyEnv === undefined ? {} : { proxyEnv };
  const agents = (keepAlive: boolean) =>
    base.secure ? { httpsAgent: new HttpsAgent({ keepAlive, ...tls, ...way }) } : { httpAgent: new HttpAgent({ keepAlive, ...way }) };
  const shared = agents(true);
  const single = agents(false);
  const client = axios.create({
    adapter: 'http',
    responseType: 'arraybuffer',
    transformRequest: [(data: unknown) => data],
    transformResponse: [(data: unknown) => data],
    maxRedirects: 0,
    allowAbsoluteUrls: false,
    baseURL: base.origin,
    // The agents know the way; axios would else take one from the environment that nobody checked.
    ...(proxyEnv === undefined && { proxy: false as const }),
    maxContentLength: maxBytes,
    maxBodyLength: maxBytes,
    validateStatus: () => true,
  });

  return async ({ method, url, headers, body, alone, signal, digestUpTo, items }) => {
    step();
    try {
      const answer = await client.request<Buffer | Readable>({
        method,
        url: url.slice(base.origin.length),
        headers: { ...headers },
        ...(body !== undefined && { data: typeof body === 'string' ? Buffer.from(body, 'utf8') : Buffer.from(body) }),
        signal,
        ...((digestUpTo !== undefined || items !== undefined) && { responseType: 'stream' as const }),
        ...(alone ? single : shared),
      });
      const content = Buffer.isBuffer(answer.data)
        ? { bytes: answer.data }
        : await readStream(answer.data, answer.status, maxBytes, { digestUpTo, items });
      return {
        status: answer.status,
        statusText: answer.statusText,
        headers: plainHeaders(answer.headers as Readonly<Record<string, unknown>>),
        ...content,
      };
    } finally {
      step();
    }
  };
}

/** The body of a success as its digest or its items, that of anything else as it is: an error is read like any other. */
async function readStream(
  stream: Readable,
  status: number,
  maxBytes: number,
  { digestUpTo, items }: Pick<WireRequest, 'digestUpTo' | 'items'>,
): Promise<Pick<WireAnswer, 'bytes' | 'taken' | 'digest'>> {
  const isSuccess = status >= 200 && status < 300;
  if (isSuccess && digestUpTo !== undefined)
    return { bytes: Buffer.alloc(0), digest: await digestOf(upTo(digestUpTo, stream, tooLargeToHash)) };
  const chunks = upTo(maxBytes, stream, 'maxContentLength');
  if (isSuccess && items !== undefined) return takeItems(chunks, items);
  const kept: Buffer[] = [];
  for await (const chunk of chunks) kept.push(chunk);
  return { bytes: Buffer.concat(kept) };
}

async function digestOf(chunks: AsyncIterable<Buffer>): Promise<NonNullable<WireAnswer['digest']>> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

async function* upTo(most: number, stream: Readable, objection: string): AsyncIterable<Buffer> {
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > most) throw new Error(objection);
    yield chunk;
  }
}

function ownCertificate({ certificate, privateKey, passphrase }: NonNullable<HttpOptions['clientCertificate']>) {
  const own = { cert: certificate, key: privateKey, ...(passphrase !== undefined && { passphrase }) };
  try {
    createSecureContext(own);
    return own;
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    throw new Failure('config', `the client certificate and its key cannot be used (${typeof code === 'string' ? code : 'unreadable'})`, {
      committed: 'no',
      hint: 'both must be PEM and belong together; an encrypted key needs its passphrase',
    });
  }
}

/** Lower-case names; without cookies, which are credentials that nobody here needs. */
function plainHeaders(headers: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name.toLowerCase() === 'set-cookie' || value === undefined || value === null) continue;
    plain[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : String(value as string | number);
  }
  return plain;
}
