import { createHash } from 'node:crypto';
import { type ConnectorContext, Failure, type HttpAnswer, type HttpClient, type HttpOptions, secret, z } from 'golden-thread/kit';
import { isObject } from '../value.js';

const authServer = z.url({ protocol: /^https?$/ }).default('https://auth.atlassian.com');
const text = z.string().trim().min(1);

/** OAuth 2.0 of a service account: client credentials, no refresh token. */
const ServiceAccount = z.strictObject({ type: z.literal('service-account'), clientId: text, clientSecret: secret(), authServer });
/** OAuth 2.0 (3LO): an app that a person has allowed. Refresh tokens rotate, and the one used last is kept in the store of credentials. */
const AllowedApp = z.strictObject({
  type: z.literal('oauth'),
  clientId: text,
  clientSecret: secret(),
  refreshToken: secret(),
  authServer,
});

/** The settings of `auth` by which tokens are obtained. */
export const oauthSettings = [ServiceAccount, AllowedApp] as const;
export type OAuthConfig = z.infer<typeof ServiceAccount> | z.infer<typeof AllowedApp>;

/** Whether tokens are obtained and renewed. */
export function isOAuth(auth: { readonly type: string }): auth is OAuthConfig {
  return auth.type === 'service-account' || auth.type === 'oauth';
}

const Token = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive().default(3600),
  refresh_token: z.string().optional(),
});
const Kept = z.object({ v: z.literal(1), of: z.string(), refreshToken: z.string() });

/** Under this name the newest refresh token is stored. */
const place = 'jira-refresh-token';
/** A token is renewed so long before it expires, so that it does not expire on its way. */
const renewBeforeMs = 60_000;
/** A refused grant is not tried again for so long. */
const restMs = 60_000;

/** What obtaining a token needs. */
export interface TokenSource {
  /** To the authorisation server, without authorisation of its own. */
  readonly http: HttpClient;
  readonly credentials: ConnectorContext['credentials'];
  /** Aborted at shutdown. */
  readonly signal: AbortSignal;
  /** Milliseconds on a clock that only runs forward. */
  readonly clock: () => number;
}

/**
 * A bearer token for every request. However many requests wait, one token is under way. It is renewed a minute before it expires, and once when an
 * answer says that it is refused, unless another request has renewed it meanwhile.
 *
 * A refresh token is good for one use: Atlassian answers with its successor, and the old one dies ten minutes later. So the successor is stored durably
 * before anything is done with the answer: a process that is killed before has the old one, which still answers; one that is killed afterwards the new one.
 */
export function bearer(auth: OAuthConfig, source: TokenSource): HttpOptions['authorize'] {
  let held: { readonly token: string; readonly renewAt: number } | undefined;
  let refused: { readonly failure: Failure; readonly until: number } | undefined;
  let underWay: Promise<string> | undefined;

  const renew = async (): Promise<string> => {
    if (refused !== undefined && source.clock() < refused.until) throw refused.failure;
    try {
      const { access_token: token, expires_in: seconds } = await obtain(auth, source);
      held = { token, renewAt: source.clock() + Math.max(seconds * 500, seconds * 1000 - renewBeforeMs) };
      refused = undefined;
      return token;
    } catch (error) {
      if (error instanceof Failure && error.kind === 'auth') refused = { failure: error, until: source.clock() + restMs };
      throw error;
    }
  };

  return async ({ rejected, sent }) => {
    const isCurrent = sent === undefined || sent['authorization'] === `Bearer ${held?.token ?? ''}`;
    const isGood = held !== undefined && source.clock() < held.renewAt && !(rejected && isCurrent);
    if (isGood && held !== undefined) return { authorization: `Bearer ${held.token}` };
    underWay ??= renew().finally(() => {
      underWay = undefined;
    });
    return { authorization: `Bearer ${await underWay}` };
  };
}

async function obtain(auth: OAuthConfig, { http, credentials, signal }: TokenSource): Promise<z.infer<typeof Token>> {
  const client = { client_id: auth.clientId, client_secret: auth.clientSecret };
  const body =
    auth.type === 'service-account'
      ? { grant_type: 'client_credentials', ...client }
      : { grant_type: 'refresh_token', ...client, refresh_token: await newest(auth.refreshToken, credentials) };
  const answer = await http.request({ method: 'POST', path: '/oauth/token', route: '/oauth/token', body, readOnly: true, signal });
  const token = Token.safeParse(answer.body);
  if (!token.success)
    throw new Failure('auth', 'the authorisation server answered without a token', { hint: 'check authServer of this system' });
  if (auth.type === 'oauth' && token.data.refresh_token !== undefined)
    await credentials.put(place, JSON.stringify({ v: 1, of: fingerprint(auth.refreshToken), refreshToken: token.data.refresh_token }));
  return token.data;
}

/** The stored refresh token, if it descends from the configured one: after a new consent the configured one begins again. */
async function newest(configured: string, credentials: ConnectorContext['credentials']): Promise<string> {
  const stored = await credentials.get(place);
  if (stored === undefined) return configured;
  try {
    const kept = Kept.safeParse(JSON.parse(stored));
    return kept.success && kept.data.of === fingerprint(configured) ? kept.data.refreshToken : configured;
  } catch {
    return configured;
  }
}

function fingerprint(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** What the authorisation server means: a 4xx is a matter of credentials, with the OAuth error's name and none of its text. */
export function judgeToken({ status, body }: HttpAnswer): Failure | undefined {
  if (status < 400 || status >= 500 || status === 408 || status === 429) return undefined;
  const error =
    isObject(body) && typeof body['error'] === 'string' && /^[a-z_]{1,40}$/.test(body['error']) ? body['error'] : String(status);
  return new Failure('auth', `Atlassian refused to give a token (${error})`, {
    status,
    committed: 'no',
    hint:
      error === 'invalid_grant'
        ? 'the consent has ended (90 days without use, or somebody took it back): allow the app again and set the new refreshToken'
        : 'check clientId and clientSecret of this system',
  });
}
