import type { z } from 'zod';
import { Failure } from '../kit/index.js';
import { checkYaml } from '../yaml/index.js';
import type { FormulaFile } from './formula-file.js';

const guide = 'see mappings/README.md for what may stand here';

/** The file's content as `schema` reads it, or every problem with its place and what to do. */
export function checkFile<T>(
  source: FormulaFile,
  schema: z.ZodType<T>,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Failure[] } {
  const checked = checkYaml(source, schema);
  if (checked.ok) return checked;
  const problems = checked.problems.map(({ message, details }) => {
    const listsKeys = details.hint?.startsWith('known here') === true;
    return new Failure('config', message, { ...details, hint: listsKeys ? (details.hint ?? guide) : guide });
  });
  return { ok: false, problems };
}
