// Packages that stay outside of the bundle: better-sqlite3 is a native binary, pdfmake reads its fonts from its folder, and fast-check comes
// with whoever holds a connector of their own to the kit's conformance suite.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const outside = ['better-sqlite3', 'pdfmake', 'fast-check'];

// node .ci/outside.mjs <folder>: leaves of its node_modules what these packages need, and nothing else.
if (import.meta.main) {
  const root = join(process.argv[2] ?? '.', 'node_modules');
  const kept = new Set();
  const keep = (name, from) => {
    let place = from;
    while (!existsSync(join(place, 'node_modules', name, 'package.json'))) {
      if (place === dirname(root)) return;
      place = dirname(place);
    }
    const folder = join(place, 'node_modules', name);
    if (kept.has(folder)) return;
    kept.add(folder);
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    for (const needed of Object.keys(dependencies)) keep(needed, folder);
  };
  for (const name of outside) keep(name, dirname(root));
  const names = readdirSync(root).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(root, name)).map((part) => `${name}/${part}`) : [name],
  );
  for (const folder of names.map((name) => join(root, name))) if (!kept.has(folder)) rmSync(folder, { recursive: true });
}
