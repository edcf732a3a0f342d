import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeFailure } from '../../src/kit/index.js';
import { loadMappings, type LoadedMappings, type Mapping } from '../../src/mapping/index.js';

/** The shipped mappings. */
export const shipped = fileURLToPath(new URL('../../../mappings', import.meta.url));

/** A folder with these files, for the time of `use`. */
export function withFolder<T>(files: Readonly<Record<string, string>>, use: (dir: string) => T): T {
  const dir = mkdtempSync(join(tmpdir(), 'golden-thread-mappings-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, name)), { recursive: true });
      writeFileSync(join(dir, name), text);
    }
    return use(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

export function load(files: Readonly<Record<string, string>>): LoadedMappings {
  return withFolder(files, (dir) => {
    const { mappings, problems } = loadMappings(dir);
    return { mappings, problems };
  });
}

/** Every problem of one mapping file as people read it, its folder left out. */
export function problemsOf(text: string): readonly string[] {
  return load({ 'a.yaml': text }).problems.map((problem) => describeFailure(problem).replace(/^\S*a\.yaml/, 'a.yaml'));
}

/** The only mapping of a file that must be in order. */
export function mappingOf(text: string): Mapping {
  const { mappings, problems } = load({ 'servicenow/a.yaml': text });
  const [mapping] = mappings;
  if (mapping === undefined) throw new Error(problems.map(describeFailure).join('\n'));
  return mapping;
}

/** A small mapping in order, with these lines added below `fields:`. */
export function incidentMapping(...fields: readonly string[]): string {
  const usual = { category: 'incident', title: '=number', severity: '=$table("severity", priority)', occurredAt: '=$time(opened_at)' };
  const given = new Set(fields.map((line) => line.split(':')[0]));
  const lines = Object.entries(usual).flatMap(([name, value]) => (given.has(name) ? [] : [`  ${name}: ${value}`]));
  return [
    'from: servicenow.incident',
    'to: improvement-input',
    'description: Incidents.',
    'tables:',
    '  severity: { 1: critical, 2: high, 3: moderate, 4: low }',
    'fields:',
    ...lines,
    ...fields.map((line) => `  ${line}`),
    '',
  ].join('\n');
}
