import { nameOf } from '../../domain/index.js';
import { getRelease } from '../../store/index.js';
import { inputStandings, reviewInput } from '../../sync/index.js';
import { day } from '../argument.js';
import { exitCodes } from '../exit-codes.js';
import { type CommonOptions, openForReading, openWorld } from '../open-world.js';
import { safe, table } from '../terminal.js';
import type { AddVerb } from '../verb.js';

/** `inputs`: the inputs register, and reviews of what an input did not bring. */
export const addInputs: AddVerb = (program, terminal, run) => {
  const inputs = program
    .command('inputs')
    .description('the approved inputs: what each has brought within its cadence; exit code 2 when one is overdue')
    .option('--json', 'print them as JSON')
    .action((options: { json?: boolean }) =>
      run(async () => {
        const { config, db, close } = openForReading(program.opts<CommonOptions>());
        try {
          const at = new Date().toISOString();
          const watchedFrom = (await getRelease(db))?.raiseFrom ?? at;
          const standings = await inputStandings({ config }, db, at, watchedFrom);
          if (options.json === true) terminal.out(JSON.stringify(standings, null, 2));
          else
            for (const line of table(
              ['input', 'owner', 'cadence', 'last input', 'reviewed to', 'due', 'state'],
              standings.map((one) => [
                one.category,
                one.owner === undefined ? '' : nameOf(config.directory, one.owner),
                one.cadenceDays === undefined ? '' : `${one.cadenceDays} days`,
                one.lastInput?.slice(0, 10) ?? '',
                one.reviewedTo ?? '',
                one.due ?? '',
                one.state,
              ]),
            ))
              terminal.out(safe(line));
          return standings.some(({ state }) => state === 'overdue') ? exitCodes.attention : exitCodes.ok;
        } finally {
          close();
        }
      }),
    );
  inputs
    .command('review')
    .argument('<category>', 'an approved input of policy.yaml')
    .description('note that a named person has reviewed an input over some days and found no further opportunity')
    .requiredOption('--by <person>', 'who has reviewed it: an id of directory.yaml')
    .requiredOption('--from <date>', 'first day, YYYY-MM-DD', day)
    .requiredOption('--to <date>', 'last day, YYYY-MM-DD, not in the future', day)
    .requiredOption('--note <text>', 'what was looked at, and what was found')
    .action((category: string, options: { by: string; from: string; to: string; note: string }) =>
      run(async () => {
        const { world, close } = await openWorld(program.opts<CommonOptions>());
        try {
          const made = await reviewInput(world, { category, ...options });
          const name = nameOf(world.config.directory, made.by);
          terminal.out(
            safe(`Reviewed by ${name}: ${category}, ${made.from} to ${made.to}, ${made.records} records. It is in the journal.`),
          );
          return exitCodes.ok;
        } finally {
          await close();
        }
      }),
    );
};
