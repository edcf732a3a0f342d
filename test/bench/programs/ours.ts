import { join } from 'node:path';
import { suitEngine } from '../../../src/cli/engine.js';
import { openWorld } from '../../../src/cli/open-world.js';
import { rewindStream } from '../../../src/store/index.js';
import { pull, systemOf } from '../../../src/sync/index.js';
import { startMeter } from '../measure.js';

/**
 * The very `pull` that `start` runs, on the shipped configuration, with both connectors open.
 * `first`: into an empty database. `again`: the cursor is put back to the beginning and everything is read once more. `both-systems`: like `first`, after Jira's streams.
 */
suitEngine();
const [dir = '', way = 'first'] = process.argv.slice(2);
const { world, close } = await openWorld({ config: join(dir, 'config') });
const servicenow = systemOf(world.systems, 'servicenow-prod');
const incident = servicenow.streams.find((stream) => stream.name === 'incident');
if (incident === undefined) throw new Error('the shipped configuration reads no incidents');
if (way === 'again') await world.store.tx((t) => rewindStream(t, { system: servicenow.id, stream: incident.name }));
if (way === 'both-systems') {
  // All of the program is in memory when the daemon runs: the server, the schedule, the command line.
  await Promise.all([import('../../../src/cli/main.js'), import('../../../src/daemon/daemon.js'), import('../../../src/server/index.js')]);
  const jira = systemOf(world.systems, 'jira-cloud');
  for (const stream of jira.streams) await pull(world, jira, stream);
}
const done = startMeter();
const pulled = await pull(world, servicenow, incident);
await close();
if (pulled.quarantined > 0 || (way === 'again' ? pulled.unchanged : pulled.fresh) !== pulled.received)
  throw new Error(`not as expected: ${JSON.stringify(pulled)}`);
done(pulled.received);
