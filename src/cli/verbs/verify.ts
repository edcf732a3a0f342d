import { openSystems, readAnchors, readTicketAnchors } from '../../sync/index.js';
import { type AnchorFound, type Db, getSetting, journalHead, type KeySpan, type Verification, verifyJournal } from '../../store/index.js';
import type { Config } from '../../config/index.js';
import { Failure } from '../../kit/index.js';
import { wholeNumber } from '../argument.js';
import { exitCodes } from '../exit-codes.js';
import type { AddVerb } from '../verb.js';
import { type CommonOptions, journalSecrets, openCredentialsLater, openForReading, readMappings } from '../open-world.js';
import { showProgress } from '../progress.js';
import type { Terminal } from '../terminal.js';

/** Fewer entries are verified before a bar could be drawn. */
const worthShowing = 20_000;

interface VerifyOptions {
  readonly anchors?: boolean;
  readonly anchorLog: readonly string[];
  readonly tickets?: number;
  readonly json?: boolean;
}

/** `verify`: walks the hash chain of the journal, compares it with anchors outside, and names the first entry that is not as it was written. */
export const addVerify: AddVerb = (program, terminal, run) => {
  program
    .command('verify')
    .description('verify the hash chain of the journal, and with anchors that nothing was cut off or written anew')
    .option('--anchors', 'compare with the anchor file of the configuration')
    .option('--anchor-log <file>', 'compare with the anchors in this log or anchor file (may be given several times)', gather, [])
    .option(
      '--tickets <count>',
      'compare with the anchors in the tickets of the newest improvements, asked from their systems',
      wholeNumber,
    )
    .option('--json', 'print the result as JSON')
    .action((options: VerifyOptions) =>
      run(async () => {
        const { config, db, close } = openForReading(program.opts<CommonOptions>());
        const progress = showProgress(terminal);
        try {
          const anchors = await gatherAnchors(config, db, options, terminal);
          const { seq: total } = await journalHead(db);
          const result = await verifyJournal(db, {
            ...journalSecrets(config),
            anchors,
            ...(total > worthShowing && { progress: (done) => progress.report('journal entries', done, total) }),
          });
          progress.end();
          if (options.json === true) terminal.out(JSON.stringify(result, null, 2));
          else print(result, terminal);
          return result.broken === undefined ? exitCodes.ok : exitCodes.failure;
        } finally {
          progress.end();
          close();
        }
      }),
    );
};

async function gatherAnchors(config: Config, db: Db, options: VerifyOptions, terminal: Terminal): Promise<readonly AnchorFound[]> {
  const installation = (await getSetting(db, 'installation')) as { readonly id?: string } | undefined;
  const found: AnchorFound[] = [];
  if (options.anchors === true && config.anchorFile === undefined)
    throw new Failure('config', 'there is no anchor file to compare with', {
      hint: 'set journal.anchorFile, or name a log or a copy of the file with --anchor-log',
    });
  const files = [...(options.anchors === true && config.anchorFile !== undefined ? [config.anchorFile] : []), ...options.anchorLog];
  for (const file of files) {
    const { anchors, unreadable } = readAnchors(file, file, installation?.id);
    found.push(...anchors);
    if (unreadable > 0) terminal.err(`! ${file}: ${unreadable} lines are no anchors that can be read`);
    if (anchors.length === 0) terminal.err(`! ${file}: holds no anchor of this installation (${installation?.id ?? 'unknown'})`);
  }
  if (options.tickets !== undefined) found.push(...(await fromTickets(config, db, options.tickets)));
  return found;
}

async function fromTickets(config: Config, db: Db, count: number): Promise<readonly AnchorFound[]> {
  const signal = new AbortController().signal;
  const credentials = openCredentialsLater(config.storagePath);
  const { systems, problems } = await openSystems(config, readMappings(config.mappingsDir), {
    log: quiet,
    signal,
    credentials: credentials.of,
  });
  if (problems.length > 0) throw new AggregateError(problems);
  try {
    return await readTicketAnchors({ systems, signal, store: { read: db } }, count);
  } finally {
    credentials.close();
  }
}

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

function gather(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function print({ entries, purged, spans, anchors, provenTo, broken }: Verification, { out, err }: Terminal): void {
  if (broken !== undefined) {
    err(`journal entry ${broken.seq}${broken.at === undefined ? '' : ` (of ${broken.at})`} ${broken.what}`);
    if (broken.provenTo !== undefined) err(`  entries 1 to ${broken.provenTo} are as they were anchored`);
    err(
      '  -> keep this database as it is and compare it with a backup: somebody or something wrote past golden-thread, or an older backup was restored',
    );
    return;
  }
  out(`${entries} journal entries, every one as it was written.`);
  if (purged > 0) out(`${purged} of them had their text removed by a purge that the journal tells of.`);
  out(`${spans.map(describeSpan).join('; ') || 'nothing was written yet'}.`);
  if (anchors === 0) out('Not compared with anchors: a cut-off end would not show (verify --anchors).');
  else out(`${anchors} anchors agree; the last one proves entries 1 to ${provenTo}. Since then: ${entries - provenTo}.`);
}

function describeSpan({ from, to, key }: KeySpan): string {
  return key === undefined
    ? `entries ${from} to ${to} have no key: whoever can write the file can write them anew`
    : `entries ${from} to ${to} are keyed (${key})`;
}
