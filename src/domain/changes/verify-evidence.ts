import { hashJson, type Hash } from '../canonical.js';
import type { Evidence } from '../improvement.js';

/** Whether a kept snapshot is still what it was when it was taken: its content hashes to the hash that was noted then. */
export function verifyEvidence({ content, hash: noted }: Evidence, hash: Hash): boolean {
  return hashJson(content, hash) === noted;
}
