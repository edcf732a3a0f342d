import type { JsonObject, OpenConnector, Sink, Stream } from 'golden-thread/kit';
import { testContext } from 'golden-thread/kit/testing';
import jira from '../../connectors/jira/index.js';
import { dataCenterConfig } from './jira-data-center-subject.js';

/** The connector against a Data Center at an address, and what it logs. */
export interface Opened {
  readonly connector: OpenConnector;
  readonly stream: Stream;
  readonly sink: Sink;
  readonly lines: readonly string[];
}

export function openDataCenter(url: string, more: JsonObject = {}, wanted: readonly string[] = []): Opened {
  const { context, lines } = testContext({ system: 'jira', secrets: ['bot-token'], wanted: { improvement: wanted } });
  const connector = jira.open(jira.config.parse(dataCenterConfig(url, more)), context) as OpenConnector;
  const { sink } = connector;
  const [stream] = connector.streams;
  if (sink === undefined || stream === undefined) throw new Error('it has no sink or no stream');
  return { connector, stream, sink, lines };
}
