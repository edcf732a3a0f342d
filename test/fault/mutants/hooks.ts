import { registerHooks } from 'node:module';

/** Deliberately broken variants of the engine: in the module `within`, the import `of` leads to another module. The product's files stay as they are. */
const mutants: Readonly<Record<string, readonly { readonly within: string; readonly of: string; readonly is: string }[]>> = {
  'intent-after-request': [{ within: '/src/sync/push/note-sending.js', of: '../../store/index.js', is: './store-without-intent.js' }],
  'blind-second-post': [{ within: '/src/sync/push/deliver.js', of: '../systems.js', is: './systems-that-find-nothing.js' }],
  'commit-without-sync': [{ within: '/src/store/database/open-file.js', of: 'better-sqlite3', is: './database-without-sync.js' }],
  'cursor-before-page': [
    { within: '/src/sync/cycle.js', of: './pull/pull.js', is: './pull-cursor-first.js' },
    { within: '/src/sync/pull/pull.js', of: '../../store/index.js', is: './store-behind-cursor.js' },
  ],
};

// Loaded before the program (`--import`), so that the engine's modules meet it already.
const swaps = mutants[process.env['GOLDEN_THREAD_MUTANT'] ?? ''];
if (swaps === undefined)
  throw new Error(`there is no mutant "${process.env['GOLDEN_THREAD_MUTANT'] ?? ''}"; there are ${Object.keys(mutants).join(', ')}`);
registerHooks({
  resolve(specifier, context, next) {
    const swap = swaps.find(({ within, of }) => of === specifier && context.parentURL?.endsWith(within));
    return swap === undefined ? next(specifier, context) : { url: new URL(swap.is, import.meta.url).href, shortCircuit: true };
  },
});
