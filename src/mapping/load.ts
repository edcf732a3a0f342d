import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { Failure } from '../kit/index.js';
import { compileMapping } from './compile-mapping.js';
import { parseFormulaFile } from './formula-file.js';
import type { Mapping } from './mapping.js';

/** The mappings of a folder, and every problem of every file with its place. A file with a problem yields no mapping; the others do. */
export interface LoadedMappings {
  readonly mappings: readonly Mapping[];
  readonly problems: readonly Failure[];
}

/**
 * Reads every `*.yaml` below `dir` but tests (`*.test.yaml`) and field lists (`*.fields.yaml`). Links to elsewhere are followed, hidden files and
 * folders (`..data` of a mounted ConfigMap) are not. A folder without a mapping is a problem: nothing would ever be pulled.
 */
export function loadMappings(dir: string): LoadedMappings {
  const files = yamlFilesOf(dir);
  if (files instanceof Failure) return { mappings: [], problems: [files] };
  const problems: Failure[] = files.filter((file) => file.endsWith('.yml')).map(notYml);
  const mappings: Mapping[] = [];
  const written = files.filter((file) => file.endsWith('.yaml') && !/\.(test|fields)\.yaml$/.test(file));
  for (const file of written) {
    const made = loadMapping(dir, file);
    if (Array.isArray(made)) problems.push(...(made as readonly Failure[]));
    else mappings.push(made as Mapping);
  }
  if (written.length === 0) {
    problems.push(
      new Failure('config', 'there is no mapping in this folder', {
        place: dir,
        hint: 'copy the shipped mappings into it, or name their folder',
      }),
    );
  }
  return { mappings, problems: [...problems, ...doubled(mappings)] };
}

function loadMapping(dir: string, file: string): Mapping | readonly Failure[] {
  if (file.includes('#'))
    return [
      new Failure('config', 'a mapping cannot have a # in its name', {
        place: `${file}:1:1`,
        hint: 'rename the file or its folder: ids of inputs begin with the name',
      }),
    ];
  const text = readText(file);
  if (text instanceof Failure) return [text];
  const parsed = parseFormulaFile(file, text);
  return 'file' in parsed ? compileMapping(nameOf(dir, file), parsed) : parsed;
}

/** `servicenow/incident` for `<dir>/servicenow/incident.yaml`. */
export function nameOf(dir: string, file: string): string {
  return relative(dir, file)
    .split(sep)
    .join('/')
    .replace(/\.yaml$/, '');
}

/** Every YAML file below the folder, sorted. */
export function yamlFilesOf(dir: string): readonly string[] | Failure {
  try {
    return readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.ya?ml$/.test(name) && !name.split(sep).some((part) => part.startsWith('.')))
      .map((name) => join(dir, name))
      .filter((file) => statSync(file).isFile())
      .toSorted();
  } catch (error) {
    return new Failure('config', `the mappings folder cannot be read: ${(error as Error).message}`, {
      place: dir,
      hint: 'name another folder, or make it readable',
      cause: error,
    });
  }
}

/** The file's text; not valid UTF-8 is a problem, because what cannot be read would be silently something else. */
export function readText(file: string): string | Failure {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    return new Failure('config', `the file cannot be read: ${(error as Error).message}`, {
      place: `${file}:1:1`,
      hint: 'make it readable, and save it as UTF-8',
      cause: error,
    });
  }
}

function notYml(file: string): Failure {
  return new Failure('config', 'files that end in .yml are not read', { place: `${file}:1:1`, hint: 'rename it to .yaml' });
}

/** Two answers to the question what a change, a ticket or a push means would contradict each other. Several inputs per stream are fine. */
function doubled(mappings: readonly Mapping[]): readonly Failure[] {
  const seen = new Map<string, Mapping>();
  return mappings.flatMap((mapping) => {
    if (mapping.kind === 'improvement-input') return [];
    const key = `${mapping.from} -> ${mapping.to}`;
    const first = seen.get(key);
    seen.set(key, first ?? mapping);
    if (first === undefined) return [];
    return [
      new Failure('config', `${key} is mapped a second time; the first is ${first.file}`, {
        place: `${mapping.file}:1:1`,
        hint: 'keep one of the two',
      }),
    ];
  });
}
