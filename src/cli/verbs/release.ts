import { release } from '../../sync/index.js';
import { instant } from '../argument.js';
import { exitCodes } from '../exit-codes.js';
import type { AddVerb } from '../verb.js';
import { type CommonOptions, openWorld } from '../open-world.js';

/** `release`: a person lets the installation write. */
export const addRelease: AddVerb = (program, terminal, run) => {
  program
    .command('release')
    .description('let a new installation raise improvements and write tickets; until then it only reads')
    .requiredOption('--by <name>', 'who takes the decision; it goes into the journal')
    .option(
      '--raise-from <instant>',
      'only inputs that occur from this instant on raise improvements (UTC, ISO 8601); default: now',
      instant,
    )
    .action((options: { by: string; raiseFrom?: string }) =>
      run(async () => {
        const { world, close } = await openWorld(program.opts<CommonOptions>());
        try {
          const at = world.clock();
          const raiseFrom = options.raiseFrom ?? world.config.settings.firstRun.raiseFrom ?? wholeSecond(at);
          const made = await release(world.store, { by: options.by, at, raiseFrom: new Date(raiseFrom).toISOString() });
          terminal.out(
            made.isNew
              ? `Released by ${made.release.by}. Inputs from ${made.release.raiseFrom} on raise improvements; at most ${world.config.policy.newTicketsPerDay} new tickets a day.`
              : `Was released by ${made.release.by} at ${made.release.at}; nothing has changed.`,
          );
          return exitCodes.ok;
        } finally {
          await close();
        }
      }),
    );
};

/** Records are stamped to the second: what happens in the second of the release counts as after it. */
function wholeSecond(at: string): string {
  return `${at.slice(0, 19)}.000Z`;
}
