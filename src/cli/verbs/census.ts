import { Failure } from '../../kit/index.js';
import { absences } from '../../store/index.js';
import { approveCensus, takeCensus, type World } from '../../sync/index.js';
import { wholeNumber } from '../argument.js';
import { exitCodes } from '../exit-codes.js';
import { type CommonOptions, openForReading, openWorld } from '../open-world.js';
import { table } from '../terminal.js';
import type { AddVerb } from '../verb.js';

/** `census`: records that their stream brings no more: deleted, archived, out of scope, no longer visible. */
export const addCensus: AddVerb = (program, terminal, run) => {
  const census = program.command('census').description('records that are deleted or no longer visible; what was kept of them stays');
  census
    .command('list')
    .description('list the absent records')
    .option('--json', 'print them as JSON')
    .action((options: { json?: boolean }) =>
      run(async () => {
        const { db, close } = openForReading(program.opts<CommonOptions>());
        try {
          const absent = await absences(db);
          if (options.json === true) terminal.out(JSON.stringify(absent, null, 2));
          else if (absent.length === 0) terminal.out('Nothing is known to be absent.');
          else
            for (const line of table(
              ['stream', 'record', 'whereabouts', 'noticed', 'missed'],
              absent.map(({ ref, number, whereabouts, noticedAt, misses }) => [
                `${ref.system}/${ref.stream}`,
                number,
                whereabouts,
                noticedAt,
                `${misses} times`,
              ]),
            ))
              terminal.out(line);
          return exitCodes.ok;
        } finally {
          close();
        }
      }),
    );
  census
    .command('run')
    .argument('[stream]', 'SYSTEM/STREAM; none: every stream that can be counted')
    .description('count now; otherwise it is done by itself every censusHours')
    .action((wanted: string | undefined) =>
      run(async () => {
        const { world, close } = await openWorld(program.opts<CommonOptions>());
        try {
          let held = false;
          for (const { system, stream } of countable(world, wanted)) {
            const counted = await takeCensus(world, system, stream);
            held ||= counted.held !== undefined;
            const absent = Object.entries(counted.absent).map(([where, count]) => `${count} ${where}`);
            const news = counted.held === undefined ? absent.join(', ') || 'nothing absent' : `HELD: ${counted.held} missing at once`;
            terminal.out(`${system.id}/${stream.name}: ${counted.listed} listed, ${news}, ${counted.back} back`);
          }
          return held ? exitCodes.attention : exitCodes.ok;
        } finally {
          await close();
        }
      }),
    );
  census
    .command('approve')
    .argument('<stream>', 'SYSTEM/STREAM, as `status` shows it')
    .requiredOption('--up-to <number>', 'so many records may be noted as absent, and no more', wholeNumber)
    .requiredOption('--by <name>', 'who has checked it; it goes into the journal')
    .description('let a held census note that many records are gone at once')
    .action((wanted: string, options: { upTo: number; by: string }) =>
      run(async () => {
        const { world, close } = await openWorld(program.opts<CommonOptions>());
        try {
          const [system = '', stream = ''] = wanted.split('/');
          await approveCensus(world, { system, stream }, options);
          terminal.out(`Approved by ${options.by}: the next census of ${wanted} notes up to ${options.upTo} absent records.`);
          return exitCodes.ok;
        } finally {
          await close();
        }
      }),
    );
};

function countable(world: World, wanted: string | undefined) {
  const all = [...world.systems.byId.values()].flatMap((system) =>
    system.streams.filter((stream) => stream.keys !== undefined).map((stream) => ({ system, stream, name: `${system.id}/${stream.name}` })),
  );
  const found = all.filter(({ name }) => wanted === undefined || wanted === name);
  if (wanted !== undefined && found.length === 0)
    throw new Failure('config', `"${wanted}" is no stream that can be counted`, {
      hint: `it is one of ${all.map(({ name }) => name).join(', ')}`,
    });
  return found;
}
