import { z } from 'zod';
import { secret } from '../secret.js';
import type { HttpOptions } from './client.js';

const proxyAddress = z
  .url({ protocol: /^https?$/, error: 'expected the address of the proxy, for example http://proxy.acme.example:3128' })
  .refine((text) => ['', '/'].includes(URL.parse(text)?.pathname ?? ''), 'expected the address of the proxy without a path')
  .refine(
    (text) => URL.parse(text)?.username === '',
    'credentials do not belong into the address: write proxy: { url, username, password }',
  );

/** How a system is reached: the same three settings for every connector. Spread them into the schema of `config:`. */
export const networkSettings = {
  proxy: z
    .union([proxyAddress, z.strictObject({ url: proxyAddress, username: z.string().min(1), password: secret() })], {
      error: 'expected the address of the proxy, or { url, username, password }',
    })
    .optional()
    .describe('Proxy on the way to the system. Default: what HTTPS_PROXY, HTTP_PROXY and NO_PROXY of the environment say.'),
  noProxy: z
    .array(z.string().regex(/^[^\s,]+$/, 'a host name, .domain, address or *'))
    .optional()
    .describe('Hosts that are reached without the proxy: name, .domain, address, host:port or *.'),
  ca: z
    .string()
    .refine((pem) => pem.includes('-----BEGIN CERTIFICATE-----'), 'expected the PEM text of certificates: ${file:/path/to/ca.pem}')
    .optional()
    .describe('PEM of a private certificate authority, trusted besides the public ones.'),
};

/** {@link networkSettings} as they come out of a schema. */
export interface NetworkSettings {
  readonly proxy?: string | { readonly url: string; readonly username: string; readonly password: string } | undefined;
  readonly noProxy?: readonly string[] | undefined;
  readonly ca?: string | undefined;
}

/** The settings as options of the HTTP client. */
export function networkOf(settings: NetworkSettings): Pick<HttpOptions, 'proxy' | 'noProxy' | 'ca'> {
  const { proxy, noProxy, ca } = settings;
  return {
    ...(proxy !== undefined && { proxy: typeof proxy === 'string' ? { url: proxy } : proxy }),
    ...(noProxy !== undefined && { noProxy }),
    ...(ca !== undefined && { ca }),
  };
}
