#!/usr/bin/env node
// Nothing but this check may load on an old Node: better-sqlite3's binary ends such a process with a segmentation fault.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 20)) {
  process.stderr.write(
    `golden-thread needs Node 22.20 or newer; this is Node ${process.versions.node} (${process.execPath}).\n` +
      '  -> install Node 24 LTS, or in a checkout run it through npm: npm run golden-thread -- <verb>\n',
  );
  process.exitCode = 78;
} else {
  // Whoever read this (head, less) has seen enough: that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  const { suitEngine } = await import('./engine.js');
  suitEngine();
  const { main } = await import('./main.js');
  process.exitCode = await main(process.argv.slice(2));
}
export {};
