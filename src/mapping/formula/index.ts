export { beginWork } from './budget.js';
export { compile } from './compile.js';
export { everyNode, type Node } from './node.js';
export { isEmpty } from './own-functions.js';
export { parseFormula, type Parsed } from './parse.js';
export { askedFor, readsOf, type ReadPath } from './reads.js';
export type { FormulaProblem } from './recognise.js';
export { defaultRow, type Table, type Tables } from './table.js';
export { forbiddenKeys, isObject, plain, show, type Run, type Value } from './value.js';
