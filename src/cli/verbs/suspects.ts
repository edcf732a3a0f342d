import { nameOf, openSuspects } from '../../domain/index.js';
import { improvements } from '../../store/index.js';
import { clearSuspects } from '../../sync/index.js';
import { exitCodes } from '../exit-codes.js';
import type { AddVerb } from '../verb.js';
import { type CommonOptions, openForReading, openWorld } from '../open-world.js';
import { safe, table } from '../terminal.js';

/** `suspects`: links whose other end changed after they were relied on, and who has looked at them. */
export const addSuspects: AddVerb = (program, terminal, run) => {
  const suspects = program.command('suspects').description('links whose other end changed after they were relied on');
  suspects
    .command('list')
    .description('list those that nobody has looked at yet; exit code 2 when there are any')
    .option('--json', 'print them as JSON')
    .action((options: { json?: boolean }) =>
      run(async () => {
        const { config, db, close } = openForReading(program.opts<CommonOptions>());
        try {
          const found = (await improvements(db)).flatMap((improvement) =>
            openSuspects(improvement).map((suspect) => ({ improvement: improvement.id, owner: improvement.owner, ...suspect })),
          );
          if (options.json === true) terminal.out(JSON.stringify(found, null, 2));
          else if (found.length === 0) terminal.out('No link is suspect.');
          else
            for (const line of table(
              ['improvement', 'record', 'what', 'was', 'is', 'since', 'owner'],
              found.map((each) => [
                each.improvement,
                each.number,
                `${each.field}${each.afterClosure ? ' (after closure)' : ''}`,
                each.was,
                each.is,
                each.since.slice(0, 10),
                nameOf(config.directory, each.owner),
              ]),
            ))
              terminal.out(line);
          return found.length > 0 ? exitCodes.attention : exitCodes.ok;
        } finally {
          close();
        }
      }),
    );
  suspects
    .command('clear <id>')
    .description('note that somebody has looked at a link that changed, and why it still holds')
    .requiredOption('--record <number>', 'the record that changed, by its number')
    .option('--field <name>', 'only this field of it')
    .requiredOption('--by <person>', 'id of the directory: its owner, who may approve it, or who may accept its result')
    .requiredOption('--because <reason>', 'why the link still holds; it stands in the thread')
    .action((id: string, options: { record: string; field?: string; by: string; because: string }) =>
      run(async () => {
        const { world, close } = await openWorld(program.opts<CommonOptions>());
        try {
          const { record, field, by, because } = options;
          const cleared = await clearSuspects(world, { id, record, by, because, ...(field !== undefined && { field }) });
          terminal.out(safe(`${id}: ${cleared.map((each) => each.field).join(', ')} of ${record} looked at by ${by}.`));
          return exitCodes.ok;
        } finally {
          await close();
        }
      }),
    );
};
