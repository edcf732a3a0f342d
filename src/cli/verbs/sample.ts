import type { Command } from 'commander';
import { statuses, type Status } from '../../domain/index.js';
import { type SampleAsk, sampleDocument } from '../../report/index.js';
import { counted, day, status, wholeNumber } from '../argument.js';
import { exitCodes } from '../exit-codes.js';
import type { AddVerb } from '../verb.js';
import { type CommonOptions, openForReading } from '../open-world.js';
import { contextOf, type OutputOptions, putOut, withOutput } from '../report-output.js';

/** What says which sample. */
export interface SampleOptions {
  readonly seed?: number;
  readonly size?: number;
  readonly status?: readonly Status[];
  readonly from?: string;
  readonly to?: string;
}

/** Gives a verb the options that say which sample. */
export function withSample(command: Command): Command {
  return command
    .option('--seed <number>', 'the same seed draws the same sample from the same population; default: 1', wholeNumber)
    .option('--size <number>', 'how many; default: by the size of the population', counted)
    .option('--status <status...>', `the population: ${statuses.join(', ')}; default: closed`, status)
    .option('--from <day>', 'closed on this day or later (YYYY-MM-DD)', day)
    .option('--to <day>', 'closed on this day or earlier', day);
}

/** The sample that the options ask for. */
export function sampleOf({ seed, size, status: wanted, from, to }: SampleOptions): SampleAsk {
  return {
    seed: seed ?? 1,
    ...(size !== undefined && { size }),
    ...(wanted !== undefined && { status: wanted }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

/** `sample`: an audit sample that can be drawn again, each thread walked with its gaps; exit code 2 when there are any. */
export const addSample: AddVerb = (program, terminal, run) => {
  withOutput(
    withSample(program.command('sample').description('draw an audit sample, stratified and reproducible, and walk each thread')),
  ).action((options: OutputOptions & SampleOptions) =>
    run(async () => {
      const { config, db, close } = openForReading(program.opts<CommonOptions>());
      try {
        const document = await sampleDocument(contextOf(config, db, options), sampleOf(options));
        await putOut(terminal, document, options);
        return document.about.gaps > 0 ? exitCodes.attention : exitCodes.ok;
      } finally {
        close();
      }
    }),
  );
};
