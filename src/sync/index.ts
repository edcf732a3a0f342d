/** The one place where connectors, mappings, domain and store meet. */
export * from './cycle.js';
export * from './decide/decide.js';
export * from './measure/measure-effects.js';
export * from './note-rules.js';
export * from './pauses.js';
export * from './plan.js';
export * from './pull/pull.js';
export * from './push/push.js';
export * from './push/retry.js';
export { adoptLinkedChanges } from './read-back/read-back-changes.js';
export * from './read-back/read-back.js';
export { rewind } from './read-back/read-back-tickets.js';
export * from './recover.js';
export * from './release.js';
export * from './pull/remap.js';
export * from './pull/replay.js';
export * from './systems.js';
export * from './world.js';
