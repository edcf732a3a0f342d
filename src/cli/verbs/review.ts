import { InvalidArgumentError } from 'commander';
import { localDate, plusCalendarDays } from '../../domain/index.js';
import { reviewDocument } from '../../report/index.js';
import { decideInReview, endInReview } from '../../sync/index.js';
import { day } from '../argument.js';
import { exitCodes } from '../exit-codes.js';
import type { AddVerb } from '../verb.js';
import { type CommonOptions, openForReading, openWorld } from '../open-world.js';
import { contextOf, type OutputOptions, putOut, withOutput } from '../report-output.js';

/** `review`: the pack for a management review (9.3 a to l), and the decisions that come out of it. */
export const addReview: AddVerb = (program, terminal, run) => {
  const review = withOutput(
    program
      .command('review')
      .description('the pack for a management review, laid out as clause 9.3 a to l')
      .option('--from <day>', 'first day of the period (YYYY-MM-DD); default: a year before the last', day)
      .option('--to <day>', 'last day of the period; default: today', day),
  ).action((options: OutputOptions & { readonly from?: string; readonly to?: string }) =>
    run(async () => {
      const { config, db, close } = openForReading(program.opts<CommonOptions>());
      try {
        const context = contextOf(config, db, options);
        const { from, to } = lastYear(options, localDate(context.asOf ?? context.at, config.settings.organisation.timeZone));
        await putOut(terminal, await reviewDocument(context, from, to), options);
        return exitCodes.ok;
      } finally {
        close();
      }
    }),
  );
  review
    .command('decide')
    .description('record a decision of a management review; it goes into the journal and into the next pack under a')
    .requiredOption('--period <period>', 'which review: 2026, 2026-Q3, 2026-09, or 2026-01-01..2026-06-30', periodGiven)
    .requiredOption('--by <person>', 'who decided: a person of the directory')
    .requiredOption('--decision <text>', 'what was decided')
    .option('--owner <person>', 'who carries it out')
    .option('--due <day>', 'until when (YYYY-MM-DD)', day)
    .option('--improvement <id>', 'the improvement that it is about')
    .action((options: DecideOptions) =>
      run(async () => {
        const { world, close } = await openWorld(program.opts<CommonOptions>());
        try {
          const { period, by, decision, owner, due, improvement } = options;
          const made = await decideInReview(world, {
            period,
            by,
            decision,
            ...(owner !== undefined && { owner }),
            ...(due !== undefined && { due }),
            ...(improvement !== undefined && { improvement }),
          });
          terminal.out(
            `${made.id} is recorded: ${made.period.from} to ${made.period.to}, by ${made.by}${made.due === undefined ? '' : `, due ${made.due}`}.`,
          );
          return exitCodes.ok;
        } finally {
          await close();
        }
      }),
    );
  review
    .command('done <decision>')
    .description('note that a decision of a management review (MR-0001) was carried out')
    .requiredOption('--by <person>', 'who says so: a person of the directory')
    .requiredOption('--note <text>', 'what was done')
    .action((decision: string, options: { readonly by: string; readonly note: string }) =>
      run(async () => {
        const { world, close } = await openWorld(program.opts<CommonOptions>());
        try {
          await endInReview(world, decision, options);
          terminal.out(`${decision} is noted as carried out.`);
          return exitCodes.ok;
        } finally {
          await close();
        }
      }),
    );
};

interface DecideOptions {
  readonly period: { readonly from: string; readonly to: string };
  readonly by: string;
  readonly decision: string;
  readonly owner?: string;
  readonly due?: string;
  readonly improvement?: string;
}

/** The days asked for; by default the year that ends with the last of them. */
export function lastYear(
  { from, to }: { readonly from?: string; readonly to?: string },
  today: string,
): { readonly from: string; readonly to: string } {
  const last = to ?? today;
  return { from: from ?? plusCalendarDays(last, -364), to: last };
}

/** A year, a quarter, a month, or two days with two points between them. */
export function periodGiven(text: string): { readonly from: string; readonly to: string } {
  const [, year = '', quarter, month] = /^(\d{4})(?:-Q([1-4])|-(0[1-9]|1[0-2]))?$/.exec(text) ?? [];
  if (year !== '') {
    const first = quarter !== undefined ? Number(quarter) * 3 - 2 : Number(month ?? 1);
    const months = quarter !== undefined ? 3 : month !== undefined ? 1 : 12;
    const after = new Date(Date.UTC(Number(year), first - 1 + months, 1)).toISOString().slice(0, 10);
    return { from: `${year}-${String(first).padStart(2, '0')}-01`, to: plusCalendarDays(after, -1) };
  }
  const [from = '', to = '', ...rest] = text.split('..');
  if (rest.length === 0 && from !== '' && to !== '' && day(from) <= day(to)) return { from, to };
  throw new InvalidArgumentError('Write it as 2026, 2026-Q3, 2026-09, or 2026-01-01..2026-06-30.');
}
