// Makes few large files of the many small ones: node .ci/bundle.mjs [folder, else build/ [further entry points]]
// They are loaded in half the time and half the memory. Types are checked by tsc, not here.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { noticeOf } from './notice.mjs';
import { outside } from './outside.mjs';
import { withoutFetch } from './without-fetch.mjs';

const [folder = 'build', ...more] = process.argv.slice(2);
const entries = [
  'src/cli/bin',
  'src/kit/index',
  'src/kit/testing/index',
  ...['servicenow', 'jira', 'file'].map((name) => `connectors/${name}/index`),
  ...['servicenow', 'jira'].map((name) => `connectors/${name}/simulator/main`),
  ...more,
];
const notice = join(folder, 'THIRD-PARTY.txt');
// What an earlier run made; its shared files have other names.
if (existsSync(notice)) rmSync(folder, { recursive: true });
const { metafile } = await build({
  absWorkingDir: join(import.meta.dirname, '..'),
  entryPoints: entries.map((entry) => ({ in: `${entry}.ts`, out: entry })),
  outdir: folder,
  bundle: true,
  splitting: true,
  // As deep as src/cli, src/config and connectors/jira: what these find from where they lie, they find from here too.
  chunkNames: 'src/shared/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node22',
  // Names stay as they are written: they stand in stack traces, and shortening them saved neither time nor memory.
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: 'linked',
  legalComments: 'linked',
  // One kit in the process, whoever asks for it.
  alias: { 'golden-thread/kit': './src/kit/index.ts' },
  external: outside,
  define: { 'import.meta.bundled': 'true' },
  plugins: [withoutFetch],
  // Packages that are not ES modules ask for Node's own modules in this way.
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  metafile: true,
  logLevel: 'warning',
});
writeFileSync(notice, noticeOf(Object.keys(metafile.inputs)));
