import { quarantineEntries } from '../../store/index.js';
import { replay } from '../../sync/index.js';
import { entryNumber } from '../argument.js';
import { exitCodes } from '../exit-codes.js';
import type { AddVerb } from '../verb.js';
import { type CommonOptions, openForReading, openWorld } from '../open-world.js';
import { safe, table } from '../terminal.js';

/** `quarantine`: records that could not be used, and how to take them once the cause is mended. */
export const addQuarantine: AddVerb = (program, terminal, run) => {
  const quarantine = program.command('quarantine').description('records kept aside because they cannot be used');
  quarantine
    .command('list')
    .description('list them with field and reason; exit code 2 when there are any')
    .option('--json', 'print them as JSON')
    .action((options: { json?: boolean }) =>
      run(async () => {
        const { db, close } = openForReading(program.opts<CommonOptions>());
        try {
          const entries = await quarantineEntries(db);
          if (options.json === true) terminal.out(JSON.stringify(entries, null, 2));
          else if (entries.length === 0) terminal.out('Nothing is in quarantine.');
          else
            for (const line of table(
              ['no', 'stream', 'record', 'since', 'times', 'problem'],
              entries.map((each) => [
                String(each.id),
                `${each.system}/${each.stream}`,
                each.key,
                each.firstAt,
                String(each.times),
                each.problems.join('; '),
              ]),
            ))
              terminal.out(line);
          return entries.length > 0 ? exitCodes.attention : exitCodes.ok;
        } finally {
          close();
        }
      }),
    );
  quarantine
    .command('replay')
    .argument('[numbers...]', 'as `quarantine list` shows them', entryNumber)
    .description('map them again with the mappings as they are now: all, or those with these numbers')
    .action((numbers: readonly number[] | undefined) =>
      run(async () => {
        const { world, close } = await openWorld(program.opts<CommonOptions>());
        try {
          const { taken, still } = await replay(world, numbers === undefined || numbers.length === 0 ? undefined : numbers);
          terminal.out(`${taken.length} taken, ${still.length} still set aside.`);
          for (const { id, problems } of still) terminal.out(safe(`${id}: ${problems.join('; ')}`));
          return still.length > 0 ? exitCodes.attention : exitCodes.ok;
        } finally {
          await close();
        }
      }),
    );
};
