import { deflateRaw, inflateRaw } from 'node:zlib';
import { promisify } from 'node:util';
import { Failure } from 'golden-thread/kit';

/** Identities of rows, packed for the cursor: sorted keys of one table differ little from one to the next. */
export type Pack = string;

const maxUnpacked = 256 * 1024 * 1024;

/** Packs identities (JSON texts, which hold no line ends). */
export async function pack(identities: Iterable<string>): Promise<Pack> {
  const text = [...identities].join('\n');
  return text === '' ? '' : (await promisify(deflateRaw)(text)).toString('base64');
}

export async function unpack(packed: Pack): Promise<readonly string[]> {
  if (packed === '') return [];
  try {
    const bytes = await promisify(inflateRaw)(Buffer.from(packed, 'base64'), { maxOutputLength: maxUnpacked });
    return bytes.toString('utf8').split('\n');
  } catch (error) {
    throw new Failure('contract', 'the keys in the stored cursor cannot be read', {
      hint: 'restore the database that this version wrote, or read the stream again from its start',
      cause: error,
    });
  }
}

/** All identities of several packs. */
export async function identitiesIn(packs: readonly Pack[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const one of packs) for (const identity of await unpack(one)) found.add(identity);
  return found;
}
