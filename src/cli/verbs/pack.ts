import { createWriteStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { Failure } from '../../kit/index.js';
import { drawFromRegister, type EvidencePack, evidencePack } from '../../report/index.js';
import { instant } from '../argument.js';
import { exitCodes } from '../exit-codes.js';
import type { AddVerb } from '../verb.js';
import { type CommonOptions, openForReading } from '../open-world.js';
import { contextOf } from '../report-output.js';
import { sampleOf, type SampleOptions, withSample } from './sample.js';

interface PackOptions extends SampleOptions {
  readonly out: string;
  readonly sample?: boolean;
  readonly asOf?: string;
}

/** `pack`: evidence that can be verified without the product, of some improvements or of an audit sample. */
export const addPack: AddVerb = (program, terminal, run) => {
  withSample(
    program
      .command('pack [ids...]')
      .description('pack the evidence of improvements, or of an audit sample, so that it can be verified without golden-thread')
      .requiredOption('--out <path>', 'a folder that is not there yet, or a file that ends in .zip')
      .option('--sample', 'draw an audit sample instead of naming improvements')
      .option('--as-of <instant>', 'as it stood at this instant (UTC, ISO 8601)', instant),
  ).action((ids: readonly string[], options: PackOptions) =>
    run(async () => {
      if ((ids.length === 0) !== (options.sample === true))
        throw new Failure('config', 'either improvements or a sample are packed', {
          hint: 'golden-thread pack IMP-0001 --out pack.zip, or pack --sample',
        });
      const { config, db, close } = openForReading(program.opts<CommonOptions>());
      try {
        const context = contextOf(config, db, options);
        const sample = options.sample === true ? await drawFromRegister(context, sampleOf(options)) : undefined;
        const pack = await evidencePack(context, sample?.chosen ?? ids, sample);
        await write(pack, options.out);
        terminal.out(
          `${pack.improvements.length === 1 ? '1 improvement' : `${pack.improvements.length} improvements`} in ${pack.files.length} files: ${options.out}`,
        );
        terminal.out(`SHA-256 of SHA256SUMS: ${pack.sumsHash}`);
        terminal.out(pack.gaps === 0 ? 'No gaps.' : `${pack.gaps} gaps: see the threads in it.`);
        return pack.gaps > 0 ? exitCodes.attention : exitCodes.ok;
      } finally {
        close();
      }
    }),
  );
};

/** Writes the pack as a whole or not at all; never over something that is there. */
async function write(pack: EvidencePack, out: string): Promise<void> {
  const path = resolve(out);
  const partial = `${path}.partial-${process.pid}`;
  if (existsSync(path) && (path.endsWith('.zip') || readdirSync(path).length > 0))
    throw new Failure('config', 'there is something there already', { place: path, hint: 'give --out a path that is not there yet' });
  try {
    mkdirSync(dirname(path), { recursive: true });
    if (path.endsWith('.zip')) await zip(pack, partial);
    else
      for (const { path: name, bytes } of pack.files) {
        const file = join(partial, ...name.split('/'));
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, bytes);
      }
    if (existsSync(path)) rmSync(path, { recursive: true });
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw new Failure('config', `the pack cannot be written (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`, {
      place: path,
      hint: 'give --out a path in a folder that may be written to',
      cause: error,
    });
  }
}

/** The same files give the same bytes: every file carries the same time. */
async function zip(pack: EvidencePack, file: string): Promise<void> {
  const archive = new ZipFile();
  const mtime = new Date(Date.UTC(1980, 0, 2));
  for (const { path, bytes } of pack.files)
    archive.addBuffer(Buffer.from(bytes), path, { mtime, mode: path.startsWith('verify.') ? 0o100755 : 0o100644 });
  archive.end();
  await pipeline(archive.outputStream, createWriteStream(file, { mode: 0o600 }));
}
