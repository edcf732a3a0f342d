import {
  type ConnectorContext,
  Failure,
  type IdempotencyKey,
  type JsonObject,
  type Receipt,
  type Sink,
  type SinkResource,
  type SourceRecord,
  asFailure,
  withDetails,
} from 'golden-thread/kit';
import { approvalData, approvalHistory, approvalsOf } from './writing/approvals.js';
import { differencesOf, encodeFields, lengths, unwritable } from './writing/fields-written.js';
import { type FieldCatalogue, writableFields } from './fields.js';
import { findByKey } from './writing/find.js';
import { identityOf, sysIdOf, ticketOf } from './writing/identity.js';
import { noteOnce } from './writing/notes.js';
import { isPlainKey } from './query.js';
import { type RowReader, recordOf } from './rows.js';
import type { TableApi } from './table.js';
import { tables } from './tables.js';

/** What the sink is made of. */
export interface SinkParts {
  readonly context: Pick<ConnectorContext, 'system' | 'log' | 'credentials'>;
  readonly instance: string;
  /** The account that reads: same view as the stream. */
  readonly reading: TableApi;
  /** The account that writes, and reads back what it wrote. */
  readonly writing: TableApi;
  readonly reader: RowReader;
  readonly fields: FieldCatalogue;
}

const table = tables.change_request;

/**
 * Remembered durably once an instance has answered a create with another sys_id than ours: the same create sent twice could then make two
 * changes, also after a restart.
 */
const sysIdPolicy = 'client-sys-id';

/**
 * Change requests. Created under a sys_id of our own choice, so that one lost answer more or less cannot make a second one; never
 * moved and never approved from here.
 */
export function openSink(parts: SinkParts): Sink {
  const { context, instance, reading, writing, reader } = parts;
  const lookup = { table, instance, api: writing };

  const guarded = async <T>(resource: string, key: string, work: () => Promise<T>): Promise<T> => {
    if (resource !== table.name)
      throw new Failure('config', `this connector cannot write ${resource}`, { system: context.system, hint: `write to ${table.name}` });
    try {
      return await work();
    } catch (error) {
      throw withDetails(asFailure(error), { system: context.system, stream: table.name, key });
    }
  };

  const readBack = async (sysId: string, wrote: JsonObject, signal: AbortSignal | undefined): Promise<Receipt> => {
    const columns = [...new Set([...reader.columns, ...Object.keys(wrote)])];
    const row = await writing.one(table.name, sysId, columns, signal).catch((error: unknown) => {
      throw withDetails(asFailure(error), { committed: 'maybe' });
    });
    const ticket = row === undefined ? undefined : ticketOf(table, row, instance);
    if (row === undefined || ticket === undefined)
      throw new Failure('conflict', 'what was written cannot be read back', {
        committed: 'maybe',
        hint: 'let the writing account read the change requests that it creates',
      });
    // Written columns that no mapping reads are part of the receipt as ServiceNow holds them.
    const data = { ...Object.fromEntries(Object.keys(wrote).map((name) => [name, row[name] ?? null])), ...reader.dataOf(row) };
    const at = recordOf(reader.read(row)).updatedAt;
    return { ticket, at, differences: differencesOf(table.name, wrote, row, data), data };
  };

  const send = async (key: IdempotencyKey, fields: JsonObject, resend: boolean, signal: AbortSignal | undefined): Promise<string> => {
    if (resend && (await context.credentials.get(sysIdPolicy)) === 'ignored')
      throw new Failure('conflict', 'this instance does not honour a sys_id of our choice, so a create must not be sent twice', {
        committed: 'maybe',
        hint: 'look for the change by its correlation_id, and decide by hand',
      });
    const body = { ...encodeFields(table.name, fields), ...identityOf(key) };
    try {
      const { sys_id: sysId } = await writing.create(table.name, body, ['sys_id', 'correlation_id'], signal);
      if (typeof sysId !== 'string' || !isPlainKey(sysId))
        throw new Failure('contract', 'ServiceNow answered a create without the sys_id', { committed: 'maybe' });
      if (sysId.toLowerCase() !== sysIdOf(key)) {
        context.log.warn('the instance chose a sys_id of its own', { system: context.system, key: sysId });
        await context.credentials.put(sysIdPolicy, 'ignored');
      }
      return sysId;
    } catch (error) {
      const failure = asFailure(error, { committed: 'maybe' });
      // A refusal is no proof: some are known to come although the record was made, and that is also how a second create of the same
      // sys_id is answered (with which status is not documented). The record itself tells.
      const refusedOrRepeated =
        failure.kind === 'record' || failure.kind === 'conflict' || (resend && failure.details.status !== undefined);
      if (!refusedOrRepeated) throw failure;
      const found = await findByKey(lookup, key, signal).catch(() => undefined);
      if (found?.is === 'found') return found.ticket.key;
      const committed = found?.is === 'absent' && failure.details.committed === 'no' ? 'no' : 'maybe';
      throw new Failure(failure.kind, failure.message, { ...failure.details, committed });
    }
  };

  const changeRequest: SinkResource = {
    name: table.name,
    about: 'A change request, created as New; its people move and approve it.',
    stream: table.name,
    fields: async (signal) => writableFields(await parts.fields.of(table.name, signal), unwritable, lengths),
  };

  return Object.freeze({
    resources: [changeRequest],
    find: (resource, key, ask) => guarded(resource, sysIdOf(key), () => findByKey(lookup, key, ask.signal)),
    create: (resource, key, fields, ask) =>
      guarded(resource, sysIdOf(key), async () => {
        const sysId = await send(key, fields, ask.resend, ask.signal);
        const { sys_id: _ours, ...identity } = identityOf(key);
        return readBack(sysId, { ...fields, ...identity }, ask.signal);
      }),
    update: (resource, ticketKey, fields, signal) =>
      guarded(resource, ticketKey, async () => {
        await writing.update(table.name, keyOf(ticketKey), encodeFields(table.name, fields), {
          idempotent: true,
          ...(signal && { signal }),
        });
        return readBack(ticketKey, fields, signal);
      }),
    comment: (resource, ticketKey, marker, text, signal) =>
      guarded(resource, ticketKey, () => noteOnce(writing, table.name, keyOf(ticketKey), marker, text, signal)),
    read: (resource, ticketKey, signal) =>
      guarded(resource, ticketKey, async (): Promise<SourceRecord | undefined> => {
        const row = await reading.one(table.name, keyOf(ticketKey), reader.columns, signal);
        if (row === undefined) return undefined;
        const record = recordOf(reader.read(row));
        const approvals = await approvalsOf(reading, ticketKey, context.log, signal);
        return approvals === undefined ? record : { ...record, data: { ...record.data, approvals: approvalData(approvals) } };
      }),
    history: (resource, ticketKey, signal) =>
      guarded(resource, ticketKey, async () => approvalHistory((await approvalsOf(reading, keyOf(ticketKey), context.log, signal)) ?? [])),
  } satisfies Sink);
}

function keyOf(ticketKey: string): string {
  if (isPlainKey(ticketKey)) return ticketKey;
  throw new Failure('record', `${JSON.stringify(ticketKey.slice(0, 60))} is not a sys_id`, { committed: 'no' });
}
