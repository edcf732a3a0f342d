import { existsSync } from 'node:fs';
import { personNamed } from '../../domain/index.js';
import { Failure } from '../../kit/index.js';
import { importRegister, type ImportResult, type RegisterSource } from '../../sync/index.js';
import { exitCodes } from '../exit-codes.js';
import { type CommonOptions, openWorld } from '../open-world.js';
import { table, type Terminal } from '../terminal.js';
import type { AddVerb } from '../verb.js';

interface Options {
  readonly key: string;
  readonly sheet?: string;
  readonly as: string;
  readonly by: string;
  readonly withTickets?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `import`: takes over what was kept before. */
export const addImport: AddVerb = (program, terminal, run) => {
  program
    .command('import')
    .description('take over what was kept elsewhere before')
    .command('register')
    .argument('<source>', 'a CSV, XLSX, JSON or NDJSON file; or SYSTEM/STREAM, such as servicenow-prod/sn_cim_register')
    .requiredOption('--by <person>', 'who answers for it: a person of the directory; goes into the journal')
    .option('--key <column>', 'column of a file that tells one row from another', 'Number')
    .option('--sheet <name>', 'of a workbook; default: the first')
    .option('--as <name>', 'tells several earlier registers apart', 'register')
    .option('--with-tickets', 'give every open entry a ticket in Jira, within the daily cap')
    .option('--dry-run', 'show what would be imported, and write nothing')
    .option('--json', 'print it as JSON')
    .description('take over an improvement register: all of it or nothing, marked as older than this product; twice adds nothing')
    .action((source: string, options: Options) =>
      run(async () => {
        const { world, close } = await openWorld(program.opts<CommonOptions>());
        try {
          const by = personNamed(world.config.directory, options.by)?.id;
          if (by === undefined)
            throw new Failure('config', `the directory does not know "${options.by}"`, { hint: 'name a person of directory.yaml' });
          const result = await importRegister(world, {
            source: sourceOf(source, options, [...world.systems.byId.keys()]),
            register: options.as,
            by,
            withTickets: options.withTickets === true,
            dryRun: options.dryRun === true,
          });
          if (options.json === true) terminal.out(JSON.stringify(result, null, 2));
          else print(terminal, result, options);
          return result.differing.length > 0 ? exitCodes.attention : exitCodes.ok;
        } finally {
          await close();
        }
      }),
    );
};

function sourceOf(source: string, { key, sheet }: Options, systems: readonly string[]): RegisterSource {
  if (existsSync(source)) return { is: 'file', file: source, key, ...(sheet !== undefined && { sheet }) };
  const [system = '', stream = '', ...rest] = source.split('/');
  if (rest.length === 0 && stream !== '' && systems.includes(system)) return { is: 'stream', system, stream };
  throw new Failure('config', `there is no file "${source}"`, { hint: `name a file, or SYSTEM/STREAM of one of ${systems.join(', ')}` });
}

function print(terminal: Terminal, { source, imported, known, differing }: ImportResult, options: Options): void {
  for (const line of table(
    ['earlier', 'now', 'status', 'title'],
    imported.map(({ number, id, status, title }) => [number, id, status, title]),
  ))
    terminal.out(line);
  for (const { number, notes } of imported) for (const note of notes) terminal.out(`${number}: ${note}`);
  const done = options.dryRun === true ? 'would be imported' : 'imported';
  terminal.out(`${imported.length} ${done} from ${source}; ${known.length} were imported before and are the same.`);
  if (differing.length > 0)
    terminal.out(`${differing.length} read otherwise than when they were imported, and stay as they are here: ${differing.join(', ')}.`);
}
