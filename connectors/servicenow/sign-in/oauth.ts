import { createHash } from 'node:crypto';
import { type ConnectorContext, type Failure, type HttpClient, type HttpOptions, isFailure } from 'golden-thread/kit';
import type { OAuthAccount, PasswordGrant } from './account.js';
import { assertionBy } from './jwt.js';
import { requestToken, type Token } from './token.js';

/** A token is renewed this long before it expires, so that it does not expire on its way. */
const renewBeforeMs = 60_000;
/** How long a grant that was refused is not tried again: accounts get locked after a few wrong passwords. */
export const restAfterRefusalMs = 60_000;

/** What obtaining a token needs besides the account. */
export interface TokenSource {
  /** A client without authorisation of its own. */
  readonly http: HttpClient;
  /** Address of the instance. */
  readonly instance: string;
  /** Milliseconds of a clock that only runs forward. */
  readonly clock: () => number;
  /** Milliseconds since 1970, for assertions. */
  readonly now: () => number;
  /** Where a refresh token outlives the process. */
  readonly credentials: ConnectorContext['credentials'];
  /** Aborted at shutdown. */
  readonly signal: AbortSignal;
}

interface Held {
  readonly token: string;
  readonly renewAt: number;
}

/**
 * A bearer token for every request. Single-flight: however many requests wait, one token is under way. Renewed 60 s before it expires, and once
 * when an answer says that it is refused, unless another request has renewed it meanwhile. A refused grant is remembered for a minute.
 */
export function bearer(account: OAuthAccount, source: TokenSource): HttpOptions['authorize'] {
  const obtain = grantOf(account, source);
  let held: Held | undefined;
  let underWay: Promise<Held> | undefined;
  let refused: { readonly failure: Failure; readonly until: number } | undefined;

  const renew = async (): Promise<Held> => {
    if (refused !== undefined && source.clock() < refused.until) throw refused.failure;
    const obtainedAt = source.clock();
    try {
      const { accessToken, lifeMs } = await obtain();
      held = { token: accessToken, renewAt: obtainedAt + Math.max(lifeMs - renewBeforeMs, lifeMs / 2) };
      return held;
    } catch (error) {
      if (isFailure(error) && error.kind === 'auth') refused = { failure: error, until: source.clock() + restAfterRefusalMs };
      throw error;
    }
  };

  return async ({ rejected, sent }) => {
    const usable = held !== undefined && source.clock() < held.renewAt && !(rejected && isSame(held, sent)) ? held : undefined;
    if (usable === undefined) underWay ??= renew().finally(() => (underWay = undefined));
    const { token } = usable ?? (await (underWay as Promise<Held>));
    return { authorization: `Bearer ${token}` };
  };
}

/** Without the headers that were sent, the token that was refused may be the one that is held. */
function isSame(held: Held, sent: Readonly<Record<string, string>> | undefined): boolean {
  return sent === undefined || sent['authorization'] === `Bearer ${held.token}`;
}

/** How a token is obtained for this account. */
function grantOf(account: OAuthAccount, source: TokenSource): () => Promise<Token> {
  const { http, signal } = source;
  const client = { client_id: account.clientId, client_secret: account.clientSecret };
  if ('privateKey' in account) {
    const assert = assertionBy(account, `${source.instance}/oauth_token.do`);
    const grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
    return () => requestToken(http, { grant_type: grant, ...client, assertion: assert(source.now()) }, signal);
  }
  if ('password' in account) return passwordGrant(account, source);
  return () => requestToken(http, { grant_type: 'client_credentials', ...client }, signal);
}

/**
 * A refresh token as long as there is one (its default life is 100 days), the password otherwise. A rotated refresh token is on disk before the access
 * token that came with it is used: the instance has voided the old one. One that is refused, or whose answer was lost, costs one try of the password.
 */
function passwordGrant(account: PasswordGrant, source: TokenSource): () => Promise<Token> {
  const { http, credentials, signal } = source;
  const client = { client_id: account.clientId, client_secret: account.clientSecret };
  // By the password too: a token from before it was changed on purpose is not used on.
  const key = createHash('sha256')
    .update(JSON.stringify([account.clientId, account.username, account.password]))
    .digest('hex')
    .slice(0, 16);
  const place = `refresh-token-${key}`;

  const keep = async (token: Token, before: string): Promise<Token> => {
    if (token.refreshToken !== undefined && token.refreshToken !== before) await credentials.put(place, token.refreshToken);
    return token;
  };

  return async () => {
    const known = (await credentials.get(place)) ?? '';
    if (known !== '') {
      try {
        return await keep(await requestToken(http, { grant_type: 'refresh_token', ...client, refresh_token: known }, signal), known);
      } catch (error) {
        if (!isFailure(error) || error.kind !== 'auth') throw error;
      }
    }
    const { username, password } = account;
    return keep(await requestToken(http, { grant_type: 'password', ...client, username, password }, signal), known);
  };
}
