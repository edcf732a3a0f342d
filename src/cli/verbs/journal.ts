import { journalExtract, type JournalEntry, readJournal } from '../../store/index.js';
import { wholeNumber } from '../argument.js';
import { exitCodes } from '../exit-codes.js';
import type { AddVerb } from '../verb.js';
import { type CommonOptions, openForReading } from '../open-world.js';
import { safe, table } from '../terminal.js';

interface JournalOptions {
  readonly kind?: string;
  readonly last: number;
  readonly json?: boolean;
}

/** `journal`: what was decided and done, by whom and why. */
export const addJournal: AddVerb = (program, terminal, run) => {
  program
    .command('journal')
    .argument('[subject]', 'an improvement, SYSTEM/STREAM, a ticket number; none: everything')
    .description('show entries of the journal with actor and reason; --json with a subject adds the proof of each')
    .option('--kind <kind>', 'only entries of this kind')
    .option('--last <count>', 'the newest so many', wholeNumber, 50)
    .option('--json', 'print them as JSON; of one subject all, each with its proof of inclusion')
    .action((subject: string | undefined, options: JournalOptions) =>
      run(async () => {
        const { db, close } = openForReading(program.opts<CommonOptions>());
        try {
          if (options.json === true && subject !== undefined && options.kind === undefined) {
            terminal.out(JSON.stringify(await journalExtract(db, [subject]), null, 2));
            return exitCodes.ok;
          }
          const { kind, last: limit } = options;
          const entries = await readJournal(db, {
            last: true,
            limit,
            ...(subject !== undefined && { subject }),
            ...(kind !== undefined && { kind }),
          });
          if (options.json === true) terminal.out(JSON.stringify(entries, null, 2));
          else if (entries.length === 0) terminal.out('No such entry.');
          else for (const line of table(['no', 'at', 'actor', 'kind', 'about', 'because'], entries.map(cells))) terminal.out(line);
          return exitCodes.ok;
        } finally {
          close();
        }
      }),
    );
};

function cells({ seq, at, actor, kind, subject, because }: JournalEntry): readonly string[] {
  return [String(seq), at, actor, kind, subject, because === undefined ? '(text purged)' : shortened(because)];
}

function shortened(text: string): string {
  const line = safe(text);
  return line.length > 140 ? `${line.slice(0, 139)}…` : line;
}
