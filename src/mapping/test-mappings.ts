import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { Failure, type Json, type JsonObject } from '../kit/index.js';
import { checkFile } from './check-file.js';
import { parseFormulaFile, type FormulaFile } from './formula-file.js';
import { loadMappings, nameOf, readText, yamlFilesOf } from './load.js';
import type { MapContext, Mapped, Mapping } from './mapping.js';
import { difference } from './difference.js';

const data: z.ZodType<Json> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(data), z.record(z.string(), data)]),
);

const Case = z
  .strictObject({
    name: z.string().min(1),
    /** The record's `data`, as the connector delivers it. */
    record: z.record(z.string(), data),
    number: z.string().optional(),
    url: z.string().optional(),
    updatedAt: z.string().optional(),
    /** Id of the record's system; other systems stand in `systems` (id: connector). */
    system: z.string().default('test'),
    systems: z.record(z.string(), z.string()).optional(),
    /** These fields, with exactly these values; others are not looked at. */
    expect: z.record(z.string(), data).optional(),
    /** Exactly these links, in any order: `caused-by servicenow.change_request 46c1…` as {as, to, key}. */
    links: z.array(z.strictObject({ as: z.string(), to: z.string(), key: z.string() })).optional(),
    absent: z.array(z.string()).optional(),
    dropped: z.literal(true).optional(),
    /** A piece of the reason for which the record is set aside. */
    fails: z.string().min(1).optional(),
  })
  .refine((each) => [each.expect ?? each.absent ?? each.links, each.dropped, each.fails].filter((one) => one !== undefined).length === 1, {
    error: 'expected one of: expect (with absent and links), dropped: true, fails: "part of the reason"',
  });

type Case = z.infer<typeof Case>;
const TestFile = z.strictObject({ cases: z.array(Case).min(1, 'expected at least one case') });

/** What became of one case of a `*.test.yaml`. */
export interface CaseResult {
  readonly mapping: string;
  readonly name: string;
  /** `file:line:col` of the case. */
  readonly place: string;
  readonly passed: boolean;
  /** Line by line what was expected and what came; empty when it passed. */
  readonly difference: readonly string[];
}

export interface TestedMappings {
  readonly cases: readonly CaseResult[];
  /** Mappings that do not load, test files that cannot be read or belong to no mapping. */
  readonly problems: readonly Failure[];
  /** Names of mappings without a test file. */
  readonly untested: readonly string[];
}

/** Runs the `*.test.yaml` beside each mapping of the folder. Pure but for reading the files. */
export function testMappings(dir: string): TestedMappings {
  const { mappings, problems: loading } = loadMappings(dir);
  const problems: Failure[] = [...loading];
  const files = yamlFilesOf(dir);
  const tests = files instanceof Failure ? [] : files.filter((file) => file.endsWith('.test.yaml'));
  const cases = tests.flatMap((file) => {
    const mapping = mappings.find(({ name }) => name === nameOf(dir, file).replace(/\.test$/, ''));
    if (mapping === undefined) {
      if (!existsSync(file.replace(/\.test\.yaml$/, '.yaml'))) {
        problems.push(
          new Failure('config', 'there is no mapping beside this test', { place: `${file}:1:1`, hint: 'name it <mapping>.test.yaml' }),
        );
      }
      return [];
    }
    const text = readText(file);
    const parsed = text instanceof Failure ? [text] : parseFormulaFile(file, text);
    if (!('file' in parsed)) {
      problems.push(...parsed);
      return [];
    }
    const checked = checkFile(parsed, TestFile);
    if (checked.ok) return checked.value.cases.map((each, index) => runCase(mapping, each, index, parsed));
    problems.push(...checked.problems);
    return [];
  });
  const untested = mappings.filter(({ name }) => !tests.some((file) => nameOf(dir, file) === `${name}.test`)).map(({ name }) => name);
  return { cases, problems, untested };
}

function runCase(mapping: Mapping, each: Case, index: number, file: FormulaFile): CaseResult {
  const context: MapContext = {
    system: each.system,
    systems: new Map(Object.entries(each.systems ?? { [each.system]: mapping.from.split('.')[0] ?? '' })),
  };
  const record = {
    data: each.record as JsonObject,
    ...(each.number !== undefined && { number: each.number }),
    ...(each.url !== undefined && { url: each.url }),
    ...(each.updatedAt !== undefined && { updatedAt: each.updatedAt }),
  };
  const found = judge(each, mapping.map(record, context));
  return { mapping: mapping.name, name: each.name, place: file.placeOf(['cases', index]), passed: found.length === 0, difference: found };
}

function judge(each: Case, outcome: Mapped<unknown>): readonly string[] {
  if (each.dropped === true) return outcome.is === 'dropped' ? [] : [`expected it to be dropped, but it was ${tell(outcome)}`];
  if (each.fails !== undefined) {
    const wanted = each.fails;
    if (outcome.is !== 'failed') return [`expected it to fail with "${wanted}", but it was ${tell(outcome)}`];
    return outcome.problems.some((problem) => problem.includes(wanted))
      ? []
      : [`expected a problem with "${wanted}", but the problems are:`, ...outcome.problems.map((problem) => `  ${problem}`)];
  }
  if (outcome.is !== 'mapped') return [`expected it to be mapped, but it was ${tell(outcome)}`];
  const value = outcome.value as JsonObject;
  const wrong = Object.entries(each.expect ?? {}).flatMap(([name, wanted]) => difference(name, wanted, value[name]));
  const present = (each.absent ?? [])
    .filter((name) => Object.hasOwn(value, name))
    .map((name) => `${name}: expected to be absent, is ${JSON.stringify(value[name])}`);
  return [...wrong, ...present, ...(each.links === undefined ? [] : linkDifferences(each, outcome.links))];
}

function linkDifferences(each: Case, found: Extract<Mapped<unknown>, { is: 'mapped' }>['links']): readonly string[] {
  const spelled = found.map(({ as, to }) => `${as} ${to.system}.${to.stream} ${to.key}`);
  const wanted = (each.links ?? []).map(({ as, to, key }) => `${as} ${to} ${key}`);
  if (isDeepStrictEqual(spelled.toSorted(), wanted.toSorted())) return [];
  return [
    ...wanted.filter((link) => !spelled.includes(link)).map((link) => `links: missing ${link}`),
    ...spelled.filter((link) => !wanted.includes(link)).map((link) => `links: not expected ${link}`),
  ];
}

function tell(outcome: Mapped<unknown>): string {
  if (outcome.is === 'dropped') return `dropped (${outcome.because})`;
  return outcome.is === 'failed' ? `refused: ${outcome.problems.join('; ')}` : `mapped: ${JSON.stringify(outcome.value)}`;
}
