import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { blocksOf, pathOf } from './repository.js';

const run = promisify(execFile);
const example = blocksOf('connectors/README.md').filter(({ mark }) => mark === 'connector');

/** What somebody does who mounts the folder: load by name, then hold it to the suite. Prints one line a case. */
const program = `
const [, , folder, loader, until] = process.argv;
const { loadConnector } = await import(loader);
const connector = await loadConnector('notes', folder);
const { conformance } = await import('golden-thread/kit/testing');
const { notesSubject } = await import(folder + '/notes/subject.js');
const subject = await notesSubject(connector);
for (const { name, run } of conformance(subject)) {
  const problem = await run().then(() => '', (error) => error.message);
  console.log(JSON.stringify({ name, problem }));
  if (problem !== '' && until === 'problem') break;
}
await subject.end();
`;

interface Outcome {
  readonly name: string;
  readonly problem: string;
}

let folder = '';
beforeAll(() => {
  // Outside of the repository, so that nothing of it can be found by looking upwards.
  folder = mkdtempSync(join(tmpdir(), 'golden-thread-connector-'));
  mkdirSync(join(folder, 'notes'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function compile(change: (text: string) => string = (text) => text): Promise<void> {
  for (const { name, text } of example) writeFileSync(join(folder, name), change(text));
  const kit = pathOf('dist/src/kit');
  const options = {
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    target: 'es2024',
    lib: ['es2024'],
    module: 'nodenext',
    types: ['node'],
    typeRoots: [pathOf('node_modules/@types')],
    skipLibCheck: true,
    paths: { 'golden-thread/kit': [`${kit}/index.d.ts`], 'golden-thread/kit/testing': [`${kit}/testing/index.d.ts`] },
  };
  copyFileSync(pathOf('dist/test/kit/tiny-system.js'), join(folder, 'notes/tiny-system.js'));
  copyFileSync(pathOf('dist/test/kit/tiny-system.d.ts'), join(folder, 'notes/tiny-system.d.ts'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: example.map(({ name }) => name) }));
  writeFileSync(join(folder, 'hold.mjs'), program);
  await run(process.execPath, [pathOf('node_modules/typescript/bin/tsc'), '-p', folder]).catch((error: { stdout: string }) => {
    throw new Error(error.stdout);
  });
}

async function hold(until: 'problem' | 'end' = 'end'): Promise<readonly Outcome[]> {
  const loader = pathToFileURL(pathOf('dist/src/config/load-connector.js')).href;
  const { stdout } = await run(process.execPath, [join(folder, 'hold.mjs'), folder, loader, until], { cwd: folder, maxBuffer: 1 << 24 });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Outcome);
}

describe('the example of a connector, in an empty folder outside of the repository', () => {
  test('compiles, loads by its name and keeps every promise of the conformance suite', async () => {
    await compile();
    const outcomes = await hold();
    expect(outcomes.filter(({ problem }) => problem !== '')).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(25);
    expect(readdirSync(folder)).not.toContain('node_modules');
  }, 180_000);

  test('is caught by the suite when it believes that a short page is the end', async () => {
    await compile((text) =>
      text.replace('rows: listing.rows.map(asRow)', 'rows: listing.rows.map(asRow), more: listing.rows.length === limit'),
    );
    const outcomes = await hold('problem');
    expect(outcomes.filter(({ problem }) => problem !== '').map(({ name }) => name)).not.toEqual([]);
  }, 180_000);
});
