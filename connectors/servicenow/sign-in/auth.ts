import type { HttpOptions } from 'golden-thread/kit';
import { type Account, isOAuth } from './account.js';
import { bearer, type TokenSource } from './oauth.js';

/** What a client needs to prove who it is. */
export type Proof = Pick<HttpOptions, 'authorize' | 'clientCertificate'>;

/** How requests of this account prove who makes them: a header, a token, or the certificate of the connection. Makes no request. */
export function proofOf(account: Account, source: TokenSource): Proof {
  if (isOAuth(account)) return { authorize: bearer(account, source) };
  if ('apiKey' in account) return { authorize: always({ 'x-sn-apikey': account.apiKey }) };
  if ('certificate' in account) {
    const { certificate, privateKey, passphrase } = account;
    const clientCertificate = { certificate, privateKey, ...(passphrase !== undefined && { passphrase }) };
    return { authorize: always({}), clientCertificate };
  }
  const pair = Buffer.from(`${account.username}:${account.password}`, 'utf8').toString('base64');
  return { authorize: always({ authorization: `Basic ${pair}` }) };
}

function always(headers: Readonly<Record<string, string>>): HttpOptions['authorize'] {
  return () => Promise.resolve(headers);
}
