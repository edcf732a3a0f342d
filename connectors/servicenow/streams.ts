import {
  type ConnectorContext,
  type FieldInfo,
  type JsonObject,
  type Log,
  type SourceRecord,
  type Stream,
  Failure,
  asFailure,
  readIncrementally,
  withDetails,
  z,
} from 'golden-thread/kit';
import { mayBeAbsent } from './absent.js';
import { withNamedColumns } from './aliases.js';
import { censusOf } from './census.js';
import type { ServiceNowConfig } from './config.js';
import { crossChecked } from './cross-check.js';
import type { FieldCatalogue } from './fields.js';
import { among, idBatches } from './query.js';
import { rangeOf } from './range.js';
import type { RemoteClock } from './remote-clock.js';
import { type RowReader, rowReader } from './rows.js';
import { streamFields } from './stream-fields.js';
import type { TableApi } from './table.js';
import { type TableDefinition, tableNames, tables } from './tables.js';
import { whereaboutsOf } from './whereabouts.js';

/** What the streams of one instance are made of. */
export interface StreamParts {
  readonly config: ServiceNowConfig;
  readonly context: Pick<ConnectorContext, 'system' | 'wanted' | 'log'>;
  readonly api: TableApi;
  readonly fields: FieldCatalogue;
  readonly clock: RemoteClock;
}

/** The configured streams, in the order of the table list. */
export function openStreams(parts: StreamParts): readonly Stream[] {
  return configuredTables(parts.config).map((table) => openStream(table, parts));
}

/** The tables that the configuration names, with the column names that it gives. */
export function configuredTables(config: ServiceNowConfig): readonly TableDefinition[] {
  return tableNames.flatMap((name) => {
    const asked = config.streams[name];
    if (asked === undefined) return [];
    const table = tables[name];
    return [asked.columns === undefined ? table : { ...table, aliases: withNamedColumns(table.aliases ?? {}, asked.columns) }];
  });
}

/** Encoded query that restricts a stream. */
export function filterOf(config: ServiceNowConfig, table: TableDefinition): string | undefined {
  return Object.entries(config.streams).find(([name]) => name === table.name)?.[1]?.filter;
}

/** Reads the rows of a stream as its mappings want them. */
export function readerOf(
  table: TableDefinition,
  parts: Pick<StreamParts, 'config'> & { readonly context: Pick<ConnectorContext, 'system' | 'wanted'> },
): RowReader {
  return rowReader(table, parts.context.wanted[table.name] ?? [], { system: parts.context.system, instance: parts.config.instance });
}

function openStream(table: TableDefinition, parts: StreamParts): Stream {
  const { config, context, api, clock } = parts;
  const { name } = table;
  const filter = filterOf(config, table);
  const reader = readerOf(table, parts);
  const query = rangeOf({ table: name, filter, reader, api, pageSize: config.pageSize, settleMs: config.settleMinutes * 60_000 });
  const inStream = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw withDetails(asFailure(error), { system: context.system, stream: name });
    }
  };
  const reading = mayBeAbsent(
    table,
    {
      read: crossChecked((cursor, ask) => readIncrementally(query, cursor, ask), { table: name, filter, api, log: context.log }),
      get: (keys, signal) => getByKeys(table, reader, api, context.log, keys, signal),
      keys: censusOf(name, filter, api),
      whereabouts: (keys, signal) => whereaboutsOf({ table, filter, api }, keys, signal),
    },
    clock,
    context.log,
  );
  const { lookAgainAt } = table;
  return Object.freeze({
    name,
    about: table.about,
    fields: (signal?: AbortSignal): Promise<readonly FieldInfo[]> => inStream(streamFields(table, parts.fields, signal)),
    record: recordSchema(table),
    volatile: table.volatile,
    read: (cursor, ask) => inStream(reading.read(cursor, ask)),
    get: (keys, signal) => inStream(reading.get(keys, signal)),
    keys: (cursor, ask) => inStream(reading.keys(cursor, ask)),
    whereabouts: (keys, signal) => inStream(reading.whereabouts(keys, signal)),
    ...(lookAgainAt !== undefined && { lookAgainAt: (data: JsonObject) => lookAgainAt(data, clock.latest()) }),
  } satisfies Stream);
}

/** One record that cannot be used is left out and said in the log: it must not keep the others from being read. */
async function getByKeys(
  table: TableDefinition,
  reader: RowReader,
  api: TableApi,
  log: Log,
  keys: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly SourceRecord[]> {
  const found: SourceRecord[] = [];
  for (const batch of idBatches(keys, reader.columns.join(','))) {
    const asked = new Set(batch);
    const page = await api.list(table.name, {
      query: `${among('sys_id', batch)}^ORDERBYsys_id`,
      fields: reader.columns,
      limit: batch.length,
      signal,
    });
    for (const row of page.rows) {
      const read = reader.read(row);
      const key = 'record' in read ? read.record.ref.key : read.rejection.key;
      if (!asked.has(key))
        throw new Failure('contract', 'ServiceNow answered with a record that was not asked for', {
          key,
          hint: 'the instance ignored the condition on sys_id; let the account query it by match (query_match)',
        });
      if ('record' in read) found.push(read.record);
      else log.warn('a record cannot be used', { stream: table.name, key, problem: read.rejection.problems.join('; ') });
    }
  }
  return found;
}

/** What the connector itself relies on: an object whose number, where readable, is text or empty. */
function recordSchema(table: TableDefinition): z.ZodType<JsonObject> {
  // Not loose: only the answer counts, and a loose object would copy every record.
  const schema = table.number.includes('number') ? z.object({ number: z.string().nullish() }) : z.object({});
  return schema as unknown as z.ZodType<JsonObject>;
}
