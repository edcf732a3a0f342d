import { fileURLToPath } from 'node:url';

// This file and its neighbours lie two folders below what was built (dist/, or the bundle in build/), whichever of both runs; so does the bundle's shared code.
const built = new URL('../../', import.meta.url);

/** Absolute path of something that the product ships beside its program: `package.json`, `config`, `mappings`. */
export function shipped(path: string): string {
  return fileURLToPath(new URL(`../${path}`, built));
}

/** Absolute path of the program that simulates the system of a built-in connector. */
export function simulatorProgram(connector: 'servicenow' | 'jira'): string {
  return fileURLToPath(new URL(`connectors/${connector}/simulator/main.js`, built));
}
