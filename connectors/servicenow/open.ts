import type { ConnectorContext, Failure, HttpAnswer, OpenConnector } from 'golden-thread/kit';
import { accessBy } from './sign-in/access.js';
import type { Account } from './sign-in/account.js';
import { check } from './check.js';
import type { ServiceNowConfig } from './config.js';
import { fieldCatalogue } from './fields.js';
import { judgeRead } from './meaning.js';
import { openSink } from './sink.js';
import { paceOf } from './pace.js';
import { remoteClock } from './remote-clock.js';
import { openStreams, readerOf } from './streams.js';
import { type TableApi, tableApi } from './table.js';
import { tables } from './tables.js';

/** One instance, open: the table client of each account, the streams and the sink. Makes no request. */
export function openInstance(config: ServiceNowConfig, context: ConnectorContext): OpenConnector {
  const clock = remoteClock();
  const pace = paceOf();
  const judge = (answer: HttpAnswer): Failure | undefined => {
    clock.note(answer.remoteNow);
    return judgeRead(answer);
  };
  const clientsOf = accessBy(config, context, judge);
  const accessOf = (account: Account): TableApi => {
    const { reads, writes } = clientsOf(account);
    return tableApi(reads, writes, pace);
  };
  const reading = accessOf(config.read);
  const writing = config.write === undefined ? reading : accessOf(config.write);
  const fields = fieldCatalogue(reading);
  const streams = openStreams({ config, context, api: reading, fields, clock });
  const reader = readerOf(tables.change_request, { config, context });
  const sink = openSink({ context, instance: config.instance, reading, writing, reader, fields });
  return Object.freeze({
    streams,
    sink,
    check: (signal?: AbortSignal) => check({ config, context, reading, writing, fields, clock: Date.now }, signal),
  });
}
