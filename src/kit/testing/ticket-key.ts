import { createHash } from 'node:crypto';
import type { IdempotencyKey } from 'golden-thread/kit';

/** The idempotency key of a ticket of the suite, always the same for the same name. */
export function keyOf(name: string): IdempotencyKey {
  return { value: createHash('sha256').update(`conformance ${name}`).digest('hex'), display: `conformance:${name.slice(0, 60)}` };
}
