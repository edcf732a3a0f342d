import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { TLSSocket } from 'node:tls';
import { control } from './control-api.js';
import { type Fault, applyFault } from './faults.js';
import type { Instance } from './instance.js';
import { type Queues, type Waited, createQueues } from './queues.js';
import { rateRuleId } from './rate-limit.js';
import { type Reply, payloadTooLarge } from './replies.js';
import { type ApiOutcome, type ApiRequest, answer } from './table-api.js';

/** `glide.rest.max_content_length` */
const maxContentLength = 10_485_760;

/** PEM of the simulator's own certificate and key, and of the authority whose client certificates it believes. */
export interface TlsOptions {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/** The HTTP side: reads requests, lets faults strike, notes everything in the journal, sends answers with the instance's headers. */
export function createSimulatorServer(instance: Instance, tls?: TlsOptions): Server {
  const queues = createQueues();
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    serve(instance, queues, request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'text/plain' });
      response.end(`simulator: ${error instanceof Error ? error.stack : String(error)}`);
    });
  };
  const server: Server =
    tls === undefined ? createServer(listener) : createTlsServer({ ...tls, requestCert: true, rejectUnauthorized: false }, listener);
  server.keepAliveTimeout = 60_000;
  return server;
}

async function serve(instance: Instance, queues: Queues, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const bytes = await readBody(request);
  const body = bytes.toString('utf8');
  const url = new URL(request.url ?? '/', 'http://simulator');
  const method = overridden(request);
  if (url.pathname.startsWith('/_sim/')) {
    const reply = control(instance, { method, path: url.pathname, query: url.searchParams, body });
    response.writeHead(reply.status, reply.headers).end(reply.body);
    return;
  }
  const asked: ApiRequest = {
    method,
    path: url.pathname,
    search: url.search,
    query: url.searchParams,
    headers: request.headers,
    body,
    bytes,
    baseUrl: `${request.socket instanceof TLSSocket ? 'https' : 'http'}://${request.headers.host ?? 'localhost'}`,
    ...certificateOf(request),
  };
  const { latencyMs } = instance.switches;
  const waited = latencyMs > 0 ? await queues.wait(instance.switches, request.headers.cookie) : noWait;
  if ('refused' in waited) {
    note(instance, asked, waited.refused, undefined, {});
    send(instance, request, response, waited.refused, noWait);
    return;
  }
  const fault = instance.faults.pick(method, url.pathname, url.search);
  const { reply, outcome } = fault ? strike(instance, fault, asked) : plain(instance, asked);
  note(instance, asked, reply, fault, outcome);
  send(instance, request, response, reply, waited);
}

const noWait: Waited = { semaphoreMs: 0, sessionMs: 0 };

function plain(instance: Instance, asked: ApiRequest): { reply: Reply; outcome: Partial<ApiOutcome> } {
  const outcome =
    asked.body.length > maxContentLength ? { reply: payloadTooLarge(asked.body.length, maxContentLength) } : answer(instance, asked);
  return { reply: outcome.reply, outcome };
}

function strike(instance: Instance, fault: Fault, asked: ApiRequest): { reply: Reply; outcome: Partial<ApiOutcome> } {
  let outcome: Partial<ApiOutcome> = {};
  const reply = applyFault(fault, instance.clock.now(), rateRuleId, () => {
    const carried = plain(instance, asked);
    outcome = carried.outcome;
    return carried.reply;
  });
  return { reply, outcome };
}

function note(instance: Instance, asked: ApiRequest, reply: Reply, fault: Fault | undefined, outcome: Partial<ApiOutcome>): void {
  instance.journal.add({
    at: new Date(instance.clock.now()).toISOString(),
    method: asked.method,
    path: asked.path,
    query: Object.fromEntries(asked.query),
    body: asked.path === '/oauth_token.do' ? '(credentials)' : asked.body,
    user: outcome.user ?? '',
    status: reply.kind === 'http' ? reply.status : 0,
    ...(fault && { fault: fault.kind }),
    ...(outcome.committed && { committed: outcome.committed }),
    ...(outcome.ignored && { ignored: outcome.ignored }),
    ...(asked.headers.cookie !== undefined && { cookie: true as const }),
  });
}

function send(
  { clock, switches, random }: Instance,
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  waited: Waited,
): void {
  if (reply.kind === 'drop') {
    request.socket.destroy();
    return;
  }
  if (reply.kind === 'hang') return;
  const transaction = random.hex(12);
  response.sendDate = false;
  response.writeHead(reply.status, {
    Date: new Date(clock.now() + switches.dateHeaderSkewMs).toUTCString(),
    Server: 'snow_adc',
    'Set-Cookie': [
      `JSESSIONID=${random.hex(32).toUpperCase()}; Path=/; HttpOnly`,
      `glide_user_route=glide.${random.hex(32)}; Max-Age=2147483647; Path=/; HttpOnly`,
    ],
    'Server-Timing': `t;desc="${transaction}", sem_wait;dur=${waited.semaphoreMs}, sesh_wait;dur=${waited.sessionMs}`,
    'X-Transaction-ID': transaction,
    ...(reply.status !== 401 && { 'X-Is-Logged-In': 'true' }),
    'X-Content-Type-Options': 'nosniff',
    Pragma: 'no-store,no-cache',
    'Cache-Control': 'no-cache,no-store,must-revalidate,max-age=-1',
    Expires: '0',
    'Strict-Transport-Security': 'max-age=63072000; includeSubDomains',
    ...reply.headers,
  });
  response.end(request.method === 'HEAD' ? undefined : (reply.bytes ?? reply.body));
}

/** The common name of a client certificate that the simulator's authority vouches for. */
function certificateOf({ socket }: IncomingMessage): { readonly certificate?: string } {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return {};
  const { subject } = socket.getPeerCertificate();
  return typeof subject?.CN === 'string' ? { certificate: subject.CN } : {};
}

/** Proxies that know only GET and POST tunnel the others. */
function overridden(request: IncomingMessage): string {
  const header = request.headers['x-http-method-override'];
  return (typeof header === 'string' ? header : (request.method ?? 'GET')).toUpperCase();
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
