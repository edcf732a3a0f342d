import { gapsDocument, type GapFilter } from '../../report/index.js';
import { several } from '../argument.js';
import { exitCodes } from '../exit-codes.js';
import type { AddVerb } from '../verb.js';
import { type CommonOptions, openForReading } from '../open-world.js';
import { contextOf, type OutputOptions, personGiven, putOut, withOutput } from '../report-output.js';

/** `gaps`: every missing or unverified link of every improvement; exit code 2 when there are any. */
export const addGaps: AddVerb = (program, terminal, run) => {
  withOutput(
    program
      .command('gaps')
      .description('list what is missing or unverified in all golden threads; ends with 2 when there is anything')
      .option('--owner <person>', 'only what this person has to mend (id or name)')
      .option('--code <code...>', 'only gaps with these codes', several),
  ).action((options: OutputOptions & { readonly owner?: string; readonly code?: readonly string[] }) =>
    run(async () => {
      const { config, db, close } = openForReading(program.opts<CommonOptions>());
      try {
        const filter: GapFilter = {
          ...(options.owner !== undefined && { owner: personGiven(config, options.owner) }),
          ...(options.code !== undefined && { code: options.code }),
        };
        const document = await gapsDocument(contextOf(config, db, options), filter);
        await putOut(terminal, document, options);
        return document.about.gaps > 0 ? exitCodes.attention : exitCodes.ok;
      } finally {
        close();
      }
    }),
  );
};
