import type { Json } from '../kit/index.js';

/** JSON with the keys of every object sorted: equal content gives equal text, whatever order a remote system sent it in. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value as { readonly [key: string]: Json }).filter(([, member]) => member !== undefined);
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${sorted.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
}

/** Hex SHA-256 of a text. Comes in as an argument: the domain knows no platform. */
export type Hash = (text: string) => string;

/** SHA-256 of the canonical JSON, as it stands in `Evidence.hash` and in fingerprints of written fields. */
export function hashJson(value: Json, hash: Hash): string {
  return hash(canonicalJson(value));
}
