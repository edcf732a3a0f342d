import { parseArgs } from 'node:util';
import { startJiraSimulator } from './server.js';

/** Runs the simulator as a process: prints `{"url":…}` when it listens, ends on SIGTERM, SIGINT or when stdin closes. */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    now: { type: 'string' },
    deployment: { type: 'string', default: 'cloud' },
  },
});

const { deployment } = values;
if (deployment !== 'cloud' && deployment !== 'data-center') {
  process.stderr.write(`--deployment is cloud or data-center, not '${deployment}'\n`);
  process.exit(2);
}

const simulator = await startJiraSimulator({
  port: Number(values.port),
  seed: Number(values.seed),
  deployment,
  ...(values.now !== undefined && { now: values.now }),
});

const stop = (): void => {
  void simulator.close().then(() => process.exit(0));
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
process.stdin.once('end', stop);
process.stdin.once('close', stop);
process.stdin.on('error', stop);
process.stdin.resume();
process.stdout.write(`${JSON.stringify({ url: simulator.url })}\n`);
