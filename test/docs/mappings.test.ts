import { describe, expect, test } from '@jest/globals';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describeFailure } from '../../src/kit/index.js';
import { lintMappings, loadMappings, readFieldLists, testMappings } from '../../src/mapping/index.js';
import { blocksOf, pages, pathOf } from './repository.js';

/** Loads, lints and tests these mapping files against the shipped field lists; what is wrong with them, as people read it. */
async function problemsWith(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const dir = mkdtempSync(join(tmpdir(), 'golden-thread-docs-'));
  try {
    for (const name of ['servicenow.fields.yaml', 'jira.fields.yaml', 'file.fields.yaml'])
      cpSync(pathOf(`mappings/${name}`), join(dir, name));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, name)), { recursive: true });
      writeFileSync(join(dir, name), text);
    }
    const { mappings, problems } = loadMappings(dir);
    const { lists } = readFieldLists(dir);
    const findings = await lintMappings(mappings, { fieldsOf: (from) => Promise.resolve(lists.get(from)) });
    const tested = testMappings(dir);
    return [
      ...problems.map(describeFailure),
      ...findings.map(({ place, what }) => `${place}: ${what}`),
      ...tested.problems.map(describeFailure),
      ...tested.cases.filter(({ passed }) => !passed).flatMap(({ name, difference }) => [name, ...difference]),
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

describe('mappings in the documentation', () => {
  const marked = pages.flatMap((page) => blocksOf(page)).filter(({ mark }) => mark === 'mapping' || mark === 'mapping-test');

  test('load, pass lint and pass the tests beside them', async () => {
    expect(marked.length).toBeGreaterThan(1);
    expect(await problemsWith(Object.fromEntries(marked.map(({ name, text }) => [name, text])))).toEqual([]);
  });

  test('a mistake in one is found', async () => {
    const spoilt = marked.map(({ name, text }) => [
      name,
      text.replace('known_error', 'known_eror').replace('severity: high', 'severity: low'),
    ]);
    const problems = (await problemsWith(Object.fromEntries(spoilt) as Record<string, string>)).join('\n');
    expect(problems).toContain('known_eror');
    expect(problems).toContain('severity');
  });

  test("the guide's own mapping and tests are what the program takes", async () => {
    const guide = blocksOf('mappings/README.md').filter(({ language }) => language === 'yaml');
    const mapping = guide.find(({ text }) => text.startsWith('from:'))?.text ?? '';
    const tests = guide.find(({ text }) => text.startsWith('cases:'))?.text ?? '';
    expect(await problemsWith({ 'servicenow/incident.yaml': mapping, 'servicenow/incident.test.yaml': tests })).toEqual([]);
  });
});
