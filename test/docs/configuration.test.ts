import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, loadConnector, Settings } from '../../src/config/index.js';
import { type JsonSchema, jsonSchemas, schemaOf, settingsOf } from '../../src/config/json-schemas.js';
import { settingsIn } from '../../src/config/settings-in-docs.js';
import { Directory } from '../../src/domain/organisation/directory.js';
import { Policy } from '../../src/domain/organisation/policy.js';
import { describeFailure, z } from '../../src/kit/index.js';
import { checkYaml, parseYaml } from '../../src/yaml/index.js';
import { blocksOf, textOf } from './repository.js';

const reference = 'docs/configuration.md';
const files = { 'golden-thread.yaml': Settings, 'policy.yaml': Policy, 'directory.yaml': Directory };

async function connectors() {
  const names = ['servicenow', 'jira', 'file'];
  return Promise.all(
    names.map(async (name) => ({ connector: await loadConnector(name, undefined), readme: textOf(`connectors/${name}/README.md`) })),
  );
}

function read(schema: JsonSchema): z.ZodType {
  return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
}

describe.each(Object.entries(files))('the reference of %s', (file, schema) => {
  const documented = settingsIn(textOf(reference), file);
  const settings = settingsOf(schemaOf(schema));

  test('has every setting that there is, and none that is gone', () => {
    expect([...documented.keys()].toSorted()).toEqual([...settings.keys()].toSorted());
  });

  test('gives the default that the program uses', () => {
    for (const [path, { schema: at, required }] of settings) {
      const said = documented.get(path)?.fallback;
      const literal = typeof at.default !== 'object' && at.default !== undefined;
      if (required || literal) expect(`${path}: ${said}`).toBe(`${path}: ${required ? 'needed' : String(at.default)}`);
      else expect(`${path}: ${said}`).not.toBe(`${path}: needed`);
    }
  });
});

describe('the examples of the reference', () => {
  let dir = '';
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'golden-thread-docs-'));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  test('together are a configuration that the program and its connectors accept', async () => {
    for (const { mark, text } of blocksOf(reference).filter((block) => block.mark in files)) writeFileSync(join(dir, mark), text);
    const loaded = loadConfig(dir, { env: { JIRA_API_TOKEN: 'token' }, readFile: () => 'from a file\n' });
    expect(loaded.ok ? [] : loaded.problems.map(describeFailure)).toEqual([]);
    if (!loaded.ok) return;
    for (const { connector } of await connectors()) {
      const [id] = Object.entries(loaded.value.settings.systems).find(([, system]) => system.connector === connector.id) ?? [''];
      const checked = checkYaml(loaded.value.file, connector.config, ['systems', id, 'config']);
      expect(checked.ok ? [] : checked.problems.map(describeFailure)).toEqual([]);
    }
  });

  test("the settings in the connectors' READMEs are accepted by them", async () => {
    for (const { connector } of await connectors()) {
      const block = blocksOf(`connectors/${connector.id}/README.md`).find(({ text }) => text.startsWith('systems:'));
      const file = parseYaml('README.md', block?.text ?? '', (text) => text.replaceAll(/\$\{[^}]*\}/g, 'from outside'));
      const [id] = Object.keys((file.value as { systems: object }).systems);
      const checked = checkYaml(file, connector.config, ['systems', id ?? '', 'config']);
      expect(checked.ok ? [] : checked.problems.map(describeFailure)).toEqual([]);
    }
  });
});

describe("the connectors' settings", () => {
  test('are all in the table of their README, and no other', async () => {
    for (const { connector, readme } of await connectors()) {
      const top = [...settingsOf(schemaOf(connector.config)).keys()].filter((path) => !path.includes('.'));
      expect([...settingsIn(readme).keys()].toSorted()).toEqual(top.toSorted());
    }
  });
});

describe('the schemas for editors', () => {
  test('are as `npm run schemas` would write them now', async () => {
    const made = jsonSchemas({ reference: textOf(reference), connectors: await connectors() });
    for (const [name, schema] of Object.entries(made)) expect(JSON.parse(textOf(`config/${name}`))).toEqual(schema);
  });

  test.each(Object.keys(files))('accept %s as it is shipped, variables included, and name what is wrong in it', (file) => {
    const name = file.replace('.yaml', '.schema.json');
    const text = textOf(`config/${file}`);
    expect(text.split('\n')[0]).toBe(`# yaml-language-server: $schema=./${name}`);
    const written = JSON.parse(textOf(`config/${name}`)) as JsonSchema;
    const system = written.properties?.['systems']?.additionalProperties;
    const conditions = typeof system === 'object' ? (system.allOf ?? []) : [];
    if (typeof system === 'object') delete system.allOf; // zod reads no conditions: they are tried one by one below
    const schema = read(written);
    const shipped = parseYaml(file, text).value as { readonly systems?: Readonly<Record<string, { connector: string; config: object }>> };
    expect(schema.safeParse(shipped).error).toBeUndefined();
    expect(schema.safeParse({ ...shipped, unheardOf: 1 }).success).toBe(false);
    for (const { connector, config } of Object.values(shipped.systems ?? {})) {
      const condition = conditions.find((one) => JSON.stringify(one['if']).includes(`{"const":"${connector}"}`));
      const own = read((condition?.['then'] as JsonSchema | undefined)?.properties?.['config'] ?? {});
      expect(own.safeParse(config).error).toBeUndefined();
      expect(own.safeParse({ ...config, unheardOf: 1 }).success).toBe(false);
    }
  });
});
