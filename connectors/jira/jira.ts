import type { ConnectorContext } from 'golden-thread/kit';
import { authorization } from './auth.js';
import { type Catalogue, catalogueOf } from './catalogue.js';
import { jiraClient, type JiraClient } from './client.js';
import { issueUrl, type JiraConfig } from './config.js';
import { cloudDialect, type Dialect } from './dialect.js';
import { fieldSet, type RecordFrame } from './issue-record.js';
import { refusal } from './refusal.js';
import { Myself } from './wire.js';

/** The account that the token belongs to. */
export interface Account {
  readonly id: string;
  readonly name: string;
  /** The remote's clock when it answered. */
  readonly remoteNow: string | undefined;
}

/** One configured Jira: what its streams, its sink and its check share. */
export interface Jira {
  readonly system: string;
  readonly config: JiraConfig;
  readonly client: JiraClient;
  /** What differs between Cloud and Data Center in what is written and read. */
  readonly dialect: Dialect;
  readonly log: ConnectorContext['log'];
  /** Proves the credentials: this is never answered to an anonymous caller. Fails with `auth`. */
  myself(signal?: AbortSignal): Promise<Account>;
  catalogue(signal?: AbortSignal): Promise<Catalogue>;
  /** How the records of a stream are made. */
  frame(stream: string, signal?: AbortSignal): Promise<RecordFrame>;
}

/** No request is made before one of its functions is called. */
export function openJira(config: JiraConfig, context: ConnectorContext): Jira {
  const client = jiraClient(
    context.http({
      baseUrl: config.site,
      authorize: authorization(config.auth),
      concurrency: config.concurrency,
      classify: refusal,
      ...(config.ca !== undefined && { ca: config.ca }),
    }),
    context.log,
  );
  const dialect = cloudDialect;
  const catalogue = catalogueOf(client, config.customFields);
  return Object.freeze({
    system: context.system,
    config,
    client,
    dialect,
    log: context.log,
    catalogue,
    async myself(signal?: AbortSignal) {
      const { value, remoteNow } = await client.ask({
        send: (api, via) => api.getCurrentUser(via),
        answer: Myself,
        effect: 'read',
        signal,
      });
      return { id: value.accountId, name: value.displayName ?? value.accountId, remoteNow };
    },
    async frame(stream: string, signal?: AbortSignal) {
      const fields = fieldSet(await catalogue(signal), context.wanted[stream] ?? [], stream === config.ticketStream);
      return {
        system: context.system,
        stream,
        fields,
        urlOf: (key: string) => issueUrl(config, key),
        richText: (raw: string) => dialect.markup.read(raw),
      };
    },
  });
}
