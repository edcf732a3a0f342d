import {
  type ConnectorContext,
  type FieldInfo,
  type JsonObject,
  type SourceRecord,
  type Stream,
  Failure,
  asFailure,
  readIncrementally,
  withDetails,
  z,
} from 'golden-thread/kit';
import type { ServiceNowConfig } from './config.js';
import type { FieldCatalogue } from './fields.js';
import { among, isPlainKey } from './query.js';
import { rangeOf } from './range.js';
import { type RowReader, recordOf, rowReader } from './rows.js';
import type { TableApi } from './table.js';
import { columnsAmong, type TableDefinition, type TableName, tables } from './tables.js';

/** Ids per `IN` list: an address over 2,048 characters is refused with 414. */
const keysPerRequest = 40;

/** What the streams of one instance are made of. */
export interface StreamParts {
  readonly config: ServiceNowConfig;
  readonly context: Pick<ConnectorContext, 'system' | 'wanted'>;
  readonly api: TableApi;
  readonly fields: FieldCatalogue;
}

/** The configured streams, in the order of the table list. */
export function openStreams(parts: StreamParts): readonly Stream[] {
  return Object.values(tables)
    .filter(({ name }) => parts.config.streams[name] !== undefined)
    .map((table) => openStream(table, parts));
}

/** Reads the rows of a stream as its mappings want them. */
export function readerOf(table: TableDefinition, parts: Pick<StreamParts, 'config' | 'context'>): RowReader {
  return rowReader(table, columnsAmong(table, parts.context.wanted[table.name] ?? []), {
    system: parts.context.system,
    instance: parts.config.instance,
  });
}

function openStream(table: TableDefinition, parts: StreamParts): Stream {
  const { config, context, api } = parts;
  const reader = readerOf(table, parts);
  const query = rangeOf({
    table: table.name,
    filter: config.streams[table.name]?.filter,
    reader,
    api,
    pageSize: config.pageSize,
    settleMs: config.settleMinutes * 60_000,
  });
  const inStream = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw withDetails(asFailure(error), { system: context.system, stream: table.name });
    }
  };
  return Object.freeze({
    name: table.name,
    about: table.about,
    fields: (signal?: AbortSignal): Promise<readonly FieldInfo[]> =>
      inStream(parts.fields.of(table.name, signal).then(({ fields }) => [...fields, ...(table.computed ?? [])])),
    record: recordSchema(table.name),
    volatile: table.volatile,
    read: (cursor, ask) => inStream(readIncrementally(query, cursor, ask)),
    get: (keys, signal) => inStream(getByKeys(table.name, reader, api, keys, signal)),
  } satisfies Stream);
}

async function getByKeys(
  table: TableName,
  reader: RowReader,
  api: TableApi,
  keys: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly SourceRecord[]> {
  const askable = [...new Set(keys)].filter(isPlainKey);
  const found: SourceRecord[] = [];
  for (let start = 0; start < askable.length; start += keysPerRequest) {
    const asked = new Set(askable.slice(start, start + keysPerRequest));
    const page = await api.list(table, {
      query: `${among('sys_id', [...asked])}^ORDERBYsys_id`,
      fields: reader.columns,
      limit: keysPerRequest,
      signal,
    });
    for (const row of page.rows) {
      const record = recordOf(reader.read(row));
      if (!asked.has(record.ref.key))
        throw new Failure('contract', 'ServiceNow answered with a record that was not asked for', {
          key: record.ref.key,
          hint: 'the instance ignored the condition on sys_id; let the account query it by match (query_match)',
        });
      found.push(record);
    }
  }
  return found;
}

/** What the connector itself relies on: an object whose number, where readable, is text or empty. */
function recordSchema(table: TableName): z.ZodType<JsonObject> {
  // Not loose: only the answer counts, and a loose object would copy every record.
  const schema = table === 'task_sla' ? z.object({}) : z.object({ number: z.string().nullish() });
  return schema as unknown as z.ZodType<JsonObject>;
}
