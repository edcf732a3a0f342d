import {
  asFailure,
  type ConnectorContext,
  Failure,
  type HttpClient,
  type IdempotencyKey,
  type JsonObject,
  type Sink,
  type SourceRecord,
  withDetails,
} from 'golden-thread/kit';
import type { FieldCatalogue } from './fields.js';
import { isPlainKey } from './query.js';
import { type RowReader, recordOf } from './rows.js';
import type { TableApi } from './table.js';
import { tables } from './tables.js';
import { affect } from './writing/affected-items.js';
import { attachOnce } from './writing/attach.js';
import { approvalHistory, approvalsOf } from './writing/approvals.js';
import type { ChangeApi } from './writing/change-api.js';
import { sendOnce } from './writing/create.js';
import { encodeFields } from './writing/fields-written.js';
import { findByKey } from './writing/find.js';
import { identityOf, sysIdOf } from './writing/identity.js';
import { withColumns } from './writing/named-columns.js';
import { noteOnce } from './writing/notes.js';
import { readBack } from './writing/read-back.js';
import { named } from './writing/refusal.js';
import { resourceFor } from './writing/resource.js';
import { besideRecord } from './writing/beside-record.js';
import { sendStandard, unlessUnderWay } from './writing/standard-change.js';
import { setFields } from './writing/update.js';
import type { WrittenTable } from './writing/written-tables.js';

