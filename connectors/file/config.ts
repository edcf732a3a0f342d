import { isAbsolute } from 'node:path';
import { z } from 'golden-thread/kit';
import { endingOf } from './pattern.js';

/** How a file is read. */
export type Format = z.infer<typeof Format>;
export const Format = z.enum(['csv', 'xlsx', 'json', 'ndjson', 'oscal-assessment-results', 'oscal-poam']);

/** Which objects of an OSCAL document a stream delivers; the first is the default. */
export const oscalRecords = {
  'oscal-assessment-results': ['findings', 'observations', 'risks'],
  'oscal-poam': ['poam-items', 'observations', 'risks'],
} as const satisfies Partial<Record<Format, readonly string[]>>;

const formatByEnding: Readonly<Record<string, Format>> = {
  csv: 'csv',
  tsv: 'csv',
  txt: 'csv',
  xlsx: 'xlsx',
  json: 'json',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
};

/** The format of a stream's files; undefined when neither it nor the ending of the pattern tells. */
export function formatOf({ files, format }: { readonly files: string; readonly format?: Format | undefined }): Format | undefined {
  return format ?? formatByEnding[endingOf(files)];
}

const column = z.string().trim().min(1).max(200);
/** Which formats a setting is for; elsewhere it would silently mean nothing. */
const settingsFor: Readonly<Record<string, readonly Format[]>> = {
  delimiter: ['csv'],
  encoding: ['csv', 'ndjson'],
  sheet: ['xlsx'],
  records: ['json', 'oscal-assessment-results', 'oscal-poam'],
};

/** One kind of record in the inbox. */
export type FileStream = z.infer<typeof FileStream>;
export const FileStream = z
  .strictObject({
    files: z.string().regex(/^[^/\\\0]{1,200}$/, 'the name of files in the inbox, with * and ?, without a folder'),
    about: z.string().min(1).optional(),
    format: Format.optional(),
    key: z.array(column).min(1).max(8).optional(),
    updated: column.optional(),
    number: column.optional(),
    url: z
      .string()
      .regex(
        /^https?:\/\/[^{}]+(\{[^{}]+\}[^{}]*)*$/,
        'an http or https address, with columns in braces: https://grc.example.com/{Finding ID}',
      )
      .optional(),
    delimiter: z.string().length(1).optional(),
    encoding: z.enum(['utf-8', 'utf-16', 'windows-1252']).optional(),
    sheet: z.string().min(1).max(31).optional(),
    records: z.string().min(1).max(200).optional(),
  })
  .superRefine((stream, context) => {
    const problem = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message });
    const format = formatOf(stream);
    if (format === undefined)
      return problem('format', `needed: the ending of ${stream.files} does not tell it (${Format.options.join(', ')})`);
    const records: readonly string[] | undefined = format in oscalRecords ? oscalRecords[format as keyof typeof oscalRecords] : undefined;
    if (stream.key === undefined && records === undefined) problem('key', 'needed: the columns that tell one row from another');
    if (records !== undefined && stream.records !== undefined && !records.includes(stream.records))
      problem('records', `expected one of ${records.join(', ')}`);
    for (const [setting, formats] of Object.entries(settingsFor))
      if (stream[setting as keyof typeof stream] !== undefined && !formats.includes(format))
        problem(setting, `means nothing for ${format}`);
  });

const streamName = z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'lower-case words joined by hyphens');

/** `config:` of a file system in golden-thread.yaml. */
export type FileConfig = z.infer<typeof FileConfig>;
export const FileConfig = z.strictObject({
  /** The folder, absolute; its subfolders are not read. */
  inbox: z.string().refine((path) => isAbsolute(path) && !path.includes('\0'), 'an absolute path, such as /data/inbox'),
  streams: z.record(streamName, FileStream).refine((streams) => Object.keys(streams).length > 0, 'expected at least one stream'),
  /** A file that was touched within this time is half-written. */
  quietSeconds: z.number().min(0).max(86_400).default(30),
  /** A larger file is set aside. */
  maxBytes: z.int().min(1024).max(1_073_741_824).default(67_108_864),
});
