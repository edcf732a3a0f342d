import { backUp } from '../../store/index.js';
import { exitCodes } from '../exit-codes.js';
import type { AddVerb } from '../verb.js';
import { type CommonOptions, readConfig } from '../open-world.js';

/** `backup`: a whole, consistent copy, also while the daemon works. Never copy the file by hand: it would miss the write-ahead log. */
export const addBackup: AddVerb = (program, terminal, run) => {
  program
    .command('backup <file>')
    .description("copy the database with SQLite's backup interface; runs beside the daemon")
    .action((file: string) =>
      run(async () => {
        await backUp(readConfig(program.opts<CommonOptions>()).storagePath, file);
        terminal.out(`The database was copied to ${file}.`);
        return exitCodes.ok;
      }),
    );
};
