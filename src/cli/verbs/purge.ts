import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Config } from '../../config/index.js';
import { personNamed } from '../../domain/index.js';
import { Failure } from '../../kit/index.js';
import { applyRetention, findPerson, pastRetention, type PersonTraces, purgePerson } from '../../store/index.js';
import { retentionLimits } from '../../sync/index.js';
import { exitCodes } from '../exit-codes.js';
import type { AddVerb } from '../verb.js';
import { type CommonOptions, openForReading, openWorld } from '../open-world.js';
import { safe, table, type Terminal } from '../terminal.js';

interface PurgeOptions {
  readonly person?: string;
  readonly also: readonly string[];
  readonly by?: string;
  readonly because?: string;
  readonly olderThanPolicy?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `purge`: takes a person out of the database and its files. */
export const addPurge: AddVerb = (program, terminal, run) => {
  program
    .command('purge')
    .description('remove a person from the database and its files, for good; the journal tells of it and stays whole')
    .option('--person <name>', 'name, account id or address; what the directory and the records know beside it is found')
    .option('--also <text>', 'another spelling, an address, an account (may be given several times)', gather, [])
    .option(
      '--older-than-policy',
      'take the text out of records that are past the time that retention of golden-thread.yaml gives their stream',
    )
    .option('--by <name>', 'who does it; it goes into the journal')
    .option('--because <text>', 'why; it goes into the journal')
    .option('--dry-run', 'say what would be looked for and where it is found; change nothing')
    .option('--json', 'print the result as JSON')
    .action((options: PurgeOptions) =>
      run(async () => {
        const { person, by, because } = options;
        if (options.olderThanPolicy === true && person === undefined) return purgeOld(program.opts<CommonOptions>(), options, terminal);
        if (person === undefined)
          throw new Failure('config', 'neither a person nor --older-than-policy is given', {
            hint: 'golden-thread purge --person NAME --by NAME --because TEXT',
          });
        if (options.dryRun === true) return dryRun(program.opts<CommonOptions>(), { ...options, person }, terminal);
        if (by === undefined || because === undefined) throw unsigned();
        const { world, close } = await openWorld(program.opts<CommonOptions>());
        try {
          const done = await purgePerson(world.store, {
            terms: termsOf(world.config, { ...options, person }),
            by,
            because,
            at: world.clock(),
          });
          if (options.json === true) terminal.out(JSON.stringify({ placeholder: done.placeholder, rows: done.rows }, null, 2));
          else {
            print(done, terminal);
            terminal.out(`Removed: ${done.placeholder} stands in place of it from now on.`);
          }
          warn(world.config, done, terminal);
          return exitCodes.ok;
        } finally {
          await close();
        }
      }),
    );
};

function unsigned(): Failure {
  return new Failure('config', 'a purge needs --by and --because: it goes into the journal and cannot be undone', {
    hint: 'look first what it would take: --dry-run',
  });
}

/** What the daemon does once a day, at once; and the file is written anew. */
async function purgeOld(common: CommonOptions, options: PurgeOptions, { out }: Terminal): Promise<number> {
  const show = (counts: Readonly<Record<string, number>>): void => {
    const rows = Object.entries(counts).map(([name, count]) => [name, String(count)]);
    if (rows.length === 0) out('Nothing is past its time.');
    else for (const line of table(['stream', 'records'], rows)) out(line);
  };
  if (options.dryRun === true) {
    const { config, db, close } = openForReading(common);
    try {
      show(await pastRetention(db, retentionLimits(config.settings, new Date().toISOString())));
      return exitCodes.ok;
    } finally {
      close();
    }
  }
  const { by, because } = options;
  if (by === undefined || because === undefined) throw unsigned();
  const { world, close } = await openWorld(common);
  try {
    const at = world.clock();
    show(await applyRetention(world.store, { streams: retentionLimits(world.config.settings, at), by, because, at }));
    await world.store.maintenance.compact();
    return exitCodes.ok;
  } finally {
    await close();
  }
}

async function dryRun(common: CommonOptions, options: PurgeOptions & { readonly person: string }, terminal: Terminal): Promise<number> {
  const { config, db, close } = openForReading(common);
  try {
    const found = await findPerson(db, termsOf(config, options));
    if (options.json === true) terminal.out(JSON.stringify(found, null, 2));
    else {
      terminal.out(`Looked for: ${found.terms.map(safe).join(' | ')}`);
      print(found, terminal);
      terminal.out('Nothing was changed.');
    }
    warn(config, found, terminal);
    return exitCodes.ok;
  } finally {
    close();
  }
}

/** What was given, and what the directory knows of that person. */
function termsOf(
  { directory }: Config,
  { person, also }: { readonly person: string; readonly also: readonly string[] },
): readonly string[] {
  const known = personNamed(directory, person);
  return [...new Set([person, ...also, ...(known === undefined ? [] : [known.name, known.id, ...Object.values(known.accounts)])])];
}

function print({ rows }: PersonTraces, { out }: Terminal): void {
  const found = Object.entries(rows);
  if (found.length === 0) out('No trace was found.');
  else
    for (const line of table(
      ['kept as', 'rows'],
      found.map(([name, count]) => [name, String(count)]),
    ))
      out(line);
}

/** What no purge of the database can reach. */
function warn(config: Config, { terms }: PersonTraces, { err }: Terminal): void {
  if (terms.some((term) => personNamed(config.directory, term) !== undefined))
    err('! directory.yaml still names this person: take the entry out, or the name comes back');
  const folder = dirname(config.storagePath);
  for (const file of readdirSync(folder).filter((name) => name.startsWith(`${basename(config.storagePath)}.before-`)))
    err(`! ${join(folder, file)} is an older copy of the database and was not changed`);
  err('! backups and logs are not reached: after restoring an older backup, run the same purge again');
}

function gather(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
