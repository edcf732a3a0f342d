import { type ConnectorContext, networkOf } from 'golden-thread/kit';
import { type Account, type AccountProof, accountProof } from './sign-in/account.js';
import { authorization } from './sign-in/auth.js';
import { type Catalogue, catalogueOf } from './catalogue.js';
import { jiraClient, type JiraClient } from './client.js';
import { issueUrl, type JiraConfig } from './config.js';
import { cloudDialect, type Dialect } from './dialect.js';
import { dataCenterLimit } from './data-center/limit.js';
import { openDataCenter } from './data-center/open.js';
import { dataCenterRefusal } from './data-center/refusal.js';
import { fieldSet, type RecordFrame } from './issue-record.js';
import { limitedBy } from './limits.js';
import { refusal } from './refusal.js';
import { Myself } from './wire.js';
import { type Written, writtenIssues } from './reading/written.js';

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
  /** Whose answers these are. */
  readonly account: AccountProof;
  /** What this process wrote a moment ago. */
  readonly written: Written;
  catalogue(signal?: AbortSignal): Promise<Catalogue>;
  /** How the records of a stream are made. */
  frame(stream: string, signal?: AbortSignal): Promise<RecordFrame>;
}

/** No request is made before one of its functions is called. */
export function openJira(config: JiraConfig, context: ConnectorContext): Jira {
  const isCloud = config.deployment === 'cloud';
  const way = { baseUrl: config.site, authorize: authorization(config, context), ...networkOf(config) };
  const http = context.http({
    ...way,
    concurrency: config.concurrency,
    // Accounts get locked, and passwords stay wrong.
    restAfterRefusalMs: 60_000,
    classify: isCloud ? refusal : dataCenterRefusal,
    limited: isCloud ? limitedBy : dataCenterLimit,
  });
  const { client, dialect } = isCloud
    ? { client: jiraClient(http, context.log), dialect: cloudDialect }
    : openDataCenter(config, http, context.log, context.http({ ...way, concurrency: 1, limited: dataCenterLimit }));
  const catalogue = catalogueOf(client, config.customFields);
  const account = accountProof(async (signal) => {
    const {
      value,
      remoteNow,
      account: named,
    } = await client.ask({
      send: (api, via) => api.getCurrentUser(via),
      answer: Myself,
      effect: 'read',
      signal,
    });
    return { id: value.accountId, name: value.displayName ?? value.accountId, remoteNow, named: named === value.accountId };
  });
  return Object.freeze({
    system: context.system,
    config,
    client,
    dialect,
    log: context.log,
    catalogue,
    account,
    // Twice: the index may need the settle time, and the search that asks may come as late again.
    written: writtenIssues(2 * config.settleMinutes * 60_000),
    myself: (signal?: AbortSignal) => account.myself(signal),
    async frame(stream: string, signal?: AbortSignal) {
      const fields = fieldSet(
        await catalogue(signal),
        context.wanted[stream] ?? [],
        stream === config.ticketStream || stream === config.change?.stream,
      );
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
