import type { IncomingHttpHeaders } from 'node:http';
import type { Account, OAuthClient } from './accounts.js';
import type { Instance } from './instance.js';
import { subjectOfAssertion } from './jwt.js';
import { type HttpReply, json } from './replies.js';

/** Seconds that an access token lives, as in the documentation's sample. */
const accessSeconds = 1799;
/** 100 days. */
const refreshSeconds = 8_640_000;

/** How a request shows whose it is. `certificate`: common name of a verified client certificate. */
export interface Shown {
  readonly headers: IncomingHttpHeaders;
  readonly certificate?: string;
}

/** Whose request it is: API key, Basic, a bearer token that has not expired on the virtual clock, or the client certificate of the connection. */
export function authenticate(instance: Instance, { headers, certificate }: Shown): Account | undefined {
  const { accounts, tokens, clock } = instance;
  const apiKey = headers['x-sn-apikey'];
  if (apiKey !== undefined) return [...accounts.values()].find((account) => account.api_key !== undefined && account.api_key === apiKey);
  const [scheme = '', rest = ''] = (headers.authorization ?? '').split(' ');
  if (scheme.toLowerCase() === 'basic') {
    const text = Buffer.from(rest, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    return colon > 0 ? signIn(instance, text.slice(0, colon), text.slice(colon + 1)) : undefined;
  }
  if (scheme.toLowerCase() === 'bearer') {
    const token = tokens.get(rest);
    return token?.kind === 'access' && token.expiresAt > clock.now() ? accounts.get(token.user_name) : undefined;
  }
  return certificate === undefined ? undefined : [...accounts.values()].find((account) => account.certificate_name === certificate);
}

/** By password. After so many wrong ones in a row the account is locked, and the right one is refused too. */
function signIn({ accounts, wrongPasswords, switches }: Instance, userName: string, password: string): Account | undefined {
  const account = accounts.get(userName);
  const wrong = wrongPasswords.get(userName) ?? 0;
  if (!account || (switches.lockOutAfter !== null && wrong >= switches.lockOutAfter)) return undefined;
  if (account.password === password) {
    wrongPasswords.delete(userName);
    return account;
  }
  wrongPasswords.set(userName, wrong + 1);
  return undefined;
}

/** `POST /oauth_token.do`: client_credentials and JWT bearer (no refresh token), password and refresh_token. */
export function issueToken(instance: Instance, form: URLSearchParams, tokenEndpoint: string): HttpReply {
  const client = instance.clients.get(form.get('client_id') ?? '');
  if (!client) return refused('invalid_client');
  const grant = form.get('grant_type');
  if (grant === 'urn:ietf:params:oauth:grant-type:jwt-bearer') return byAssertion(instance, client, form, tokenEndpoint);
  if (client.client_secret !== form.get('client_secret')) return refused('invalid_client');
  if (grant === 'client_credentials') return tokens(instance, client.client_id, client.user_name, undefined);
  if (grant === 'password') {
    const account = signIn(instance, form.get('username') ?? '', form.get('password') ?? '');
    if (!account) return refused('server_error');
    return tokens(instance, client.client_id, account.user_name, newToken(instance, 'refresh', client.client_id, account.user_name));
  }
  if (grant === 'refresh_token') {
    const old = form.get('refresh_token') ?? '';
    const token = instance.tokens.get(old);
    if (token?.kind !== 'refresh' || token.client_id !== client.client_id || token.expiresAt <= instance.clock.now())
      return refused('server_error');
    if (!instance.switches.rotateRefreshTokens) return tokens(instance, client.client_id, token.user_name, old);
    instance.tokens.delete(old);
    return tokens(instance, client.client_id, token.user_name, newToken(instance, 'refresh', client.client_id, token.user_name));
  }
  return refused('unsupported_grant_type');
}

function byAssertion(instance: Instance, client: OAuthClient, form: URLSearchParams, tokenEndpoint: string): HttpReply {
  const secret = form.get('client_secret');
  if (client.public_key === undefined || (secret !== null && secret !== client.client_secret)) return refused('invalid_client');
  const audience = instance.switches.jwtAudience === 'client-id' ? client.client_id : tokenEndpoint;
  const expected = { issuer: client.client_id, audience, now: instance.clock.now(), usedIds: instance.usedAssertions };
  const subject = subjectOfAssertion(form.get('assertion') ?? '', client.public_key, expected);
  const account = subject === undefined ? undefined : instance.accounts.get(subject);
  return account ? tokens(instance, client.client_id, account.user_name, undefined) : refused('invalid_grant');
}

function tokens(instance: Instance, clientId: string, userName: string, refresh: string | undefined): HttpReply {
  return json(200, {
    access_token: newToken(instance, 'access', clientId, userName),
    ...(refresh !== undefined && { refresh_token: refresh }),
    scope: 'useraccount',
    token_type: 'Bearer',
    expires_in: accessSeconds,
  });
}

function newToken(instance: Instance, kind: 'access' | 'refresh', clientId: string, userName: string): string {
  const token = instance.random.hex(86);
  const seconds = kind === 'access' ? accessSeconds : refreshSeconds;
  instance.tokens.set(token, { kind, user_name: userName, client_id: clientId, expiresAt: instance.clock.now() + seconds * 1000 });
  return token;
}

const refused = (error: string): HttpReply => json(401, { error_description: 'access_denied', error });
