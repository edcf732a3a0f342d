/**
 * Stands in for `node:module` inside Jest (see jest.config.json). Jest refuses `registerHooks`, by which the product lets a connector anywhere on the disk find
 * `golden-thread/kit`; there Jest's own moduleNameMapper does that work. Everything else is Node's.
 */
// With the prefix `node:` it would be mapped to this very file.
const module = process.getBuiltinModule('module');

export const { builtinModules, createRequire, isBuiltin } = module;

/** Does nothing: moduleNameMapper maps the same names. */
export function registerHooks(): { deregister(): void } {
  return { deregister: () => undefined };
}

export default module;
