import {
  type Connector,
  type ConnectorContext,
  Failure,
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
  type Whereabouts,
  z,
} from 'golden-thread/kit';
import type { Reader } from './history.js';
import { basicOf } from './tiny-system.js';

const Config = z.strictObject({ baseUrl: z.string(), user: z.string(), password: secret() });
type Config = z.infer<typeof Config>;

const TinyRow = z.object({ id: z.string().regex(/^[0-9a-f]{8}$/), updated: z.iso.datetime(), text: z.string(), version: z.number() });
const Listing = z.object({ rows: z.array(z.record(z.string(), z.json())), total: z.number(), more: z.boolean(), last: z.string() });
const Failed = z.looseObject({ error: z.string() });
const Files = z.object({ files: z.array(z.object({ name: z.string(), base64: z.string() })) });
const Places = z.record(z.string(), z.enum(['here', 'deleted', 'not-visible']));

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
        restAfterRefusalMs: 60_000,
        classify: ({ status, body }) =>
          status < 300 && Failed.safeParse(body).success ? new Failure('transient', 'an error stands beside the rows') : undefined,
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

/** A row by its id; undefined where there is none that may be read. */
async function readRow(http: HttpClient, system: string, key: string): Promise<SourceRecord | undefined> {
  const { status, body } = await http.request({ method: 'GET', path: `/rows/${key}`, route: '/rows/{id}', accept: [404] });
  return status === 404 ? undefined : asRecord(system, TinyRow.parse(body));
}

function streamOf(http: HttpClient, context: ConnectorContext, reader: Reader['read']): Stream {
  const query: OrderedQuery = {
    order: 'keyset',
    granularityMs: 1000,
    settleMs: 2000,
    maxPageSize: 5000,
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
    async get(keys) {
      const rows = await Promise.all(keys.map((key) => readRow(http, context.system, key)));
      return rows.filter((row) => row !== undefined);
    },
    async keys(cursor, { pageSize }) {
      const after = cursor?.['after'];
      const page = await list(http, { order: 'id', limit: pageSize, afterKey: typeof after === 'string' ? after : undefined });
      return { keys: page.rows.map((row) => textOf(row['id'])), cursor: { after: page.last }, done: !page.more };
    },
    async whereabouts(keys): Promise<ReadonlyMap<string, Whereabouts>> {
      const ask = { method: 'POST', path: '/rows/where', route: '/rows/where', readOnly: true, body: { ids: keys.join(' ') } } as const;
      return new Map(Object.entries(Places.parse((await http.request(ask)).body)));
    },
  };
}

function asRow(system: string, row: JsonObject): Row {
  const parsed = TinyRow.safeParse(row);
  if (parsed.success) return { record: asRecord(system, parsed.data) };
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const place = TinyRow.pick({ id: true, updated: true }).safeParse(row);
  if (!place.success) return { rejection: { key: '', problems, raw: row } };
  return { rejection: { key: place.data.id, problems, raw: row, updatedAt: place.data.updated } };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function asRecord(system: string, { id, updated, ...data }: z.infer<typeof TinyRow>): SourceRecord {
  return { ref: { system, stream: 'row', key: id }, number: `ROW-${id}`, url: `https://tiny.example/${id}`, updatedAt: updated, data };
}

function sinkOf(http: HttpClient, context: ConnectorContext, baseUrl: string): Sink {
  const ticketOf = (record: SourceRecord) => ({ key: record.ref.key, number: record.number, url: `${baseUrl}/rows/${record.ref.key}` });
  const read = (key: string): Promise<SourceRecord | undefined> => readRow(http, context.system, key);
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
    async update(_resource, ticketKey, fields, _signal, seen = {}) {
      const now = (await read(ticketKey))?.data ?? {};
      const changed = Object.entries(seen)
        .filter(([name, value]) => now[name] !== value && now[name] !== fields[name])
        .map(([name]) => name);
      if (changed.length > 0) throw new Failure('conflict', `${changed.join()} was changed meanwhile`, { committed: 'no', key: ticketKey });
      await http.request({ method: 'PUT', path: `/rows/${ticketKey}`, route: '/rows/{id}', body: fields });
      return receipt(ticketKey, fields);
    },
    async comment(_resource, ticketKey, marker, text) {
      await http.request({ method: 'PUT', path: `/rows/${ticketKey}/notes`, route: '/rows/{id}/notes', body: { marker, text } });
    },
    async attach(_resource, ticketKey, { name, mediaType, bytes, marker }) {
      const path = `/rows/${ticketKey}/files`;
      const there = async () => {
        const { body } = await http.request({ method: 'GET', path, route: '/rows/{id}/files' });
        return Files.parse(body).files.find((file) => file.name.includes(marker));
      };
      if ((await there()) === undefined)
        await http.request({
          method: 'POST',
          path,
          route: '/rows/{id}/files',
          body: { name, base64: Buffer.from(bytes).toString('base64') },
        });
      const file = await there();
      if (file === undefined) throw new Failure('conflict', 'the file is not there', { committed: 'maybe' });
      return { id: file.name, name: file.name, type: mediaType, bytes: Buffer.from(file.base64, 'base64').length, at: '', by: '' };
    },
    read: (_resource, key) => read(key),
  };
}
