import { cycle } from '../../sync/index.js';
import { worstExitCode } from '../exit-codes.js';
import type { AddVerb } from '../verb.js';
import { type CommonOptions, openWorld } from '../open-world.js';
import { showProgress } from '../progress.js';
import { printProblems, table } from '../terminal.js';

/** `sync --once`: one round of everything, then the process ends. */
export const addSync: AddVerb = (program, terminal, run) => {
  program
    .command('sync')
    .description('run one round: pull, read back, measure, decide, push')
    .option('--once', 'run one round and end (the default; for schedulers of your own)')
    .option('--json', 'print what was done as JSON')
    .action((options: { json?: boolean }) =>
      run(async () => {
        const progress = showProgress(terminal);
        const stop = new AbortController();
        process.once('SIGTERM', () => stop.abort());
        process.once('SIGINT', () => stop.abort());
        const { world, close } = await openWorld(program.opts<CommonOptions>(), { progress, stop });
        try {
          const done = await cycle(world);
          progress.end();
          if (options.json === true)
            terminal.out(
              JSON.stringify(
                {
                  ...done,
                  failures: done.failures.map(({ kind, message, details }) => ({
                    kind,
                    message,
                    system: details.system,
                    stream: details.stream,
                    hint: details.hint,
                  })),
                },
                null,
                2,
              ),
            );
          else {
            const rows = done.pulled.map((p) => [
              `${p.system}/${p.stream}`,
              String(p.received),
              String(p.fresh),
              String(p.changed),
              String(p.unchanged),
              String(p.quarantined),
              String(p.unreadable),
            ]);
            for (const line of table(['stream', 'received', 'new', 'changed', 'unchanged', 'quarantined', 'unreadable'], rows))
              terminal.out(line);
            const { decided, pushed } = done;
            terminal.out(
              decided === undefined || decided.held
                ? 'Held: nothing is decided until `golden-thread release --by NAME`.'
                : `Raised ${decided.raised.length}, joined ${decided.joined}, suppressed ${decided.suppressed}.`,
            );
            terminal.out(
              `Writes: ${pushed.confirmed} confirmed, ${pushed.inDoubt} in doubt, ${pushed.later} later, ${pushed.parked} parked. Read back ${done.readBack}, measured ${done.measured.length}.`,
            );
          }
          printProblems(terminal, done.failures);
          return worstExitCode(done.failures);
        } finally {
          progress.end();
          await close();
        }
      }),
    );
};
