/** What administrators write, as frozen data. */
export * from './interpolate.js';
export * from './load-config.js';
export * from './load-connector.js';
export * from './settings.js';
