import { verifyJournal } from '../../store/index.js';
import { exitCodes } from '../exit-codes.js';
import type { AddVerb } from '../verb.js';
import { type CommonOptions, journalSecrets, openForReading } from '../open-world.js';

/** `verify`: walks the hash chain of the journal and names the first entry that is not as it was written. */
export const addVerify: AddVerb = (program, terminal, run) => {
  program
    .command('verify')
    .description('verify the hash chain of the journal')
    .action(() =>
      run(async () => {
        const { config, db, close } = openForReading(program.opts<CommonOptions>());
        try {
          const { entries, broken } = await verifyJournal(db, journalSecrets(config));
          if (broken !== undefined) {
            terminal.err(`journal entry ${broken.seq} ${broken.what}`);
            terminal.err('  -> keep this database as it is and compare it with a backup: somebody or something wrote past golden-thread');
            return exitCodes.failure;
          }
          terminal.out(`${entries} journal entries, every one as it was written.`);
          return exitCodes.ok;
        } finally {
          close();
        }
      }),
    );
};
