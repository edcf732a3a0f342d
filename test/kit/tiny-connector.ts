import {
  type Connector,
  type ConnectorContext,
  type Found,
  type HttpClient,
  type JsonObject,
  type OrderedQuery,
  readIncrementally,
  type Receipt,
  type Row,
  secret,
  type Sink,
  type SourceRecord,
  type Stream,
  z,
} from 'golden-thread/kit';
import type { Reader } from './history.js';
import { basicOf } from './tiny-system.js';

const Config = z.strictObject({ baseUrl: z.string(), user: z.string(), password: secret() });
type Config = z.infer<typeof Config>;

const TinyRow = z.object({ id: z.string(), updated: z.string(), text: z.string(), version: z.number() });
const Listing = z.object({ rows: z.array(z.record(z.string(), z.json())), total: z.number(), more: z.boolean() });

/** A whole connector for the tiny system. `reader`: how it reads; the tests of the suite put broken ones in. */
export function tinyConnector(reader: Reader['read'] = readIncrementally): Connector<Config> {
  return {
    id: 'tiny',
    about: 'The smallest connector that keeps every promise.',
    config: Config,
    open(config, context) {
      const http = context.http({
        baseUrl: config.baseUrl,
        deadlineMs: 2000,
        authorize: () => Promise.resolve({ authorization: basicOf(config) }),
      });
      return {
        streams: [streamOf(http, context, reader)],
        sink: sinkOf(http, context, config.baseUrl),
        async check() {
          const tried = await list(http, { limit: 1 }).catch((error: unknown) => error);
          return tried instanceof Error
            ? [{ what: 'rows: read', outcome: 'failed', found: tried.message, hint: 'check user and password' }]
            : [{ what: 'rows: read', outcome: 'ok', found: 'rows can be read' }];
        },
      };
    },
  };
}

async function list(
  http: HttpClient,
  query: Readonly<Record<string, string | number | undefined>>,
): Promise<z.infer<typeof Listing> & { readonly remoteNow: string }> {
  const { body, remoteNow = '' } = await http.request({ method: 'GET', path: '/rows', route: '/rows', query });
  return { ...Listing.parse(body), remoteNow };
}

function streamOf(http: HttpClient, context: ConnectorContext, reader: Reader['read']): Stream {
  const query: OrderedQuery = {
    order: 'keyset',
    granularityMs: 1000,
    settleMs: 2000,
    maxPageSize: 100,
    async fetch({ from, after, until, skip, limit }) {
      const listing = await list(http, { from: after?.updatedAt ?? from, afterKey: after?.key, until, skip, limit });
      return { ...listing, rows: listing.rows.map((row) => asRow(context.system, row)) };
    },
  };
  return {
    name: 'row',
    about: 'Rows.',
    fields: () =>
      Promise.resolve([
        { name: 'text', type: 'text' },
        { name: 'version', type: 'number' },
      ]),
    record: z.looseObject({ text: z.string() }) as z.ZodType<JsonObject>,
    volatile: [],
    read: (cursor, ask) => reader(query, cursor, ask),
  };
}

function asRow(system: string, row: JsonObject): Row {
  const parsed = TinyRow.safeParse(row);
  if (parsed.success) return { record: asRecord(system, parsed.data) };
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  return { rejection: { key: textOf(row['id']), problems, raw: row, updatedAt: textOf(row['updated']) } };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function asRecord(system: string, { id, updated, ...data }: z.infer<typeof TinyRow>): SourceRecord {
  return { ref: { system, stream: 'row', key: id }, number: `ROW-${id}`, url: `https://tiny.example/${id}`, updatedAt: updated, data };
}

function sinkOf(http: HttpClient, context: ConnectorContext, baseUrl: string): Sink {
  const ticketOf = (record: SourceRecord) => ({ key: record.ref.key, number: record.number, url: `${baseUrl}/rows/${record.ref.key}` });
  const read = async (key: string): Promise<SourceRecord | undefined> => {
    const { status, body } = await http.request({ method: 'GET', path: `/rows/${key}`, route: '/rows/{id}', accept: [404] });
    return status === 404 ? undefined : asRecord(context.system, TinyRow.parse(body));
  };
  const receipt = async (key: string, fields: JsonObject): Promise<Receipt> => {
    const record = await read(key);
    if (record === undefined) throw new Error('gone');
    const differences = Object.entries(fields).flatMap(([field, wrote]) => {
      const found = record.data[field] ?? null;
      return found === wrote ? [] : [{ field, wrote, found }];
    });
    return { ticket: ticketOf(record), at: record.updatedAt, differences, data: record.data };
  };
  return {
    resources: [{ name: 'row', about: 'Rows.', stream: 'row', fields: () => Promise.resolve([{ name: 'text', required: true }]) }],
    async find(_resource, key): Promise<Found> {
      const { rows } = await list(http, { key: key.value });
      const tickets = rows.map((row) => ticketOf(asRecord(context.system, TinyRow.parse(row))));
      const [ticket] = tickets;
      if (ticket === undefined) return { is: 'absent' };
      return tickets.length === 1 ? { is: 'found', ticket } : { is: 'ambiguous', tickets };
    },
    async create(_resource, key, fields) {
      const { body } = await http.request({ method: 'POST', path: '/rows', route: '/rows', body: { ...fields, key: key.value } });
      return receipt(TinyRow.parse(body).id, fields);
    },
    async update(_resource, ticketKey, fields) {
      await http.request({ method: 'PUT', path: `/rows/${ticketKey}`, route: '/rows/{id}', body: fields });
      return receipt(ticketKey, fields);
    },
    async comment(_resource, ticketKey, marker, text) {
      await http.request({ method: 'PUT', path: `/rows/${ticketKey}/notes`, route: '/rows/{id}/notes', body: { marker, text } });
    },
    read: (_resource, key) => read(key),
  };
}
