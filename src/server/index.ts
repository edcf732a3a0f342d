/** What the daemon shows over HTTP. */
export * from './metrics.js';
export * from './server.js';
