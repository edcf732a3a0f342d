import { z } from 'zod';
import { Failure } from '../kit/index.js';
import { suggestion } from './did-you-mean.js';
import type { YamlFile, YamlPath } from './yaml-file.js';

/** A value that fits its schema, or every reason why it does not. */
export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Failure[] };

/** Checks a parsed file against `schema`. Each problem is one sentence with `file:line:col`, the path, and what was expected. */
export function checkYaml<T>(yaml: YamlFile, schema: z.ZodType<T>, below: YamlPath = []): Checked<T> {
  const value = below.reduce<unknown>((at, key) => (at as Record<string | number, unknown> | undefined)?.[key], yaml.value);
  const parsed = schema.safeParse(value ?? (below.length === 0 ? {} : undefined));
  if (parsed.success) return { ok: true, value: parsed.data };
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(yaml, schema, issue, below));
  return { ok: false, problems };
}

type Issue = z.core.$ZodIssue;

function problemsOf(yaml: YamlFile, schema: z.ZodType, issue: Issue, below: YamlPath): Failure[] {
  const path = issue.path.filter((part): part is string | number => typeof part !== 'symbol');
  const full = [...below, ...path];
  if (issue.code === 'unrecognized_keys') {
    const known = [...new Set(keysAt(schema, path))];
    return issue.keys.map(
      (key) =>
        new Failure('config', `${spell([...full, key])}: there is no such setting${suggestion(key, known)}`, {
          place: yaml.placeOf([...full, key], 'key'),
          hint: known.length === 0 ? 'remove it' : `known here: ${known.join(', ')}`,
        }),
    );
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // The branch that got furthest is the one that was meant.
    const nearest = [...issue.errors].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0] ?? [];
    return nearest.flatMap((inner) => problemsOf(yaml, schema, { ...inner, path: [...issue.path, ...inner.path] } as Issue, below));
  }
  return [
    new Failure('config', `${spell(full)}: ${sentence(issue)}`, {
      place: yaml.placeOf(full),
      hint: 'see the annotated example in the configuration guide',
    }),
  ];
}

function depth(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

function sentence(issue: Issue): string {
  if (issue.code === 'invalid_type' && issue.input === undefined && /received undefined/.test(issue.message)) return 'is missing';
  return issue.message.replace(/^Invalid (input|option): /, '');
}

function spell(path: YamlPath): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part + 1}]` : index === 0 ? part : `.${part}`)).join('') || 'the file';
}

/** The settings that a schema knows at a path, for "did you mean". */
function keysAt(schema: z.ZodType, path: YamlPath): string[] {
  let at: unknown = schema;
  for (const part of path) at = inside(unwrap(at), part);
  const here = unwrap(at);
  if (here instanceof z.ZodUnion) return here.options.flatMap((option) => keysAt(option as z.ZodType, []));
  return here instanceof z.ZodObject ? Object.keys(here.shape as object) : [];
}

function inside(schema: unknown, part: string | number): unknown {
  if (schema instanceof z.ZodObject) return (schema.shape as Record<string, unknown>)[part];
  if (schema instanceof z.ZodArray) return schema.element;
  if (schema instanceof z.ZodRecord) return schema.valueType;
  if (schema instanceof z.ZodUnion)
    return schema.options.map((option) => inside(unwrap(option), part)).find((found) => found !== undefined);
  return undefined;
}

function unwrap(schema: unknown): unknown {
  if (schema instanceof z.ZodPipe) return unwrap(schema.in);
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodReadonly
  )
    return unwrap(schema.unwrap());
  return schema;
}
