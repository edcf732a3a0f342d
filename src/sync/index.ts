/** The one place where connectors, mappings, domain and store meet. */
export * from './cycle.js';
export * from './decide.js';
export * from './measure-effects.js';
export * from './pauses.js';
export * from './plan.js';
export * from './pull.js';
export * from './push.js';
export { adoptLinkedChanges } from './read-back-changes.js';
export * from './read-back.js';
export { rewind } from './read-back-tickets.js';
export * from './recover.js';
export * from './release.js';
export * from './remap.js';
export * from './replay.js';
export * from './systems.js';
export * from './world.js';
