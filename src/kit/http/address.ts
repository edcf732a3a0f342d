import { Failure } from '../failure.js';
import type { HttpRequest } from './client.js';

/** Where a client may send requests: nowhere else, whatever a record, a link header or a formula says. */
export interface Base {
  readonly origin: string;
  /** Ends with `/`. */
  readonly prefix: string;
  readonly host: string;
  readonly secure: boolean;
}

/** The base of a configured address. Fails with `config` when it is no http(s) address or holds a credential. */
export function parseBase(baseUrl: string): Base {
  const url = URL.parse(baseUrl);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new Failure('config', 'baseUrl is not an http or https address', {
      hint: 'write it as https://host, with a path prefix at most',
    });
  if (url.username !== '' || url.password !== '')
    throw new Failure('config', `baseUrl of ${url.host} holds a user name or a password`, {
      hint: 'move the credential into the settings that are meant for it: addresses are logged',
    });
  if (url.search !== '' || url.hash !== '')
    throw new Failure('config', `baseUrl of ${url.host} has a query or a fragment`, { hint: 'leave out everything from ? or # on' });
  const prefix = url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`;
  return { origin: url.origin, prefix, host: url.host, secure: url.protocol === 'https:' };
}

/**
 * The full address of a request. Fails with `contract` when the path would leave the base: axios sends credentials to whatever
 * absolute address it is given, and custom headers even along redirects.
 */
export function addressWithin(base: Base, path: string, query: HttpRequest['query']): string {
  if (!path.startsWith('/') || path.startsWith('//') || hasForeignCharacters(path) || path.split('/').some(climbs)) throw outside(base);
  const url = URL.parse(base.origin + base.prefix.slice(0, -1) + path);
  if (url === null || url.origin !== base.origin || !`${url.pathname}/`.startsWith(base.prefix)) throw outside(base);
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) => encodePairs(name, value));
  return url.origin + url.pathname + (pairs.length === 0 ? '' : `?${pairs.join('&')}`);
}

function encodePairs(name: string, value: string | number | boolean | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  const values = typeof value === 'object' ? value : [String(value)];
  return values.map((one) => `${encode(name)}=${encode(one)}`);
}

// A lone surrogate makes encodeURIComponent throw.
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function hasForeignCharacters(path: string): boolean {
  // eslint-disable-next-line no-control-regex
  return /[\\?#\s\u0000-\u001f\u007f]/u.test(path);
}

/** A segment that stands for a folder above, however it is spelled; some servers decode before they route. */
function climbs(segment: string): boolean {
  let decoded: string;
  try {
    decoded = decodeURIComponent(segment);
  } catch {
    return true;
  }
  return decoded.includes('\\') || decoded.split('/').some((part) => part === '.' || part === '..');
}

function outside(base: Base): Failure {
  return new Failure('contract', `refused to send a request outside of ${base.origin}${base.prefix}`, {
    committed: 'no',
    hint: 'a record or an answer pointed somewhere else, or the connector built a wrong path; nothing was sent',
  });
}
