import type { IncomingHttpHeaders } from 'node:http';
import type { Account } from './accounts.js';
import type { Instance } from './instance.js';
import { type HttpReply, json } from './replies.js';

/** Seconds that an access token lives, as in the documentation's sample. */
const accessSeconds = 1799;
/** 100 days. */
const refreshSeconds = 8_640_000;

/** Whose request it is: Basic, or a bearer token that has not expired on the virtual clock. */
export function authenticate({ accounts, tokens, clock }: Instance, headers: IncomingHttpHeaders): Account | undefined {
  const [scheme = '', rest = ''] = (headers.authorization ?? '').split(' ');
  if (scheme.toLowerCase() === 'basic') {
    const text = Buffer.from(rest, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    const account = accounts.get(text.slice(0, colon));
    return colon > 0 && account?.password === text.slice(colon + 1) ? account : undefined;
  }
  if (scheme.toLowerCase() !== 'bearer') return undefined;
  const token = tokens.get(rest);
  return token?.kind === 'access' && token.expiresAt > clock.now() ? accounts.get(token.user_name) : undefined;
}

/** `POST /oauth_token.do`: client_credentials (no refresh token), password and refresh_token. */
export function issueToken(instance: Instance, form: URLSearchParams): HttpReply {
  const client = instance.clients.get(form.get('client_id') ?? '');
  if (!client || client.client_secret !== form.get('client_secret')) return refused('invalid_client');
  const grant = form.get('grant_type');
  if (grant === 'client_credentials') return tokens(instance, client.client_id, client.user_name, undefined);
  if (grant === 'password') {
    const account = instance.accounts.get(form.get('username') ?? '');
    if (!account || account.password !== form.get('password')) return refused('server_error');
    return tokens(instance, client.client_id, account.user_name, newToken(instance, 'refresh', client.client_id, account.user_name));
  }
  if (grant === 'refresh_token') {
    const old = form.get('refresh_token') ?? '';
    const token = instance.tokens.get(old);
    if (token?.kind !== 'refresh' || token.client_id !== client.client_id || token.expiresAt <= instance.clock.now())
      return refused('server_error');
    return tokens(instance, client.client_id, token.user_name, old);
  }
  return refused('unsupported_grant_type');
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
