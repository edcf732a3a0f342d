import { createHash } from 'node:crypto';
import type { ConnectorContext } from 'golden-thread/kit';
import { type FileConfig, type Format, formatOf, oscalRecords } from './config.js';
import { fieldName } from './names.js';
import { matcherOf } from './pattern.js';

/** One configured stream, with everything that is a default spelled out. Columns are named as in records. */
export interface Spec {
  readonly name: string;
  readonly about: string;
  readonly files: string;
  readonly matches: (name: string) => boolean;
  readonly format: Format;
  readonly key: readonly string[];
  readonly updated: string | undefined;
  readonly number: string | undefined;
  readonly url: string | undefined;
  readonly delimiter: string | undefined;
  readonly encoding: 'utf-8' | 'utf-16' | 'windows-1252';
  readonly sheet: string | undefined;
  readonly records: string | undefined;
  /** Fields that records hold, by their first part; undefined: all. */
  readonly wanted: ReadonlySet<string> | undefined;
  /** Changes with anything that changes what a file is read as: then everything is read again. */
  readonly hash: string;
}

/** The streams of a configuration. `wanted`: per stream, what mappings read. */
export function specsOf(config: FileConfig, wanted: ConnectorContext['wanted']): readonly Spec[] {
  return Object.entries(config.streams).map(([name, stream]) => {
    const format = formatOf(stream) ?? 'csv';
    const isTable = format === 'csv' || format === 'xlsx';
    const named = (column: string): string => (isTable ? fieldName(column) : column);
    const oscal: readonly string[] | undefined = format in oscalRecords ? oscalRecords[format as keyof typeof oscalRecords] : undefined;
    const heads = [...new Set((wanted[name] ?? []).map((path) => path.split('.', 1)[0] ?? path))].sort();
    const plain = {
      files: stream.files,
      format,
      key: (stream.key ?? ['uuid']).map(named),
      updated: stream.updated === undefined ? undefined : named(stream.updated),
      number: stream.number === undefined ? undefined : named(stream.number),
      url: stream.url?.replaceAll(/\{([^}]*)\}/g, (_whole, column: string) => `{${named(column)}}`),
      delimiter: stream.delimiter,
      encoding: stream.encoding ?? 'utf-8',
      sheet: stream.sheet,
      records: stream.records ?? oscal?.[0],
    };
    return {
      name,
      about: stream.about ?? `Rows of ${stream.files}`,
      ...plain,
      matches: matcherOf(stream.files),
      wanted: heads.length === 0 ? undefined : new Set(heads),
      hash: createHash('sha256')
        .update(JSON.stringify([plain, heads]))
        .digest('hex')
        .slice(0, 16),
    } as const;
  });
}
