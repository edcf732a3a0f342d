import { createHmac } from 'node:crypto';

/** A name as names are compared: composed, in lower case, with single blanks. */
export function comparable(name: string): string {
  return name.normalize('NFC').trim().toLowerCase().replaceAll(/\s+/g, ' ');
}

/** What is kept of the name of a person who was removed: enough to know it again, not enough to read it. */
export function suppressedHash(salt: string, name: string): string {
  return createHmac('sha256', salt).update(comparable(name)).digest('hex');
}
