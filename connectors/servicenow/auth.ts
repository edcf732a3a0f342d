import { Failure, type HttpClient, type HttpOptions, z } from 'golden-thread/kit';
import type { Account } from './config.js';

type Authorize = HttpOptions['authorize'];

/** A token is renewed this long before it expires, so that it does not expire on its way. */
const renewBeforeMs = 60_000;
/** Where the answer does not say; half of ServiceNow's default of 1799 s. */
const assumedLifeSeconds = 900;

const Token = z.looseObject({
  access_token: z.string().min(1),
  token_type: z.string().optional(),
  expires_in: z.coerce.number().positive().optional(),
});

interface Held {
  readonly token: string;
  readonly renewAt: number;
}

/** What obtaining a token needs besides the account. */
export interface TokenSource {
  /** A client without authorisation of its own. */
  readonly http: HttpClient;
  /** Milliseconds of a clock that only runs forward. */
  readonly clock: () => number;
  /** Aborted at shutdown. */
  readonly signal: AbortSignal;
}

/** The `Authorization` header of every request of this account. */
export function authorizeBy(account: Account, source: TokenSource): Authorize {
  return 'clientId' in account ? clientCredentials(account, source) : basic(account);
}

function basic(account: { readonly username: string; readonly password: string }): Authorize {
  const header = { authorization: `Basic ${Buffer.from(`${account.username}:${account.password}`, 'utf8').toString('base64')}` };
  return () => Promise.resolve(header);
}

/**
 * OAuth client credentials: `POST /oauth_token.do`. There is no refresh token in this grant, a new token is asked for. Single-flight:
 * however many requests wait, one token is under way. Renewed 60 s before it expires, and once when an answer says that it is refused.
 */
function clientCredentials(account: { readonly clientId: string; readonly clientSecret: string }, source: TokenSource): Authorize {
  let held: Held | undefined;
  let underWay: Promise<Held> | undefined;

  const renew = (): Promise<Held> => {
    underWay ??= requestToken(account, source)
      .then((token) => (held = token))
      .finally(() => (underWay = undefined));
    return underWay;
  };

  return async ({ rejected }) => {
    const usable = !rejected && held !== undefined && source.clock() < held.renewAt ? held : undefined;
    const { token } = usable ?? (await renew());
    return { authorization: `Bearer ${token}` };
  };
}

async function requestToken(account: { readonly clientId: string; readonly clientSecret: string }, source: TokenSource): Promise<Held> {
  const obtainedAt = source.clock();
  const answer = await source.http.request({
    method: 'POST',
    path: '/oauth_token.do',
    route: '/oauth_token.do',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: account.clientId,
      client_secret: account.clientSecret,
    }).toString(),
    // A token that is never used harms nobody, and one caller's abort must not take it away from the others that wait for it.
    idempotent: true,
    readOnly: true,
    signal: source.signal,
  });
  const token = Token.safeParse(answer.body);
  if (!token.success)
    throw new Failure('auth', 'ServiceNow answered the request for a token without a token', {
      hint: 'check the OAuth application: client credentials grant allowed, an application user set',
    });
  const lifeMs = (token.data.expires_in ?? assumedLifeSeconds) * 1000;
  return { token: token.data.access_token, renewAt: obtainedAt + Math.max(lifeMs - renewBeforeMs, lifeMs / 2) };
}

/** What a refused request for a token means: `/oauth_token.do` answers 400 or 401 with `{"error":…,"error_description":…}`. */
export function judgeToken(answer: { readonly status: number }): Failure | undefined {
  if (![400, 401, 403].includes(answer.status)) return undefined;
  return new Failure('auth', `ServiceNow refuses the OAuth client (${answer.status})`, {
    status: answer.status,
    committed: 'no',
    hint: 'check clientId and clientSecret, that the property glide.oauth.inbound.client.credential.grant_type.enabled is true, and that the application has an application user',
  });
}
