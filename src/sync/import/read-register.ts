import { basename, dirname, resolve } from 'node:path';
import { loadConnector } from '../../config/index.js';
import { Failure, type Rejection, type SourceRecord, type Stream } from '../../kit/index.js';
import type { RegisterMapping } from '../../mapping/index.js';
import { contextOf, systemOf } from '../systems.js';
import type { World } from '../world.js';

/** Where an earlier register is read from: a file, or a stream of a configured system. */
export type RegisterSource =
  | { readonly is: 'file'; readonly file: string; readonly key: string; readonly sheet?: string }
  | { readonly is: 'stream'; readonly system: string; readonly stream: string };

/** Everything that the source holds, and the mapping that says what its columns mean. */
export interface ReadRegister {
  readonly mapping: RegisterMapping;
  readonly rows: readonly SourceRecord[];
  readonly rejected: readonly Rejection[];
}

const streamOfFiles = 'register';

/**
 * Reads all rows once; nothing is stored. Files are read by the file connector, so that CSV, XLSX and JSON mean the same here as in an inbox.
 * Fails with `config` when no mapping to `register-entry` reads the source, the connector refuses the file, or it holds no row.
 */
export async function readRegister(world: World, source: RegisterSource): Promise<ReadRegister> {
  const { stream, from } = source.is === 'file' ? await streamOfFile(world, source) : streamOfSystem(world, source);
  const mapping = world.mappings.find((each): each is RegisterMapping => each.kind === 'register-entry' && each.from === from);
  if (mapping === undefined)
    throw new Failure('config', `no mapping says what the columns of ${from} mean`, {
      hint: `write one with from: ${from}, to: register-entry; mappings/file/register.yaml is an example`,
    });
  const rows: SourceRecord[] = [];
  const rejected: Rejection[] = [];
  for (let cursor: Parameters<Stream['read']>[0], done = false; !done;) {
    const page = await stream.read(cursor, { since: '1970-01-01T00:00:00.000Z', pageSize: 500, signal: world.signal });
    rows.push(...page.records);
    rejected.push(...page.rejected);
    ({ cursor, done } = page);
  }
  if (rows.length + rejected.length === 0)
    throw new Failure('config', `${nameOfSource(source)} holds no row`, {
      hint: 'is it the right sheet, and readable for this account?',
    });
  return { mapping, rows, rejected };
}

/** How people call it: `register-2025.xlsx`, `servicenow-prod/sn_cim_register`. */
export function nameOfSource(source: RegisterSource): string {
  return source.is === 'file' ? basename(source.file) : `${source.system}/${source.stream}`;
}

async function streamOfFile(world: World, { file, key, sheet }: Extract<RegisterSource, { readonly is: 'file' }>) {
  const connector = await loadConnector('file', undefined);
  const path = resolve(file);
  const checked = connector.config.safeParse({
    inbox: dirname(path),
    quietSeconds: 0,
    streams: { [streamOfFiles]: { files: basename(path), key: [key], ...(sheet !== undefined && { sheet }) } },
  });
  if (!checked.success)
    throw new Failure('config', `${basename(path)} cannot be read: ${checked.error.issues[0]?.message ?? ''}`, {
      hint: 'give a CSV, XLSX, JSON or NDJSON file; its ending tells which it is',
    });
  const { log, signal, clock } = world;
  const nothing = { get: () => Promise.resolve(undefined), put: () => Promise.resolve() };
  const context = contextOf('import', 'file', world.mappings, { log, signal, clock, credentials: () => nothing }, (text) => text);
  const stream = connector.open(checked.data, context).streams[0];
  if (stream === undefined) throw new Error('the file connector opened no stream');
  return { stream, from: `file.${streamOfFiles}` };
}

function streamOfSystem(world: World, { system, stream }: Extract<RegisterSource, { readonly is: 'stream' }>) {
  const { connector, kind } = systemOf(world.systems, system);
  const found = connector.streams.find(({ name }) => name === stream);
  if (found === undefined)
    throw new Failure('config', `${system} has no stream "${stream}"`, {
      hint: `it has ${connector.streams.map(({ name }) => name).join(', ')}`,
    });
  return { stream: found, from: `${kind}.${stream}` };
}
