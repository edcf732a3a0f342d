import type { ConnectorContext, Failure, HttpAnswer, OpenConnector } from 'golden-thread/kit';
import { accessBy } from './sign-in/access.js';
import { attachmentsOf } from './attachments.js';
import { check } from './check.js';
import type { ServiceNowConfig } from './config.js';
import { fieldCatalogue } from './fields.js';
import { notesOf } from './journal.js';
import { judgeRead } from './meaning.js';
import { openSink } from './sink.js';
import { paceOf } from './pace.js';
import { remoteClock } from './remote-clock.js';
import { openStreams, readerOf } from './streams.js';
import { tableApi } from './table.js';
import { tables } from './tables.js';
import { approvalsOf } from './writing/approvals.js';
import { changeApi } from './writing/change-api.js';
import { offeredTables } from './writing/written-tables.js';

/** One instance, open: the table client of each account, the streams and the sink. Makes no request. */
export function openInstance(config: ServiceNowConfig, context: ConnectorContext): OpenConnector {
  const clock = remoteClock();
  const pace = paceOf();
  const judge = (answer: HttpAnswer): Failure | undefined => {
    clock.note(answer.remoteNow);
    return judgeRead(answer);
  };
  const clientsOf = accessBy(config, context, judge);
  const [reader, writer] = [clientsOf(config.read), clientsOf(config.write ?? config.read)];
  const reading = tableApi(reader.reads, reader.writes, pace);
  const writing = reader === writer ? reading : tableApi(writer.reads, writer.writes, pace);
  const changes = changeApi({ reads: reader.reads, own: writer.reads, writes: writer.writes });
  const fields = fieldCatalogue(reading);
  const streams = openStreams({ config, context, api: reading, fields, clock });
  const written = offeredTables(new Set(Object.keys(config.streams)));
  const sink = openSink({
    context,
    instance: config.instance,
    reading,
    writing,
    changes,
    files: { reads: writer.reads, writes: writer.writes },
    readerOf: (name) => readerOf(tables[name], { config, context }),
    fields,
    written,
    now: Date.now,
  });
  return Object.freeze({
    streams,
    sink,
    notes: (_stream: string, key: string, signal?: AbortSignal) => notesOf(reading, key, context.log, signal),
    approvals: (_stream: string, key: string, signal?: AbortSignal) => approvalsOf(reading, key, context.log, signal),
    attachments: (_stream: string, key: string, signal?: AbortSignal) => attachmentsOf(reader.reads, key, signal),
    check: (signal?: AbortSignal) => check({ config, context, reading, writing, fields, changes, written, clock: Date.now }, signal),
  });
}
