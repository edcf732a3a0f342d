import { readFileSync } from 'node:fs';
import { isNode, LineCounter, parseDocument, visit, isScalar, isMap, isPair } from 'yaml';
import type { Document } from 'yaml';
import { Failure } from '../kit/index.js';

/** The way to a value in a file: keys and indices. */
export type YamlPath = readonly (string | number)[];

/** A file that a person edits, parsed, with the places of its values. */
export interface YamlFile {
  readonly file: string;
  readonly value: unknown;
  /** `file:line:col` of the value at `path`, or of the nearest one around it that exists. `key`: of its key rather than its value. */
  placeOf(path: YamlPath, at?: 'key' | 'value'): string;
}

/**
 * Reads and parses one YAML file. `replace` sees every text scalar after parsing, so that what it puts in can never become structure.
 * Fails with `config` and the place: unreadable file, syntax error, a key given twice, whatever `replace` refuses.
 */
export function readYaml(file: string, replace?: (text: string, place: string) => string): YamlFile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : `cannot be read: ${(error as Error).message}`;
    throw new Failure('config', reason, { place: file, hint: 'create it, or name another place with --config', cause: error });
  }
  return parseYaml(file, text, replace);
}

/** {@link readYaml} for a text at hand. */
export function parseYaml(file: string, text: string, replace?: (text: string, place: string) => string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const placeAt = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const [problem] = document.errors;
  if (problem !== undefined) {
    throw new Failure('config', `is not valid YAML: ${problem.message}`, { place: placeAt(problem.pos[0]), hint: hintFor(problem.code) });
  }
  if (replace !== undefined) {
    visit(document, {
      Scalar(key, node) {
        if (key !== 'key' && typeof node.value === 'string') node.value = replace(node.value, placeAt(node.range?.[0] ?? 0));
      },
    });
  }
  return {
    file,
    value: document.toJS({ maxAliasCount: 100 }) as unknown,
    placeOf: (path, at = 'value') => placeAt(offsetOf(document, path, at)),
  };
}

function offsetOf(document: Document, path: YamlPath, at: 'key' | 'value'): number {
  for (let length = path.length; length > 0; length -= 1) {
    const here = path.slice(0, length);
    const parent = length === 1 ? document.contents : document.getIn(here.slice(0, -1), true);
    if (at === 'key' && isMap(parent)) {
      const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === here[length - 1]);
      if (pair !== undefined && isScalar(pair.key)) return pair.key.range?.[0] ?? 0;
    }
    const node = document.getIn(here, true);
    if (isNode(node)) return node.range?.[0] ?? 0;
  }
  return document.contents?.range?.[0] ?? 0;
}

function hintFor(code: string): string {
  if (code === 'DUPLICATE_KEY') return 'keep one of the two';
  if (code === 'MULTILINE_IMPLICIT_KEY' || code === 'BAD_SCALAR_START' || code === 'UNEXPECTED_TOKEN' || code === 'BLOCK_AS_IMPLICIT_KEY')
    return "put a text that holds ': ', ' #', or starts with a special character into single quotes";
  if (code === 'BAD_INDENT' || code === 'TAB_AS_INDENT') return 'indent with spaces, the same number for what belongs together';
  return 'correct the syntax at this place';
}
