/** What core needs of the kit beyond what connectors see: they get it through their context. */
export * from './index.js';
export { createHttp } from './http/create.js';
export { redactor } from './http/redact.js';
export { safeText } from './http/safe-text.js';
export type * from './http/wiring.js';
export { isSecret, secretsIn } from './secret.js';
export { step, stepsTaken } from './step.js';
