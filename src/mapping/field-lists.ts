import { z } from 'zod';
import { Failure, type FieldInfo } from '../kit/index.js';
import { checkFile } from './check-file.js';
import { parseFormulaFile } from './formula-file.js';
import { readText, yamlFilesOf } from './load.js';

const types = ['text', 'number', 'boolean', 'instant', 'date', 'duration', 'reference', 'list', 'object', 'user'] as const;

/** A field of a list as written: its type, or its type with the values it may take. */
const Field = z.union([z.enum(types), z.strictObject({ type: z.enum(types), choices: z.record(z.string(), z.string()).optional() })]);
const FieldList = z.record(z.string(), z.record(z.string(), Field));

/** The fields that a system of this kind has as delivered: by `servicenow.incident`, as mappings say `from:`. */
export interface FieldLists {
  readonly lists: ReadonlyMap<string, readonly FieldInfo[]>;
  readonly problems: readonly Failure[];
}

/**
 * Reads the `*.fields.yaml` of a mappings folder, so that lint works without a system at hand. A system that can be asked knows better: it also
 * has the fields that its people added.
 */
export function readFieldLists(dir: string): FieldLists {
  const files = yamlFilesOf(dir);
  if (files instanceof Failure) return { lists: new Map(), problems: [files] };
  const lists = new Map<string, readonly FieldInfo[]>();
  const problems: Failure[] = [];
  for (const file of files.filter((each) => each.endsWith('.fields.yaml'))) {
    const text = readText(file);
    const parsed = text instanceof Failure ? [text] : parseFormulaFile(file, text);
    if (!('file' in parsed)) {
      problems.push(...parsed);
      continue;
    }
    const checked = checkFile(parsed, FieldList);
    if (!checked.ok) problems.push(...checked.problems);
    else
      for (const [from, fields] of Object.entries(checked.value))
        lists.set(
          from,
          Object.entries(fields).map(([name, field]) => infoOf(name, field)),
        );
  }
  return { lists, problems };
}

function infoOf(name: string, field: z.infer<typeof Field>): FieldInfo {
  const type = typeof field === 'string' ? field : field.type;
  const choices = typeof field === 'string' ? undefined : field.choices;
  return {
    name,
    type,
    ...(type === 'reference' && { open: true }),
    ...(choices !== undefined && { choices: Object.entries(choices).map(([value, label]) => ({ value, label })) }),
  };
}
