import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request as the server saw it. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What the server does with one request. */
export type Behaviour = (request: Seen, response: ServerResponse, socket: Socket) => void | Promise<void>;

export interface Loopback {
  readonly url: string;
  readonly seen: readonly Seen[];
  /** Connections made so far. */
  connections(): number;
  /** What to do with the next requests, in order; the last one stays. */
  answer(...behaviours: readonly [Behaviour, ...Behaviour[]]): void;
  close(): Promise<void>;
}

/** A real HTTP server on loopback that behaves as badly as it is told to. */
export async function startLoopback(): Promise<Loopback> {
  let script: Behaviour[] = [(_request, response) => void response.writeHead(500).end()];
  const seen: Seen[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const one: Seen = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      seen.push(one);
      const behaviour = script.length > 1 ? script.shift() : script[0];
      await behaviour?.(one, response, request.socket);
    })().catch(() => request.socket.destroy());
  });
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    connections: () => connections,
    answer: (...behaviours) => (script = [...behaviours]),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A well-formed JSON answer. */
export function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Behaviour {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8', ...headers }).end(JSON.stringify(value));
  };
}

/** An answer with any body and type. */
export function text(body: string | Buffer, status = 200, headers: Readonly<Record<string, string>> = {}): Behaviour {
  return (_request, response) => {
    response.writeHead(status, headers).end(body);
  };
}
