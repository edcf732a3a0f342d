export { testContext } from './context.js';
export type * from './subject.js';
