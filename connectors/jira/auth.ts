import type { HttpOptions } from 'golden-thread/kit';
import type { JiraConfig } from './config.js';

/** The header that authorises each request: Basic with an API token, or a bearer token (service account, personal access token). */
export function authorization(auth: JiraConfig['auth']): HttpOptions['authorize'] {
  const value =
    auth.type === 'basic' ? `Basic ${Buffer.from(`${auth.email}:${auth.apiToken}`, 'utf8').toString('base64')}` : `Bearer ${auth.token}`;
  return async () => ({ authorization: value });
}
