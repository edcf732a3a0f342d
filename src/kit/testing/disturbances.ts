import { gzipSync } from 'node:zlib';
import type { Asked, Told, Trouble } from './wire.js';

/** A page as sign-on proxies and sleeping instances answer with it, and 200. */
export const signOnPage = '<html><head><title>Sign on</title></head><body>Please sign on</body></html>';

const json = { 'content-type': 'application/json' } as const;

/** An answer in the place of the system's. */
export function answering(status: number, body: string, headers: Told['headers'] = json): Trouble {
  return { do: 'answer', told: { status, headers, body: Buffer.from(body) } };
}

/** What a body may have become on its way: name -> the answer as it arrives. None of them is data. */
export const spoiled: Readonly<Record<string, (told: Told) => Told>> = {
  'in UTF-16': (told) => ({ ...told, body: Buffer.from(told.body.toString('utf8'), 'utf16le') }),
  'in Latin-1': (told) => ({ ...told, body: Buffer.from(`${told.body.toString('utf8').slice(0, -1)},"ä":"ä"}`, 'latin1') }),
  'an HTML page': (told) => ({ ...told, headers: { ...told.headers, 'content-type': 'text/html' }, body: Buffer.from(signOnPage) }),
  'HTML that calls itself JSON': (told) => ({ ...told, body: Buffer.from(signOnPage) }),
  'nothing at all': (told) => ({ ...told, body: Buffer.alloc(0) }),
};

let bomb: Buffer | undefined;

/** An answer of 100 KB that unpacks to 72 MB: beyond what any connector reads. */
export function gzipBomb(told: Told): Told {
  bomb ??= gzipSync(Buffer.alloc(72 * 1024 * 1024, ' '));
  return { ...told, headers: { ...told.headers, 'content-encoding': 'gzip' }, body: bomb };
}

/** An answer as JSON, changed; one that is no JSON stays. */
export function changed(told: Told, change: (body: unknown) => unknown): Told {
  try {
    return { ...told, body: Buffer.from(JSON.stringify(change(JSON.parse(told.body.toString('utf8'))))) };
  } catch {
    return told;
  }
}

/** Strikes at the request with this index only, or from it on. */
export function from(index: number, trouble: Trouble, times = Infinity): (asked: Asked) => Trouble | undefined {
  return (asked) => (asked.index >= index && asked.index < index + times ? trouble : undefined);
}
