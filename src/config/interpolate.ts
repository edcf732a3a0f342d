import { readFileSync } from 'node:fs';
import { Failure } from '../kit/index.js';

/** Where `${…}` gets its values. */
export interface Sources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads a secret file; the default reads the file system. */
  readonly readFile?: (path: string) => string;
}

const pattern = /\$\$\{|\$\{([^}]*)\}/g;

/**
 * Replaces `${NAME}`, `${NAME:-default}`, `${NAME:?message}` and `${file:/run/secrets/x}` in one text; `$${` stands for a literal `${`.
 * A variable that is not set and has no default is an error, never an empty text: an empty password is worse than a refusal.
 */
export function interpolate(text: string, place: string, sources: Sources): string {
  return text.replace(pattern, (whole, inner: string | undefined) => (inner === undefined ? '${' : valueOf(inner, whole, place, sources)));
}

function valueOf(inner: string, whole: string, place: string, sources: Sources): string {
  if (inner.startsWith('file:')) return fromFile(inner.slice('file:'.length), place, sources);
  const match = /^([A-Za-z_][A-Za-z0-9_]*)(?::([-?])([\s\S]*))?$/.exec(inner);
  if (match === null) {
    throw new Failure('config', `${whole} is not understood`, {
      place,
      hint: 'write ${NAME}, ${NAME:-default}, ${NAME:?message} or ${file:/path}; write $${ for a literal ${',
    });
  }
  const [, name = '', operator, rest = ''] = match;
  const value = sources.env[name];
  if (value !== undefined && value !== '') return value;
  if (operator === '-') return rest;
  throw new Failure('config', operator === '?' ? `\${${name}} is not set: ${rest}` : `\${${name}} is not set`, {
    place,
    hint: `set the environment variable ${name}, give a default as \${${name}:-…}, or read it from a file as \${file:/run/secrets/…}`,
  });
}

function fromFile(path: string, place: string, sources: Sources): string {
  const read = sources.readFile ?? ((file: string) => readFileSync(file, 'utf8'));
  try {
    // Editors and secret stores end files with a line break that is no part of the secret.
    return read(path).replace(/\r?\n$/, '');
  } catch (error) {
    throw new Failure('config', `the file ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`, {
      place,
      hint: 'mount the secret at that path, readable by the user that runs golden-thread',
    });
  }
}
