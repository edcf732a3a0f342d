import { type ConnectorContext, type Failure, type HttpAnswer, type HttpClient, networkOf } from 'golden-thread/kit';
import type { Account } from './account.js';
import { proofOf } from './auth.js';
import type { ServiceNowConfig } from '../config.js';
import { judgeWrite } from '../meaning.js';
import { restAfterRefusalMs } from './oauth.js';
import { judgeToken } from './token.js';

/** The clients of one account. */
export interface Clients {
  readonly reads: HttpClient;
  readonly writes: HttpClient;
}

/** Opens the clients of accounts. */
export type Access = (account: Account) => Clients;

/**
 * The clients of an account: one for reads and one for writes, because the same answer means something else to each. They rest together, and
 * an account that is named twice is opened once, so that its token is renewed once.
 */
export function accessBy(
  config: ServiceNowConfig,
  context: ConnectorContext,
  judgeRead: (answer: HttpAnswer) => Failure | undefined,
): Access {
  const client = { baseUrl: config.instance, concurrency: config.concurrency, ...networkOf(config) };
  const open = (account: Account, name: string): Clients => {
    const proof = proofOf(account, {
      http: context.http({ ...client, account: `${name}/token`, authorize: () => Promise.resolve({}), classify: judgeToken }),
      instance: config.instance,
      clock: () => performance.now(),
      now: Date.now,
      credentials: context.credentials,
      signal: context.signal,
    });
    const shared = { ...client, ...proof, account: name, restAfterRefusalMs };
    return { reads: context.http({ ...shared, classify: judgeRead }), writes: context.http({ ...shared, classify: judgeWrite }) };
  };
  const known = new Map<string, Clients>();
  return (account) => {
    const identity = JSON.stringify(account);
    const earlier = known.get(identity);
    if (earlier !== undefined) return earlier;
    const opened = open(account, `account ${known.size + 1}`);
    known.set(identity, opened);
    return opened;
  };
}
