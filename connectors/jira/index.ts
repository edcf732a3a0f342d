import type { Connector, ConnectorContext } from 'golden-thread/kit';
import { checkJira } from './check.js';
import { JiraConfig } from './config.js';
import { issueStream } from './issue-stream.js';
import { openJira } from './jira.js';
import { issueSink } from './sink.js';

/** Jira Cloud: streams of issues by JQL, and improvement tickets in one project. */
const connector: Connector<JiraConfig> = Object.freeze({
  id: 'jira',
  about: 'Jira Cloud: reads issues by JQL (audit findings, improvements), writes improvement tickets',
  config: JiraConfig,
  open(config: JiraConfig, context: ConnectorContext) {
    const jira = openJira(config, context);
    return Object.freeze({
      check: (signal?: AbortSignal) => checkJira(jira, signal),
      streams: Object.entries(config.streams).map(([name, { about, jql }]) => issueStream(jira, name, about ?? `Issues: ${jql}`, jql)),
      ...((config.project !== undefined || config.change !== undefined) && { sink: issueSink(jira) }),
    });
  },
});

export default connector;
