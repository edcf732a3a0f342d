import { readFileSync } from 'node:fs';
import { Failure, type SourceRecord } from '../../kit/index.js';
import { explain, lintMappings, type Mapping, readFieldLists, testMappings } from '../../mapping/index.js';
import { recordsByNumber } from '../../store/index.js';
import { openSystems, type System } from '../../sync/index.js';
import { suggestion } from '../../yaml/index.js';
import { exitCodes } from '../exit-codes.js';
import { lintSources } from '../lint-sources.js';
import type { AddVerb } from '../verb.js';
import { type CommonOptions, openCredentialsLater, openForReading, readConfig, readMappings } from '../open-world.js';
import { printProblems, safe } from '../terminal.js';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** `mappings`: lint, test and try them before they meet a record. */
export const addMappings: AddVerb = (program, terminal, run) => {
  const mappings = program.command('mappings').description('check mapping files, run their tests, try them on a record');
  mappings
    .command('lint [dir]')
    .description("check every mapping against the systems' own fields; exit code 78 on an error")
    .option('--offline', 'check against the field lists beside the mappings; ask no system')
    .action((dir: string | undefined, options: { offline?: boolean }) =>
      run(async () => {
        const folder = dir ?? readConfig(program.opts<CommonOptions>()).mappingsDir;
        const loaded = readMappings(folder);
        const systems = options.offline === true || dir !== undefined ? [] : await systemsToAsk(program.opts<CommonOptions>(), loaded);
        const { lists, problems } = readFieldLists(folder);
        if (problems.length > 0) throw new AggregateError(problems);
        const findings = await lintMappings(loaded, lintSources(systems, lists));
        for (const { level, place, what, hint } of findings) {
          terminal.out(safe(`${place}: ${level}: ${what}`));
          terminal.out(safe(`  -> ${hint}`));
        }
        terminal.out(
          `${loaded.length} mappings, ${findings.filter(({ level }) => level === 'error').length} errors, ${findings.filter(({ level }) => level === 'warning').length} warnings`,
        );
        return findings.some(({ level }) => level === 'error') ? exitCodes.config : exitCodes.ok;
      }),
    );
  mappings
    .command('test [dir]')
    .description('run the *.test.yaml beside each mapping; exit code 2 when one fails')
    .action((dir: string | undefined) =>
      run(async () => {
        const { cases, problems, untested } = testMappings(dir ?? readConfig(program.opts<CommonOptions>()).mappingsDir);
        const failed = cases.filter(({ passed }) => !passed);
        for (const { place, mapping, name, difference } of failed) {
          terminal.out(safe(`${place}: ${mapping}: ${name}`));
          for (const line of difference) terminal.out(`  ${safe(line)}`);
        }
        for (const name of untested) terminal.out(`${name}: has no test; write ${name}.test.yaml beside it`);
        terminal.out(`${cases.length - failed.length} passed, ${failed.length} failed, ${untested.length} mappings without a test`);
        printProblems(terminal, problems);
        if (problems.length > 0) return exitCodes.config;
        return failed.length > 0 ? exitCodes.attention : exitCodes.ok;
      }),
    );
  mappings
    .command('try <mapping> <record>')
    .description('show, field by field, what a mapping makes of a record: a number that was pulled (INC0010377), or a JSON file')
    .action((name: string, wanted: string) =>
      run(async () => {
        const config = readConfig(program.opts<CommonOptions>());
        const loaded = readMappings(config.mappingsDir);
        const mapping = loaded.find((candidate) => candidate.name === name);
        if (mapping === undefined)
          throw new Failure(
            'config',
            `there is no mapping "${name}"${suggestion(
              name,
              loaded.map((each) => each.name),
            )}`,
            { place: config.mappingsDir, hint: `known: ${loaded.map((each) => each.name).join(', ')}` },
          );
        const record = await recordToTry(program.opts<CommonOptions>(), mapping, wanted);
        const { fields, outcome } = explain(mapping, record, { system: record.ref?.system ?? 'test' });
        for (const { field, written, read, result, problem } of fields) {
          terminal.out(safe(`${field}: ${result}`));
          terminal.out(safe(`    ${written}`));
          for (const { path, value } of read) terminal.out(safe(`    ${path} is ${value}`));
          if (problem !== undefined) terminal.out(safe(`    ✗ ${problem}`));
        }
        terminal.out('');
        terminal.out(
          safe(
            outcome.is === 'mapped'
              ? 'mapped'
              : outcome.is === 'dropped'
                ? `dropped: ${outcome.because}`
                : `failed: ${outcome.problems.join('; ')}`,
          ),
        );
        return outcome.is === 'failed' ? exitCodes.attention : exitCodes.ok;
      }),
    );
};

async function systemsToAsk(options: CommonOptions, mappings: readonly Mapping[]): Promise<readonly System[]> {
  const config = readConfig(options);
  const { systems, problems } = await openSystems(config, mappings, {
    log: quiet,
    signal: new AbortController().signal,
    credentials: openCredentialsLater(config.storagePath).of,
  });
  if (problems.length > 0) throw new AggregateError(problems);
  return [...systems.byId.values()];
}

async function recordToTry(
  options: CommonOptions,
  mapping: Mapping,
  wanted: string,
): Promise<Pick<SourceRecord, 'data'> & Partial<SourceRecord>> {
  if (wanted.endsWith('.json')) {
    const parsed = readJsonFile(wanted) as Partial<SourceRecord> & SourceRecord['data'];
    return 'data' in parsed && typeof parsed.data === 'object' ? (parsed as SourceRecord) : { data: parsed };
  }
  const { db, close } = openForReading(options);
  try {
    const stream = mapping.from.split('.')[1];
    const found = (await recordsByNumber(db, wanted)).find(({ record }) => record.ref.stream === stream);
    if (found === undefined)
      throw new Failure('record', `no ${mapping.from} called ${wanted} was pulled`, {
        key: wanted,
        hint: 'give a number that was pulled, or a JSON file with the record',
      });
    return found.record;
  } finally {
    close();
  }
}

function readJsonFile(file: string): object {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
    throw new SyntaxError('it holds no object');
  } catch (error) {
    throw new Failure('config', `the record cannot be read: ${(error as Error).message}`, {
      place: file,
      hint: 'give a JSON file with one record: its fields, or an object with `data`',
      cause: error,
    });
  }
}
