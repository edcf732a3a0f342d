// Drops optional platform packages from package-lock.json that the registry did not have when the lock was written:
// npm lists them as dependencies without an entry of their own, and then `npm ci` refuses the lock it wrote itself.
import { readFileSync, writeFileSync } from 'node:fs';

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const present = new Set(Object.keys(lock.packages).map((path) => path.replace(/^.*node_modules\//, '')));
for (const entry of Object.values(lock.packages)) {
  for (const name of Object.keys(entry.optionalDependencies ?? {})) {
    if (!present.has(name)) delete entry.optionalDependencies[name];
  }
}
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
