import {
  Agent,
  createServer,
  request as send,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request on its way to the system. */
export interface Asked {
  /** How many came before it since the last `disturb` or `heal`. */
  readonly index: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An answer, from the system or in its place. Header names in lower case. */
export interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** What happens to one request. `refuse` never reaches the system; `lose` is carried out, and its answer is lost; `cut` ends in the middle of the body. */
export type Trouble =
  | { readonly do: 'answer'; readonly told: Told }
  | { readonly do: 'change'; readonly change: (told: Told) => Told }
  | { readonly do: 'cut'; readonly part: number }
  | { readonly do: 'refuse' | 'lose' };

/** The way between a connector and its system: an HTTP server on loopback that passes everything on, unless it is told to disturb it. */
export interface Wire {
  /** Where the connector is to find the system. Stays the same; known once `open` has resolved. */
  readonly url: string;
  /** Opens it, and opens it again after `shut`. */
  open(): Promise<void>;
  /** Every connection is refused, and what is under way is cut. */
  shut(): Promise<void>;
  /** To the system at this address. Ends every disturbance and begins to count anew. */
  leadTo(url: string): void;
  disturb(rule: (asked: Asked) => Trouble | undefined): void;
  /** Nothing is disturbed any more. */
  heal(): void;
  /** What was asked since `leadTo`, oldest first. */
  asked(): readonly Asked[];
}

/** A wire that is not open yet. */
export function createWire(): Wire {
  let server: Server | undefined;
  let port = 0;
  let target = '';
  let rule: (asked: Asked) => Trouble | undefined = () => undefined;
  let index = 0;
  let seen: Asked[] = [];
  let agent = new Agent({ keepAlive: true });

  const pass = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [path = '', query = ''] = (incoming.url ?? '/').split('?', 2);
    const body = await bytesOf(incoming);
    const asked: Asked = { index: index++, method: incoming.method ?? 'GET', path, query, headers: incoming.headers, body };
    seen.push(asked);
    const trouble = rule(asked);
    if (trouble?.do === 'answer') return write(response, trouble.told);
    if (trouble?.do === 'refuse') return void incoming.socket.destroy();
    // Only what reads may use a connection that was used before: it is asked again where the system had just closed it.
    const told = await carry(asked.method === 'GET' ? agent : undefined, target, incoming, body);
    if (trouble?.do === 'lose') return void incoming.socket.destroy();
    if (trouble?.do === 'cut') return cut(response, told, trouble.part);
    write(response, trouble?.do === 'change' ? trouble.change(told) : told);
  };

  return {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    async open() {
      if (server !== undefined) return;
      const fresh = createServer((incoming, response) => void pass(incoming, response).catch(() => incoming.socket.destroy()));
      fresh.keepAliveTimeout = 60_000;
      // A test that is over need not close it.
      fresh.unref().on('connection', (socket) => socket.unref());
      server = fresh;
      await new Promise<void>((resolve, reject) => fresh.once('error', reject).listen(port, '127.0.0.1', resolve));
      ({ port } = fresh.address() as AddressInfo);
    },
    async shut() {
      const closing = server;
      server = undefined;
      if (closing === undefined) return;
      const closed = new Promise<void>((resolve) => closing.close(() => resolve()));
      closing.closeAllConnections();
      await closed;
    },
    leadTo(url) {
      agent.destroy();
      agent = new Agent({ keepAlive: true });
      [target, rule, index, seen] = [url, () => undefined, 0, []];
    },
    disturb(how) {
      [rule, index] = [how, 0];
    },
    heal() {
      [rule, index] = [() => undefined, 0];
    },
    asked: () => seen,
  };
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The system's own answer. A system that cuts the connection makes this fail, and the wire cuts its own. */
function carry(agent: Agent | undefined, target: string, incoming: IncomingMessage, body: Buffer): Promise<Told> {
  const { method, url, headers } = incoming;
  return new Promise((resolve, reject) => {
    // The host that the connector named stays: systems write it into the addresses that they answer with.
    const onward = send(new URL(url ?? '/', target), { method, headers, agent: agent ?? false }, (answer) => {
      bytesOf(answer).then(
        (bytes) => resolve({ status: answer.statusCode ?? 0, headers: withoutFraming(answer.headers), body: bytes }),
        reject,
      );
    });
    onward.once('error', (error: NodeJS.ErrnoException) => {
      // The system closed a connection that was idle at the moment in which it was used again: nothing was delivered.
      if (onward.reusedSocket && error.code === 'ECONNRESET') carry(undefined, target, incoming, body).then(resolve, reject);
      else reject(error);
    });
    onward.end(body);
  });
}

function withoutFraming(headers: IncomingHttpHeaders): Told['headers'] {
  const framing = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length']);
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (framing.has(name) || value === undefined ? [] : [[name, value]])),
  );
}

function write(response: ServerResponse, { status, headers, body }: Told): void {
  const isBare = status === 204 || status === 304;
  response.writeHead(status, { ...mutable(headers), ...(!isBare && { 'content-length': body.length }) }).end(isBare ? undefined : body);
}

/** As announced in its head, and then less of it. */
function cut(response: ServerResponse, { status, headers, body }: Told, part: number): void {
  response.writeHead(status, { ...mutable(headers), 'content-length': Math.max(1, body.length) });
  response.write(body.subarray(0, Math.floor(body.length * part)), () => response.destroy());
}

function mutable(headers: Told['headers']): Record<string, string | string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]));
}
