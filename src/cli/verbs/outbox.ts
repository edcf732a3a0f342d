import { type OutboxEntry, outboxList } from '../../store/index.js';
import { retryParked } from '../../sync/index.js';
import { exitCodes } from '../exit-codes.js';
import { type CommonOptions, openForReading, openWorld } from '../open-world.js';
import { safe, table } from '../terminal.js';
import type { AddVerb } from '../verb.js';

/** `outbox`: writes into other systems that are not done yet, and how to take up again what waits for a person. */
export const addOutbox: AddVerb = (program, terminal, run) => {
  const outbox = program.command('outbox').description('writes into other systems that are not done yet');
  outbox
    .command('list')
    .description('list them, parked ones with the reason; exit code 2 when any is parked or in doubt')
    .option('--json', 'print them as JSON, with what is sent')
    .action((options: { json?: boolean }) =>
      run(async () => {
        const { db, close } = openForReading(program.opts<CommonOptions>());
        try {
          const entries = await outboxList(db, { states: ['pending', 'sending', 'in-doubt', 'parked'] });
          if (options.json === true) terminal.out(JSON.stringify(entries, null, 2));
          else if (entries.length === 0) terminal.out('Everything that was decided has been written.');
          else
            for (const line of table(['key', 'state', 'since', 'system', 'what', 'for', 'because'], entries.map(cells))) terminal.out(line);
          return entries.some(({ state }) => state === 'parked' || state === 'in-doubt') ? exitCodes.attention : exitCodes.ok;
        } finally {
          close();
        }
      }),
    );
  outbox
    .command('retry')
    .argument('[keys...]', 'as `outbox list` shows them; none: all that are parked')
    .requiredOption('--by <name>', 'who has removed the cause; it goes into the journal')
    .description('take parked writes up again with the next sync; a ticket that is there already is found by its key and not made twice')
    .action((keys: readonly string[] | undefined, options: { by: string }) =>
      run(async () => {
        const { world, close } = await openWorld(program.opts<CommonOptions>());
        try {
          const taken = await retryParked(world, keys ?? [], options.by);
          terminal.out(taken.length === 0 ? 'Nothing is parked.' : `${taken.length} taken up again; the next sync sends them.`);
          for (const { operation, subject } of taken) terminal.out(safe(`${subject}: ${operation}`));
          return exitCodes.ok;
        } finally {
          await close();
        }
      }),
    );
};

const shown = 12;

function cells({ id, state, changedAt, system, resource, operation, subject, failure }: OutboxEntry): readonly string[] {
  const because = typeof failure?.['message'] === 'string' ? failure['message'] : '';
  return [id.slice(0, shown), state, changedAt, system, `${operation} ${resource}`, subject, because];
}
