import type { Connector, ConnectorContext } from 'golden-thread/kit';
import { attachmentsOf } from './attachments.js';
import { checkJira } from './check.js';
import { JiraConfig } from './config.js';
import { issueStream } from './issue-stream.js';
import { openJira } from './jira.js';
import { issueSink } from './sink.js';

/** Jira: streams of issues by JQL, and improvement and change tickets. */
const connector: Connector<JiraConfig> = Object.freeze({
  id: 'jira',
  about:
    'Jira Cloud and Data Center: reads issues by JQL (incidents, problems, changes, findings, risks), writes improvement and change tickets',
  config: JiraConfig,
  open(config: JiraConfig, context: ConnectorContext) {
    const jira = openJira(config, context);
    return Object.freeze({
      check: (signal?: AbortSignal) => checkJira(jira, signal),
      streams: Object.entries(config.streams).map(([name, { about, jql }]) => issueStream(jira, name, about ?? `Issues: ${jql}`, jql)),
      attachments: (_stream: string, key: string, signal?: AbortSignal) => attachmentsOf(jira, key, signal),
      ...((config.project !== undefined || config.change !== undefined) && { sink: issueSink(jira) }),
    });
  },
});

export default connector;
