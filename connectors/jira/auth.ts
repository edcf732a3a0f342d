import type { HttpOptions } from 'golden-thread/kit';
import type { JiraConfig } from './config.js';

/** The header that authorises each request: Basic with an API token or a password, or a bearer token (service account, personal access token). */
export function authorization(auth: JiraConfig['auth']): HttpOptions['authorize'] {
  const value = auth.type === 'bearer' ? `Bearer ${auth.token}` : `Basic ${Buffer.from(pairOf(auth), 'utf8').toString('base64')}`;
  return async () => ({ authorization: value });
}

function pairOf(auth: Exclude<JiraConfig['auth'], { readonly type: 'bearer' }>): string {
  return auth.type === 'basic' ? `${auth.email}:${auth.apiToken}` : `${auth.username}:${auth.password}`;
}
