import { plan, pullSystem } from '../../sync/index.js';
import type { Failure } from '../../kit/index.js';
import { instant } from '../argument.js';
import { exitCodes, worstExitCode } from '../exit-codes.js';
import type { AddVerb } from '../verb.js';
import { type CommonOptions, openWorld } from '../open-world.js';
import { showProgress } from '../progress.js';
import { printProblems, table } from '../terminal.js';

/** `plan`: what would be raised and written now. Pulls first (reading is free), then runs the deciding code and takes it back. */
export const addPlan: AddVerb = (program, terminal, run) => {
  program
    .command('plan')
    .description('show what would be raised and written, and write nothing to any system')
    .option('--no-pull', 'decide on what was pulled before')
    .option('--raise-from <instant>', 'as if released from this instant on (UTC, ISO 8601)', instant)
    .option('--json', 'print the plan as JSON')
    .action((options: { pull: boolean; raiseFrom?: string; json?: boolean }) =>
      run(async () => {
        const progress = showProgress(terminal);
        const { world, close } = await openWorld(program.opts<CommonOptions>(), { progress });
        try {
          const failures: Failure[] = [];
          if (options.pull) for (const system of world.systems.byId.values()) await pullSystem(world, system, failures);
          progress.end();
          const made = await plan(world, options.raiseFrom);
          if (options.json === true) terminal.out(JSON.stringify(made, null, 2));
          else {
            terminal.out(
              `${made.held ? 'Held: nothing is written until `golden-thread release --by NAME`.' : 'Released.'} Inputs from ${made.raiseFrom} on raise improvements.`,
            );
            terminal.out(
              `${made.raised.length} improvements would be raised, ${made.writes.length} writes are due${made.heldByCap > 0 ? `, ${made.heldByCap} new tickets wait for the daily cap` : ''}.`,
            );
            if (made.raised.length > 0)
              for (const line of table(
                ['id', 'priority', 'rule', 'records', 'title'],
                made.raised.map((each) => [each.id, each.priority.band, each.rule, String(each.triggers.length), each.title]),
              ))
                terminal.out(line);
            if (made.writes.length > 0)
              for (const line of [
                '',
                ...table(
                  ['for', 'operation', 'system', 'resource', 'state'],
                  made.writes.map((each) => [each.subject, each.operation, each.system, each.resource, each.state]),
                ),
              ])
                terminal.out(line);
          }
          printProblems(terminal, failures);
          if (failures.length > 0) return worstExitCode(failures);
          return made.raised.length + made.writes.length > 0 ? exitCodes.attention : exitCodes.ok;
        } finally {
          progress.end();
          await close();
        }
      }),
    );
};
