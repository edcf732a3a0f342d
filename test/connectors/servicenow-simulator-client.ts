import {
  type ServiceNowControl,
  type SimulatorOptions,
  serviceNowControl,
  startServiceNowSimulator,
} from '../../connectors/servicenow/simulator/index.js';

/** What an HTTP client sees of one answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined when it is no JSON. */
  readonly body: Body | undefined;
}

export interface Body {
  readonly result?: unknown;
  readonly error?: unknown;
  readonly status?: string;
  readonly [name: string]: unknown;
}

export interface CallOptions {
  readonly as?: 'reader' | 'writer' | 'admin' | { readonly authorization: string };
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface SimulatorClient {
  readonly url: string;
  readonly control: ServiceNowControl;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** The rows of a list request; fails when it is not answered with 200. */
  rows(
    table: string,
    query: Readonly<Record<string, string>>,
    as?: CallOptions['as'],
  ): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}

const passwords = { reader: 'gt.reader:reader-password', writer: 'gt.writer:writer-password', admin: 'admin:admin-password' };

/** A simulator whose clock stands at the beginning of 2026, and a bare HTTP client for it: no connector is involved. */
export async function simulator(options: SimulatorOptions = {}): Promise<SimulatorClient> {
  const { url, ...running } = await startServiceNowSimulator({ now: '2026-01-01T00:00:00Z', ...options });
  const call = async (method: string, path: string, { as = 'reader', query, body, headers }: CallOptions = {}): Promise<Answer> => {
    const search = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
    const authorization = typeof as === 'object' ? as.authorization : `Basic ${Buffer.from(passwords[as]).toString('base64')}`;
    const response = await fetch(`${url}${path}${search}`, {
      method,
      headers: { authorization, accept: 'application/json', 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parse(text) };
  };
  return {
    url,
    control: serviceNowControl(url),
    call,
    rows: async (table, query, as = 'reader') => {
      const { status, body, text } = await call('GET', `/api/now/table/${table}`, { query, as });
      if (status !== 200) throw new Error(`${status} ${text}`);
      return (body?.result ?? []) as readonly Readonly<Record<string, unknown>>[];
    },
    close: () => running.close(),
  };
}

/** A record that a write answered with. */
export const resultOf = ({ body }: Answer): Readonly<Record<string, string>> => (body?.result ?? {}) as Readonly<Record<string, string>>;

export const id = (n: number): string => n.toString(16).padStart(32, '0');

function parse(text: string): Body | undefined {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return undefined;
  }
}
