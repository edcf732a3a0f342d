import { isObject } from '../json.js';
import type { Sim } from '../sim.js';

/** Where the next page starts: at an offset of the live result, or at an offset of a result kept as it stood. */
export interface PagePosition {
  readonly offset: number;
  readonly snapshot?: number;
}

/** Documented life of a token. */
const tokenLifeMs = 7 * 86_400_000;

/** An opaque token that is bound to its query. */
export function writeToken(sim: Sim, jql: string, next: PagePosition): string {
  const content = { q: fingerprint(jql), o: next.offset, t: sim.clock.now(), ...(next.snapshot !== undefined && { s: next.snapshot }) };
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/** What a token says; undefined when it is no token, belongs to another query, or is older than seven days. */
export function readToken(sim: Sim, token: string, jql: string): PagePosition | undefined {
  let content: unknown;
  try {
    content = JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    return undefined;
  }
  if (!isObject(content)) return undefined;
  const { q, o, t, s } = content;
  if (q !== fingerprint(jql) || typeof o !== 'number' || typeof t !== 'number' || sim.clock.now() - t > tokenLifeMs) return undefined;
  if (typeof s !== 'number') return { offset: o };
  return sim.snapshots.has(s) ? { offset: o, snapshot: s } : undefined;
}

function fingerprint(text: string): number {
  let hash = 0;
  for (const character of text) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0;
  return hash;
}
