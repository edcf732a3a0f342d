import { exitCodes } from '../exit-codes.js';
import type { AddVerb } from '../verb.js';

/** `demo`: the whole loop against a ServiceNow and a Jira that are simulated beside it, over HTTP, in some simulated months. */
export const addDemo: AddVerb = (program, terminal, run) => {
  program
    .command('demo')
    .description('run the whole loop against simulated systems: months of history, then a year of improvement')
    .option('--log <file>', 'replay a ServiceNow incident event log (CSV or CSV.GZ) instead of the invented organisation')
    .option('--seed <number>', 'the same seed gives the same organisation', '1')
    .option('--data <dir>', 'keep the database and the configuration in this folder')
    .option('--json', 'end with the figures as one line of JSON')
    .action((options: { log?: string; seed: string; data?: string; json?: boolean }) =>
      run(async () => {
        const { runDemo } = await import('../demo/run-demo.js');
        const outcome = await runDemo({ seed: Number(options.seed), log: options.log, data: options.data, terminal });
        // One line; but for the seconds, two runs of one seed print the same.
        const { folder: _folder, examples: _examples, isOrganisation: _isOrganisation, ...figures } = outcome;
        if (options.json === true) terminal.out(JSON.stringify(figures));
        return outcome.lost === 0 && outcome.duplicateTickets === 0 ? exitCodes.ok : exitCodes.failure;
      }),
    );
};
