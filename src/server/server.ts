import fastify, { type FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.js';

/** Whether the daemon does its work, and what keeps it from it. */
export interface Health {
  /** The database takes writes and the schedule is alive. A remote system that is down does not make the daemon unready. */
  readonly ready: boolean;
  /** Why not, one sentence each. */
  readonly reasons: readonly string[];
  /** What works only in part: a paused system, a late stream. */
  readonly degraded: readonly string[];
}

export interface ServerOptions {
  readonly host: string;
  readonly port: number;
  readonly version: string;
  readonly health: () => Promise<Health>;
  readonly metrics: Metrics;
  /** Brings the gauges up to date before they are scraped. */
  readonly refresh: () => Promise<void>;
}

/** Serves `/livez`, `/readyz`, `/metrics` and `/version`; answers from a read connection, so a long pull does not hold it up. */
export async function startServer(options: ServerOptions): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = fastify({ logger: false, bodyLimit: 65_536, requestTimeout: 10_000 });
  addSecurityHeaders(server);
  server.get('/livez', () => ({ status: 'ok' }));
  server.get('/version', () => ({ version: options.version }));
  server.get('/readyz', async (_request, reply) => {
    const health = await options.health();
    const status = health.ready ? (health.degraded.length > 0 ? 'degraded' : 'ok') : 'unready';
    return reply.code(health.ready ? 200 : 503).send({ status, reasons: health.reasons, degraded: health.degraded });
  });
  server.get('/metrics', async (_request, reply) => {
    await options.refresh();
    return reply.type(options.metrics.registry.contentType).send(await options.metrics.registry.metrics());
  });
  const url = await server.listen({ host: options.host, port: options.port });
  return { url, close: () => server.close() };
}

function addSecurityHeaders(server: FastifyInstance): void {
  // Not an async hook: a reply is a thenable that resolves when it was sent, and awaiting it here would wait for ever.
  server.addHook('onSend', (_request, reply, _payload, done) => {
    void reply.headers({
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    done();
  });
}
