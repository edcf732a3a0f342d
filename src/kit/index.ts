/** What connectors are written against: `import { … } from 'golden-thread/kit'`. */
export { z } from 'zod';
export type * from './connector.js';
export * from './failure.js';
export type * from './http/client.js';
export * from './http/network.js';
export * from './incremental.js';
export * from './json.js';
export type * from './record.js';
export { secret } from './secret.js';
export type * from './sink.js';
export type * from './stream.js';
