import { parseArgs } from 'node:util';
import { startServiceNowSimulator } from './index.js';

const { values } = parseArgs({ options: { port: { type: 'string' }, seed: { type: 'string' }, now: { type: 'string' } } });
const simulator = await startServiceNowSimulator({
  port: Number(values.port ?? '0'),
  seed: Number(values.seed ?? '1'),
  ...(values.now !== undefined && { now: values.now }),
});
process.stdout.write(`${JSON.stringify({ url: simulator.url })}\n`);

const end = (): void => void simulator.close().then(() => process.exit(0));
process.once('SIGTERM', end);
process.once('SIGINT', end);
// Whoever started this process holds its stdin: when they are gone, so is the simulator.
process.stdin.once('end', end).once('close', end).resume();
