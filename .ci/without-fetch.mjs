// Node's fetch costs whoever touches it 18 MB and 50 ms, and the product sends nothing with it. Two places touch it only by being loaded.
import { readFile } from 'node:fs/promises';

/** An esbuild plugin that takes both out of the way. */
export const withoutFetch = {
  name: 'without-fetch',
  setup({ onResolve, onLoad }) {
    // An import of node:http reads all that it exports, of which three classes belong to fetch. Asked for without an import, they are not read.
    onResolve({ filter: /^(node:)?http$/ }, ({ kind }) =>
      kind === 'import-statement' ? { path: 'http', namespace: 'built-in' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'built-in' }, ({ path }) => ({ contents: `module.exports = process.getBuiltinModule('${path}')` }));
    // axios prepares an adapter that the product does not use, and wants to know the class of forms that it does not send.
    onLoad({ filter: /axios\/lib\/(adapters\/fetch|utils)\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const changed = text
        .replace("typeof G.FormData !== 'undefined' ? G.FormData : undefined", 'undefined')
        .replace('const adapter = getFetch();', 'const adapter = undefined;');
      if (changed === text) throw new Error(`${path} is no longer as expected`);
      return { contents: changed };
    });
  },
};
