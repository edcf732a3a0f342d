import type { Failure, HttpAnswer, HttpClient, HttpOptions, JsonObject } from 'golden-thread/kit';
import { createHttp, type HttpMeasurement, type HttpWiring, isFailure, redactor } from '../../src/kit/host.js';

export const canary = 'c4n4ry+/=&"secret';
export const basic = `Basic ${Buffer.from(`svc:${canary}`).toString('base64')}`;

/** A client as core makes it, with everything that it logged and measured. */
export function clientFor(
  url: string,
  options: Partial<HttpOptions> = {},
  wiring: Partial<HttpWiring> = {},
): { readonly client: HttpClient; readonly lines: string[]; readonly measured: HttpMeasurement[] } {
  const lines: string[] = [];
  const measured: HttpMeasurement[] = [];
  const write = (message: string, details?: JsonObject): void => void lines.push(JSON.stringify({ message, ...details }));
  const http = createHttp({
    system: 'acme',
    log: { debug: write, info: write, warn: write, error: write },
    signal: new AbortController().signal,
    redact: redactor([canary]),
    observe: (one) => measured.push(one),
    retries: { most: 3, firstMs: 5 },
    ...wiring,
  });
  return { client: http({ baseUrl: url, authorize: () => Promise.resolve({ authorization: basic }), ...options }), lines, measured };
}

/** The Failure that a request ends with. */
export async function failureOf(answer: Promise<HttpAnswer>): Promise<Failure> {
  const outcome = await answer.catch((error: unknown) => error);
  if (!isFailure(outcome)) throw new Error(`expected a Failure, got ${JSON.stringify(outcome)}`);
  return outcome;
}

export const read = { method: 'GET', path: '/api/things', route: '/api/things' } as const;
export const write = { method: 'POST', path: '/api/things', route: '/api/things', body: { name: 'one' } } as const;
