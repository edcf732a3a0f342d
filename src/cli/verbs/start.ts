import { exitCodes } from '../exit-codes.js';
import { intervalOf } from '../interval.js';
import type { AddVerb } from '../verb.js';
import { type CommonOptions, openWorld } from '../open-world.js';
import { version } from '../version.js';

/** `start`: the daemon. Ends in good order on SIGTERM and SIGINT; a second signal ends it at once. */
export const addStart: AddVerb = (program, _terminal, run) => {
  program
    .command('start')
    .description('run the daemon: pull, decide, push, read back and measure on schedule; serve /livez, /readyz and /metrics')
    .action(() =>
      run(async () => {
        const stop = new AbortController();
        // From the very first moment: an orchestrator may change its mind while the database is still being opened.
        const told = untilTold(stop);
        // Loaded here: the server and its metrics cost 60 ms and 4 MB that no other verb needs.
        const [{ startDaemon }, { createMetrics }] = await Promise.all([import('../../daemon/daemon.js'), import('../../server/index.js')]);
        const metrics = createMetrics(version());
        const { world, close } = await openWorld(program.opts<CommonOptions>(), {
          stop,
          observe: ({ system, method, route, outcome, ms }) =>
            metrics.requests.observe({ system, method, route, outcome: String(outcome) }, ms / 1000),
        });
        const daemon = await startDaemon(world, { metrics, version: version(), intervalOf });
        await told;
        await daemon.stop();
        await close();
        return exitCodes.ok;
      }),
    );
};

/** Resolves when a signal says that it is time to end, and aborts what is under way; the second signal ends the process at once. */
function untilTold(stop: AbortController): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.on(signal, () => {
        if (stop.signal.aborted) process.exit(exitCodes.failure);
        stop.abort();
        resolve();
      });
  });
}
