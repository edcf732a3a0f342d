/** Files that people edit: parsed with places, checked with sentences. */
export * from './check-yaml.js';
export * from './did-you-mean.js';
export * from './yaml-file.js';
