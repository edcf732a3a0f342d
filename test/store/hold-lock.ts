import { acquireLock } from '../../src/store/index.js';

/** A process of its own that holds the lock until it is killed. */
acquireLock(process.argv[2] ?? '');
process.stdout.write('held\n');
globalThis.setInterval(() => undefined, 1000);
