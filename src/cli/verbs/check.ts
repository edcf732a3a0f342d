import { asFailure, type CheckResult } from '../../kit/index.js';
import { lintCategories, lintMappings, readFieldLists, testMappings } from '../../mapping/index.js';
import { openSystems, type System } from '../../sync/index.js';
import { checkJournal } from '../check-journal.js';
import { exitCodes } from '../exit-codes.js';
import type { AddVerb } from '../verb.js';
import { type CommonOptions, openCredentialsLater, readConfig, readMappings } from '../open-world.js';
import { lintSources } from '../lint-sources.js';
import { safe } from '../terminal.js';

const marks = { ok: '✓', warning: '!', failed: '✗' } as const;
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** A person is waiting, and can ask again: what a moment's trouble needs, and no more. The daemon has more patience. */
const once = { most: 1, firstMs: 500 };

/** `check`: everything that must hold before the daemon starts. Reads only, here and in the systems. */
export const addCheck: AddVerb = (program, terminal, run) => {
  program
    .command('check')
    .description('check configuration, mappings, connections, credentials, permissions, fields and clocks; writes nothing anywhere')
    .option('--json', 'print the results as JSON')
    .option('--offline', 'check files only; ask no system')
    .action((options: { json?: boolean; offline?: boolean }) =>
      run(async () => {
        const config = readConfig(program.opts<CommonOptions>());
        const mappings = readMappings(config.mappingsDir);
        const results: { where: string; result: CheckResult }[] = [];
        const add = (where: string, ...found: readonly CheckResult[]): void =>
          void results.push(...found.map((result) => ({ where, result })));
        add('configuration', {
          what: 'files',
          outcome: 'ok',
          found: `${Object.keys(config.settings.systems).length} systems, ${config.policy.rules.length} rules, ${mappings.length} mappings`,
        });
        add('journal', ...checkJournal(config));
        add('mappings', testsOf(config.mappingsDir));
        const { systems, problems } = await openSystems(config, mappings, {
          log: quiet,
          signal: new AbortController().signal,
          credentials: openCredentialsLater(config.storagePath).of,
          retries: once,
        });
        if (problems.length > 0) throw new AggregateError(problems);
        const asked: System[] = options.offline === true ? [] : [...systems.byId.values()];
        for (const system of asked) add(system.id, ...(await checkSystem(system)));
        const pulled = new Set([...systems.byId.values()].flatMap(({ kind, streams }) => streams.map(({ name }) => `${kind}.${name}`)));
        const findings = [
          ...(await lintMappings(mappings, lintSources(asked, readFieldLists(config.mappingsDir).lists))),
          ...lintCategories(
            mappings.filter(({ from }) => pulled.has(from)),
            config.policy.categories.map(({ id }) => id),
          ),
        ];
        for (const { level, place, what, hint } of findings)
          add('mappings', { what: place, outcome: level === 'error' ? 'failed' : 'warning', found: what, hint });
        if (options.json === true)
          terminal.out(
            JSON.stringify(
              results.map(({ where, result }) => ({ where, ...result })),
              null,
              2,
            ),
          );
        else for (const { where, result } of results) print(terminal.out, where, result);
        return exitCodeFor(
          results.map(({ result }) => result),
          options.offline === true,
        );
      }),
    );
};

async function checkSystem(system: System): Promise<readonly CheckResult[]> {
  try {
    return await system.connector.check();
  } catch (error) {
    const { message, details } = asFailure(error);
    return [{ what: 'check', outcome: 'failed', found: message, ...(details.hint !== undefined && { hint: details.hint }) }];
  }
}

function testsOf(dir: string): CheckResult {
  const { cases } = testMappings(dir);
  const failed = cases.filter(({ passed }) => !passed);
  const first = failed[0];
  if (first === undefined) return { what: 'tests', outcome: 'ok', found: `${cases.length} cases pass` };
  return {
    what: 'tests',
    outcome: 'failed',
    found: `${failed.length} of ${cases.length} cases fail, first ${first.place}: ${first.name}`,
    hint: 'golden-thread mappings test',
  };
}

function print(out: (line: string) => void, where: string, { what, outcome, found, hint }: CheckResult): void {
  out(safe(`${marks[outcome]} ${where}: ${what}: ${found}`));
  if (hint !== undefined && outcome !== 'ok') out(safe(`    -> ${hint}`));
}

function exitCodeFor(results: readonly CheckResult[], _offline: boolean): number {
  if (results.some(({ outcome }) => outcome === 'failed'))
    return results.some(({ outcome, what }) => outcome === 'failed' && what !== 'connection') ? exitCodes.config : exitCodes.unavailable;
  return exitCodes.ok;
}
