import { Option } from 'commander';
import { localDate } from '../../domain/index.js';
import { clausesDocument, type PeriodKind, periodKinds } from '../../report/index.js';
import { day } from '../argument.js';
import { exitCodes } from '../exit-codes.js';
import type { AddVerb } from '../verb.js';
import { type CommonOptions, openForReading } from '../open-world.js';
import { contextOf, type OutputOptions, putOut, withOutput } from '../report-output.js';
import { lastYear } from './review.js';

/** `clauses`: which clause was looked at in which month or quarter; exit code 2 where nobody has looked. */
export const addClauses: AddVerb = (program, terminal, run) => {
  withOutput(
    program
      .command('clauses')
      .description('clause coverage: what each clause that asks for improvements was fed with, by month or quarter')
      .option('--from <day>', 'first day (YYYY-MM-DD); default: a year before the last', day)
      .option('--to <day>', 'last day; default: today', day)
      .addOption(new Option('--by <period>', 'how the time is divided').choices(periodKinds).default('quarter')),
  ).action((options: OutputOptions & { readonly from?: string; readonly to?: string; readonly by: PeriodKind }) =>
    run(async () => {
      const { config, db, close } = openForReading(program.opts<CommonOptions>());
      try {
        const context = contextOf(config, db, options);
        const { from, to } = lastYear(options, localDate(context.asOf ?? context.at, config.settings.organisation.timeZone));
        const document = await clausesDocument(context, from, to, options.by);
        await putOut(terminal, document, options);
        return document.about.gaps > 0 ? exitCodes.attention : exitCodes.ok;
      } finally {
        close();
      }
    }),
  );
};
