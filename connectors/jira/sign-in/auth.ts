import type { ConnectorContext, HttpOptions } from 'golden-thread/kit';
import type { JiraConfig } from '../config.js';
import { bearer, isOAuth, judgeToken } from './oauth.js';

/** How each request is authorised: Basic with an API token or a password, a bearer token, or one that is obtained and renewed by OAuth. */
export function authorization(config: JiraConfig, context: ConnectorContext): HttpOptions['authorize'] {
  const { auth } = config;
  if (isOAuth(auth)) {
    const http = context.http({
      baseUrl: auth.authServer,
      authorize: async () => ({}),
      classify: judgeToken,
      account: 'oauth',
    });
    return bearer(auth, { http, credentials: context.credentials, signal: context.signal, clock: () => performance.now() });
  }
  const value = auth.type === 'bearer' ? `Bearer ${auth.token}` : `Basic ${Buffer.from(pairOf(auth), 'utf8').toString('base64')}`;
  return async () => ({ authorization: value });
}

function pairOf(auth: Extract<JiraConfig['auth'], { readonly type: 'basic' | 'password' }>): string {
  return auth.type === 'basic' ? `${auth.email}:${auth.apiToken}` : `${auth.username}:${auth.password}`;
}