/** What the sink is made of. */
export interface SinkParts {
  readonly context: Pick<ConnectorContext, 'system' | 'log' | 'credentials'>;
  readonly instance: string;
  /** The account that reads: same view as the stream. */
  readonly reading: TableApi;
  /** The account that writes, and reads back what it wrote. */
  readonly writing: TableApi;
  readonly changes: ChangeApi;
  /** The clients of the account that writes, for its files. */
  readonly files: { readonly reads: HttpClient; readonly writes: HttpClient };
  /** Reads the rows of a table as its stream does. */
  readonly readerOf: (table: WrittenTable['name']) => RowReader;
  readonly fields: FieldCatalogue;
  /** What it offers to write. */
  readonly written: readonly WrittenTable[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Changes, their tasks, and initiatives of the improvement register. Created under a sys_id of our own choice, so that one lost answer more or less
 * cannot make a second one; never moved and never approved from here.
 */
export function openSink(parts: SinkParts): Sink {
  const { context, instance, reading, writing, changes } = parts;
  const standard = { credentials: context.credentials, writing, changes, now: parts.now };
  const offered = parts.written;
  const readers = new Map(offered.map(({ name }) => [name, parts.readerOf(name)]));
  const lookupIn = (table: WrittenTable) => ({ table: tables[table.name], instance, api: writing });

  const guarded = async <T>(resource: string, key: string, work: (table: WrittenTable, reader: RowReader) => Promise<T>): Promise<T> => {
    const table = offered.find(({ name }) => name === resource);
    const reader = table && readers.get(table.name);
    if (table === undefined || reader === undefined)
      throw new Failure('config', `this connector cannot write ${resource}`, {
        system: context.system,
        hint: `write to one of ${offered.map(({ name }) => name).join(', ')}; a table must be a stream to be written`,
      });
    try {
      return await work(table, reader);
    } catch (error) {
      throw withDetails(named(asFailure(error)), { system: context.system, stream: table.name, key });
    }
  };

  // What is refused is refused under the name that the mapping has for it.
  const columnsOf = (table: WrittenTable, fields: JsonObject, signal: AbortSignal | undefined): Promise<JsonObject> => {
    const refused = Object.keys(fields).find((name) => table.refused[name] !== undefined);
    return refused === undefined ? withColumns(tables[table.name], fields, parts.fields, signal) : Promise.resolve(fields);
  };

  const send = (
    table: WrittenTable,
    key: IdempotencyKey,
    fields: JsonObject,
    ask: { resend: boolean; signal?: AbortSignal },
  ): Promise<string> => {
    const { standard_template: template, ...columns } = fields;
    const body = encodeFields(table, columns);
    const fromTemplate = template !== undefined && template !== null && template !== '';
    if (table.name === 'change_request' && columns['type'] === 'standard' && !fromTemplate)
      throw new Failure('config', 'a standard change is made from a template, and standard_template names none', {
        committed: 'no',
        hint: 'set standard_template to the sys_id of a standard change template, or type to normal',
      });
    if (table.name === 'change_request' && fromTemplate)
      return sendStandard(standard, key, { template, body, resend: ask.resend, signal: ask.signal });
    return sendOnce({ context, lookup: lookupIn(table) }, key, { body, resend: ask.resend, signal: ask.signal });
  };

  return Object.freeze({
    resources: offered.map((table) => resourceFor(table, parts.fields)),
    find: (resource, key, ask) =>
      guarded(resource, sysIdOf(key), async (table) => {
        const found = await findByKey(lookupIn(table), key, ask.signal);
        return table.name === 'change_request' ? unlessUnderWay(standard, key, found) : found;
      }),
    create: (resource, key, fields, ask) =>
      guarded(resource, sysIdOf(key), async (table, reader) => {
        const { affected_cis: items, ...others } = await columnsOf(table, fields, ask.signal);
        const missing = table.needed.filter((name) => others[name] === undefined || others[name] === null || others[name] === '');
        if (missing.length > 0)
          throw new Failure('config', `a ${table.one} needs ${missing.join(', ')}`, {
            committed: 'no',
            hint: 'fill it in the push mapping',
          });
        const sysId = await send(table, key, others, ask);
        const { sys_id: _ours, ...identity } = identityOf(key);
        const { standard_template: _template, ...columns } = others;
        const receipt = await readBack({ api: writing, reader, instance }, table, sysId, {
          wrote: { ...columns, ...identity },
          signal: ask.signal,
        });
        if (items === undefined || items === null) return receipt;
        return { ...receipt, differences: [...receipt.differences, ...(await affect(changes, sysId, items, ask.signal))] };
      }),
    update: (resource, ticketKey, fields, signal, seen) =>
      guarded(resource, ticketKey, async (table, reader) => {
        const { affected_cis: items, standard_template: _template, ...columns } = await columnsOf(table, fields, signal);
        const before = await setFields(writing, table, keyOf(ticketKey), { fields: columns, seen, signal });
        const receipt = await readBack({ api: writing, reader, instance }, table, ticketKey, { wrote: columns, before, signal });
        if (items === undefined || items === null) return receipt;
        return { ...receipt, differences: [...receipt.differences, ...(await affect(changes, ticketKey, items, signal))] };
      }),
    comment: (resource, ticketKey, marker, text, signal) =>
      guarded(resource, ticketKey, (table) => noteOnce(writing, table.name, keyOf(ticketKey), marker, text, signal)),
    attach: (resource, ticketKey, file, signal) =>
      guarded(resource, ticketKey, (table) => attachOnce(parts.files, { table: table.name, sysId: keyOf(ticketKey) }, file, signal)),
    read: (resource, ticketKey, signal) =>
      guarded(resource, ticketKey, async (table, reader): Promise<SourceRecord | undefined> => {
        const row = await reading.one(table.name, keyOf(ticketKey), reader.columns, signal);
        if (row === undefined) return undefined;
        const record = recordOf(reader.read(row));
        return {
          ...record,
          data: { ...record.data, ...(await besideRecord({ reading, changes, log: context.log }, table, record, signal)) },
        };
      }),
    history: (resource, ticketKey, signal) =>
      guarded(resource, ticketKey, async () => approvalHistory((await approvalsOf(reading, keyOf(ticketKey), context.log, signal)) ?? [])),
  } satisfies Sink);
}

function keyOf(ticketKey: string): string {
  if (isPlainKey(ticketKey)) return ticketKey;
  throw new Failure('record', `${JSON.stringify(ticketKey.slice(0, 60))} is not a sys_id`, { committed: 'no' });
}
