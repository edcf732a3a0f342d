import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FaultName } from 'golden-thread/kit/testing';

export const good = { user: 'svc', password: 'tiny-pässword-1' };

interface TinyRow {
  readonly id: string;
  text: string;
  version: number;
  stamp: number;
  visibleAt: number;
  readable: boolean;
  key: string;
  bad: boolean;
  readonly notes: Map<string, string>;
  readonly files: { readonly name: string; readonly base64: string }[];
}

/** The smallest system that a connector can be written against: one table over HTTP with second precision, access rules behind the limit, virtual time. */
export interface TinySystem {
  url(): string;
  now: number;
  requests: number;
  fault: FaultName | undefined;
  readonly rows: TinyRow[];
  add(values?: Partial<TinyRow>): TinyRow;
  touch(row: TinyRow): void;
  remove(row: TinyRow): void;
  reset(): void;
  close(): Promise<void>;
}

export async function startTinySystem(): Promise<TinySystem> {
  const server = createServer((request, response) => {
    void handle(system, request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const second = (): number => Math.floor(system.now / 1000) * 1000;
  let made = 0;
  const system: TinySystem = {
    url: () => `http://127.0.0.1:${port}`,
    now: 0,
    requests: 0,
    fault: undefined,
    rows: [],
    add(values = {}) {
      made += 1;
      const id = ((made * 7919) % 99_991).toString(16).padStart(8, '0');
      const row = {
        id,
        text: `row ${made}`,
        version: 1,
        stamp: second(),
        visibleAt: 0,
        readable: true,
        key: '',
        bad: false,
        notes: new Map(),
        files: [],
        ...values,
      };
      system.rows.push(row);
      return row;
    },
    touch(row) {
      row.version += 1;
      row.stamp = second();
    },
    remove(row) {
      system.rows.splice(system.rows.indexOf(row), 1);
    },
    reset() {
      Object.assign(system, { now: Date.parse('2026-03-01T00:00:00.000Z'), requests: 0, fault: undefined });
      system.rows.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  system.reset();
  return system;
}

async function handle(system: TinySystem, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  system.requests += 1;
  const send = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void => {
    const date = new Date(system.now).toUTCString();
    response
      .writeHead(status, { 'content-type': 'application/json', date, ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const { fault } = system;
  if (fault === 'unauthorized' || request.headers.authorization !== basicOf(good)) return send(401, { error: 'no' });
  if (fault === 'server-error') return send(503, { error: 'down' });
  if (fault === 'html') return send(200, '<html>asleep</html>', { 'content-type': 'text/html' });
  if (fault === 'truncated') return send(200, '{"rows":[{"id":"0');
  if (fault === 'rate-limited') return send(429, {}, { 'retry-after': '3600' });
  if (fault === 'rate-limited-without-header') return send(429, {});
  const body = chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, string>);
  const answer = carryOut(system, request.method ?? '', new URL(request.url ?? '', 'http://x'), body);
  if (fault === 'answer-lost-after-commit' && request.method !== 'GET') {
    system.fault = undefined;
    request.socket.destroy();
    return;
  }
  send(answer === undefined ? 404 : 200, answer ?? { error: 'none' });
}

function carryOut(system: TinySystem, method: string, url: URL, body: Readonly<Record<string, string>>): unknown {
  const [, , id, part] = url.pathname.split('/');
  if (method === 'POST' && id === undefined) return shown(system.add({ text: body['text'] ?? '', key: body['key'] ?? '' }));
  if (id !== undefined) {
    // Whether rows that are asked for by id can be read, may not be, or are not there.
    if (id === 'where') return Object.fromEntries((body['ids'] ?? '').split(' ').map((one) => [one, whereIs(system, one)]));
    const row = system.rows.find((one) => one.id === id && one.readable);
    if (row === undefined) return undefined;
    if (part === 'files' && method === 'GET') return { files: row.files };
    if (part === 'files') row.files.push({ name: body['name'] ?? '', base64: body['base64'] ?? '' });
    else if (part === 'notes') row.notes.set(body['marker'] ?? '', body['text'] ?? '');
    else if (method === 'PUT') row.text = body['text'] ?? row.text;
    if (method !== 'GET') system.touch(row);
    return shown(row);
  }
  const ask = (name: string): string | undefined => url.searchParams.get(name) ?? undefined;
  const after = ask('afterKey');
  const [from, until] = [Date.parse(ask('from') ?? ''), Date.parse(ask('until') ?? '9999-01-01')];
  const [skip, limit] = [Number(ask('skip') ?? 0), Number(ask('limit') ?? 100)];
  const byId = ask('order') === 'id';
  const range = system.rows
    .filter((row) => row.visibleAt <= system.now && (ask('key') === undefined || row.key === ask('key')))
    .filter((row) => {
      if (byId) return row.id > (after ?? '');
      return Number.isNaN(from) || (after === undefined ? row.stamp >= from : row.stamp > from || (row.stamp === from && row.id > after));
    })
    .filter((row) => row.stamp <= until)
    .toSorted((a, b) => (byId ? 0 : a.stamp - b.stamp) || (a.id < b.id ? -1 : 1));
  const page = range.slice(skip, skip + limit).filter((row) => row.readable);
  return { rows: page.map(shown), total: range.length, more: range.length > skip + limit, last: range[skip + limit - 1]?.id ?? '' };
}

function whereIs(system: TinySystem, id: string): string {
  const row = system.rows.find((one) => one.id === id && one.visibleAt <= system.now);
  return row === undefined ? 'deleted' : row.readable ? 'here' : 'not-visible';
}

function shown(row: TinyRow): unknown {
  const updated = new Date(row.stamp).toISOString();
  return { id: row.id, updated, text: row.bad ? 7 : row.text, version: row.version, key: row.key };
}

export function basicOf({ user, password }: { readonly user: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
