import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DemoFile, earlierRegister, files as firstFiles } from './organisation/files.js';
import { furtherFiles } from './organisation/further-files.js';
import { dayAt } from './stage.js';

const files = [...firstFiles, ...furtherFiles];

/** Writes the files of the inbox as they stand on that day; only those that have changed since `before`. Days are counted from the release. */
export function dropFiles(dir: string, begin: string, span: { readonly before: number; readonly today: number }): void {
  const inbox = inboxOf(dir);
  for (const file of files) {
    const rows = file.rows((day) => dateOf(begin, day));
    if (!rows.some(({ day }) => day > span.before && day <= span.today)) continue;
    const known = rows.filter(({ day }) => day <= span.today).map(({ cells }) => cells);
    const path = join(inbox, `${file.stream}.csv`);
    // Never half a file under its own name: somebody may be reading.
    writeFileSync(`${path}.tmp`, csv([file.head, ...known]));
    renameSync(`${path}.tmp`, path);
  }
}

/** The table that the organisation kept before, beside the inbox. */
export function writeEarlierRegister(dir: string, begin: string): string {
  const path = join(dir, 'register-before.csv');
  writeFileSync(path, csv([earlierRegister.head, ...earlierRegister.rows((day) => dateOf(begin, day))]));
  return path;
}

/** Where the files of the organisation lie. */
export function inboxOf(dir: string): string {
  const inbox = join(dir, 'inbox');
  mkdirSync(inbox, { recursive: true });
  return inbox;
}

/** The settings of the file system in golden-thread.yaml. */
export function fileSystem(dir: string): unknown {
  const stream = ({ stream, about, key }: DemoFile): [string, unknown] => [
    stream,
    { files: `${stream}.csv`, about, key, updated: 'Changed' },
  ];
  // The files are whole when they appear, and virtual days pass in seconds.
  return { connector: 'file', config: { inbox: inboxOf(dir), quietSeconds: 0, streams: Object.fromEntries(files.map(stream)) } };
}

const dateOf = (begin: string, day: number): string => dayAt(begin, day).slice(0, 10);

function csv(rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string =>
    /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
  return rows.map((row) => `${row.map(cell).join(',')}\n`).join('');
}
