import { readFileSync } from 'node:fs';
import { shipped } from './places.js';

/** The version in package.json. */
export function version(): string {
  const { version: text } = JSON.parse(readFileSync(shipped('package.json'), 'utf8')) as { version: string };
  return text;
}
