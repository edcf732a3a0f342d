import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { Config } from '../config/index.js';
import { Failure } from '../kit/index.js';
import { type Format, formats, render, type ReportContext, type ReportDocument } from '../report/index.js';
import { suggestion } from '../yaml/index.js';
import { instant } from './argument.js';
import type { Terminal } from './terminal.js';
import { version } from './version.js';

/** How a report is to be printed. */
export interface OutputOptions {
  readonly format?: Format;
  /** A file; `-` or nothing for stdout. */
  readonly out?: string;
  readonly asOf?: string;
}

/** Gives a verb the options that all reports have. */
export function withOutput(command: Command): Command {
  return command
    .addOption(new Option('--format <format>', 'how it is written; default: by the name of the file, else text').choices(formats))
    .option('--out <file>', 'write it into this file; - is stdout')
    .option('--as-of <instant>', 'as it stood at this instant (UTC, ISO 8601)', instant);
}

/** What a report of this run is made from. */
export function contextOf(config: Config, db: ReportContext['db'], options: Pick<OutputOptions, 'asOf'>): ReportContext {
  return {
    config,
    db,
    at: new Date().toISOString(),
    ...(options.asOf !== undefined && { asOf: options.asOf }),
    product: `golden-thread ${version()}`,
  };
}

/** Whether a document is wanted, rather than the verb's own lines. */
export function wantsDocument({ format, out }: OutputOptions): boolean {
  return format !== undefined || (out !== undefined && out !== '-');
}

/** Prints the document, or writes it into its file: whole, or not at all. */
export async function putOut(terminal: Terminal, document: ReportDocument, options: OutputOptions): Promise<void> {
  const { out = '-' } = options;
  const format = options.format ?? formatOf(out);
  const bytes = await render(document, format);
  if (out !== '-') writeWhole(out, bytes);
  else if (terminal.bytes !== undefined) terminal.bytes(bytes);
  else terminal.out(new TextDecoder().decode(bytes).replace(/\r?\n$/, ''));
}

/** Writes a file under another name first, so that whoever reads it sees all of it or nothing. */
export function writeWhole(file: string, bytes: Uint8Array): void {
  const path = resolve(file);
  const partial = `${path}.partial-${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(partial, bytes);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw new Failure('config', `the report cannot be written (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`, {
      place: path,
      hint: 'give --out a file in a folder that may be written to, or - for stdout',
      cause: error,
    });
  }
}

function formatOf(out: string): Format {
  const ending = extname(out).slice(1).toLowerCase();
  if (ending === 'htm') return 'html';
  if (ending === 'txt' || ending === '') return 'text';
  const found = formats.find((format) => format === ending);
  if (found !== undefined) return found;
  throw new Failure('config', `the ending of ${out} says no format`, { hint: `give --format: ${formats.join(', ')}` });
}

/** The id of a person of the directory, given by id or by name. */
export function personGiven({ directory }: Config, text: string): string {
  return given('person', directory.people, text);
}

/** The id of a service of the directory, given by id or by name. */
export function serviceGiven({ directory }: Config, text: string): string {
  return given('service', directory.services, text);
}

function given(what: string, known: readonly { readonly id: string; readonly name: string }[], text: string): string {
  const wanted = text.trim().toLowerCase();
  const found = known.find(({ id }) => id === text) ?? known.find(({ name }) => name.toLowerCase() === wanted);
  if (found !== undefined) return found.id;
  const ids = known.map(({ id }) => id);
  throw new Failure('record', `the directory has no ${what} "${text}"${suggestion(text, ids)}`, {
    key: text,
    hint: `directory.yaml knows ${ids.slice(0, 20).join(', ') || 'none'}`,
  });
}
