import { hashJson, type Hash } from '../canonical.js';
import type { Evidence } from '../improvement.js';
import { removedPerson } from '../removed-person.js';

/**
 * What has become of a kept snapshot: `intact` when its content hashes to the hash that was noted when it was taken; `redacted` when a removed person stood in it, so
 * that nobody can show any more what was hashed; else `altered`.
 */
export function stateOfEvidence({ content, hash: noted }: Evidence, hash: Hash): 'intact' | 'redacted' | 'altered' {
  if (hashJson(content, hash) === noted) return 'intact';
  return removedPerson.test(JSON.stringify(content)) ? 'redacted' : 'altered';
}
