import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeSite, type Said, type Site, stackTrace } from './command.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
let place: string;
let bundled: Site;
let compiled: Site;

// As the image is furnished: the bundle, what it reads beside itself, and of all packages only those that it leaves outside.
beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'golden-thread-bundle-'));
  for (const part of ['package.json', 'config', 'mappings']) cpSync(join(root, part), join(place, part), { recursive: true });
  mkdirSync(join(place, 'node_modules'));
  for (const name of ['better-sqlite3', 'pdfmake']) symlinkSync(join(root, 'node_modules', name), join(place, 'node_modules', name));
  await promisify(execFile)(process.execPath, [join(root, '.ci/bundle.mjs'), join(place, 'build')]);
  bundled = await makeSite(join(place, 'build/src/cli/bin.js'));
  compiled = await makeSite();
}, 120_000);
afterAll(async () => {
  await Promise.all([bundled.close(), compiled.close()]);
  rmSync(place, { recursive: true, force: true });
});

/** A connector in a folder where there is nothing else. It asks a port that nobody listens at, and looks at the failure it gets. */
const stranger = `
import { Failure, z } from 'golden-thread/kit';
import * as testing from 'golden-thread/kit/testing';
export default {
  id: 'stranger',
  about: 'Knows the kit by its name only.',
  config: z.strictObject({ baseUrl: z.url() }),
  open: ({ baseUrl }, { http }) => ({
    streams: [],
    check: async () => {
      const client = http({ baseUrl, deadlineMs: 1000, restAfterRefusalMs: 60000, authorize: async () => ({}) });
      const error = await client.request({ method: 'GET', path: '/', route: '/' }).catch((thrown) => thrown);
      return [{ what: 'kit', outcome: error instanceof Failure ? 'ok' : 'failed', found: \`suite: \${typeof testing.conformance}\` }];
    },
  }),
};
`;

describe('the bundle, beside nothing but what the image holds', () => {
  test.each([[['--version']], [['--help']], [['check', '--offline']], [['mappings', 'test']], [['no-such-verb']]])(
    'answers %j as the compiled product does',
    async (args) => {
      const plain = ({ code, out, err }: Said, { dir }: Site): Said => ({
        code,
        out: out.replaceAll(dir, ''),
        err: err.replaceAll(dir, ''),
      });
      const said = plain(await bundled.run(args), bundled);
      expect(said).toEqual(plain(await compiled.runHere(args), compiled));
      expect(said.out + said.err).not.toMatch(stackTrace);
      expect(said.out + said.err).not.toBe('');
    },
  );

  test('reads both systems, and shows what it knows as text and as PDF', async () => {
    expect(await bundled.run(['sync'])).toMatchObject({ code: 0 });
    expect((await bundled.run(['status'])).out).toMatch(/jira-cloud\/improvement +on-time/);
    expect(await bundled.run(['clauses', '--out', 'clauses.pdf'])).toMatchObject({ err: '' });
    expect(readFileSync(join(bundled.dir, 'clauses.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
  });

  test('serves health and metrics, and stops in good order', async () => {
    const daemon = bundled.start(['start']);
    try {
      let url: string | undefined;
      for await (const line of createInterface({ input: daemon.stderr ?? process.stdin })) {
        url = (JSON.parse(line) as { readonly url?: string }).url;
        if (url !== undefined) break;
      }
      daemon.stderr?.resume();
      expect(await (await fetch(`${url}/livez`)).json()).toEqual({ status: 'ok' });
      expect(await (await fetch(`${url}/metrics`)).text()).toContain('golden_thread_build_info');
    } finally {
      daemon.kill('SIGTERM');
    }
    expect(await once(daemon, 'exit')).toEqual([0, null]);
  });

  test('has one kit, and a connector from any folder gets it', async () => {
    const folder = join(bundled.dir, 'connectors');
    mkdirSync(folder);
    writeFileSync(join(folder, 'stranger.js'), stranger);
    symlinkSync(join(root, 'node_modules/fast-check'), join(place, 'node_modules/fast-check'));
    const system = 'connectors: ../connectors\nsystems:\n  far:\n    connector: stranger\n    config: { baseUrl: http://127.0.0.1:1 }\n';
    await bundled.changed('config/golden-thread.yaml', 'systems:\n', system, async () => {
      expect((await bundled.run(['check'])).out).toMatch(/✓ far: kit: suite: function/);
    });
  });

  test("does without Node's fetch, which would cost every command 18 MB", async () => {
    const watch = join(place, 'watch.cjs');
    writeFileSync(
      watch,
      "process.on('exit', () => console.error('loaded: ' + process.moduleLoadList.filter((name) => /undici/.test(name))))",
    );
    const said = await bundled.run(['mappings', 'test'], { NODE_OPTIONS: `--require ${watch}` });
    expect(said.err).toMatch(/^loaded: $/m);
  });

  test('tells the licence of every package that is part of it', () => {
    const notice = readFileSync(join(place, 'build/THIRD-PARTY.txt'), 'utf8');
    for (const name of ['axios', 'fastify', 'jira.js', 'kysely', 'winston', 'zod'])
      expect(notice).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(MIT\\)\\n\\n.*(MIT|copyright)`, 'im'));
  });
});
