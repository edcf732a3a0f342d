import type { ConnectorContext, JsonObject, Log } from 'golden-thread/kit';
import { createHttp, redactor } from '../host.js';

/** A context as core makes it, for a connector under test: the real HTTP client with short backoffs, a log that is kept, credentials in memory. */
export function testContext(options: {
  readonly system: string;
  readonly wanted?: ConnectorContext['wanted'];
  /** Taken out of everything, as core does with what `secretsIn` finds. */
  readonly secrets?: readonly string[];
  readonly signal?: AbortSignal;
  /** How often a request is repeated at most. Default 1. */
  readonly retries?: number;
}): { readonly context: ConnectorContext; readonly lines: readonly string[]; readonly stored: ReadonlyMap<string, string> } {
  const { system, wanted = {}, secrets = [], signal = new AbortController().signal, retries = 1 } = options;
  const lines: string[] = [];
  const stored = new Map<string, string>();
  const write =
    (level: string) =>
    (message: string, details?: JsonObject): void => {
      lines.push(JSON.stringify({ level, message, ...details }));
    };
  const log: Log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const http = createHttp({ system, log, signal, redact: redactor(secrets), retries: { most: retries, firstMs: 20 } });
  const credentials: ConnectorContext['credentials'] = {
    get: (name) => Promise.resolve(stored.get(name)),
    put: (name, value) => {
      stored.set(name, value);
      return Promise.resolve();
    },
  };
  return { context: { system, http, log, signal, wanted, credentials }, lines, stored };
}
