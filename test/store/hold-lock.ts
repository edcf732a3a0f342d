import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { acquireLock } from '../../src/store/index.js';

/** A process of its own that takes the lock, forgets it as careless code might, and collects its garbage before it says so. Ends when its parent does. */
acquireLock(process.argv[2] ?? '');
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
for (let round = 0; round < 5; round += 1) {
  await setImmediate(); // the stack of the call is gone, and what finalizers put off is done
  collect();
}
process.stdin.on('end', () => process.exit()).resume();
process.stdout.write('held\n');
