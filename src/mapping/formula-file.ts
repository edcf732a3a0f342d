import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type ParsedNode,
  type Scalar,
  type YAMLError,
} from 'yaml';
import { Failure } from '../kit/index.js';
import type { YamlFile, YamlPath } from '../yaml/index.js';
import { forbiddenKeys } from './formula/index.js';
import { offsetInSource } from './scalar-offset.js';

/** A YAML file whose texts may be formulas: it also knows where a character of a formula stands in the file. */
export interface FormulaFile extends YamlFile {
  /** `file:line:col` of the character at `offset` of the text at `path`. */
  placeIn(path: YamlPath, offset: number): string;
}

/** Larger files are refused unread: a mapping is a few kilobytes. */
const largestFile = 256 * 1024;
const deepest = 30;

/**
 * Parses a mapping or a test file. Keys keep their spelling (`007` and `-1` in tables are choices, not numbers), every key stands once, and names
 * that reach into JavaScript are refused, as are aliases, with which a small file can grow without bounds. Answers the file, or every problem found.
 */
export function parseFormulaFile(file: string, text: string): FormulaFile | readonly Failure[] {
  const lines = new LineCounter();
  const placeAt = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (text.length > largestFile) {
    return [
      new Failure('config', `the file has ${text.length} characters, ${largestFile} are allowed`, {
        place: `${file}:1:1`,
        hint: 'split it, or move lists out of it',
      }),
    ];
  }
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  if (document.errors.length > 0) return document.errors.map((error) => syntaxFailure(error, text, placeAt(error.pos[0])));
  const problems: Failure[] = [];
  const refuse = (node: ParsedNode | null, what: string, hint: string): undefined => {
    problems.push(new Failure('config', what, { place: placeAt(node?.range[0] ?? 0), hint }));
    return undefined;
  };
  const valueOf = (node: ParsedNode | null, depth: number): unknown => {
    if (node === null) return null;
    if (depth > deepest) return refuse(node, 'the file is nested too deeply', `use at most ${deepest} levels`);
    if (isAlias(node)) return refuse(node, 'aliases (*name) are not allowed', 'write the value out');
    if (isScalar(node)) return typeof node.value === 'bigint' ? String(node.value) : node.value;
    if (isSeq(node)) return node.items.map((item) => valueOf(item as ParsedNode, depth + 1));
    const result: Record<string, unknown> = {};
    for (const { key, value } of node.items) {
      if (!isScalar(key)) refuse(key, 'a key must be one text', 'write key: value');
      else if (forbiddenKeys.has(keyText(key))) refuse(key, `the key ${keyText(key)} is not allowed`, 'choose another name');
      else result[keyText(key)] = valueOf(value, depth + 1);
    }
    return result;
  };
  const value = valueOf(document.contents, 0);
  if (problems.length > 0) return problems;
  return {
    file,
    value,
    placeOf: (path, at = 'value') => placeAt(find(document, path, at)?.range?.[0] ?? 0),
    placeIn: (path, offset) => {
      const node = find(document, path, 'value');
      return placeAt(isScalar(node) ? offsetInSource(node as Scalar.Parsed, text, offset) : (node?.range?.[0] ?? 0));
    },
  };
}

/** As written: in a table `1.0`, `007` and `true` are texts that the remote system delivers. */
function keyText(key: Scalar): string {
  return key.type === 'PLAIN' && key.source !== undefined ? key.source : String(key.value);
}

type Found = { readonly range?: readonly [number, number, number] | null | undefined };

/** The node at the path, or the nearest one around it. */
function find(document: Document.Parsed, path: YamlPath, at: 'key' | 'value'): Found | undefined {
  let node: Found | null = document.contents;
  for (const [index, part] of path.entries()) {
    let next: Found | null | undefined;
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && keyText(item.key) === String(part));
      const last = index === path.length - 1;
      next = (pair === undefined ? undefined : last && at === 'key' ? pair.key : (pair.value ?? pair.key)) as Found | undefined;
    } else if (isSeq(node)) next = node.items[Number(part)] as Found | undefined;
    if (next === undefined || next === null) break;
    node = next;
  }
  return node ?? undefined;
}

function syntaxFailure(error: YAMLError, text: string, place: string): Failure {
  const start = text.lastIndexOf('\n', error.pos[0] - 1) + 1;
  const line = text.slice(start, (text.indexOf('\n', error.pos[0]) + 1 || text.length + 1) - 1);
  const formula = /[:-]\s+=/.test(line);
  const hint =
    error.code === 'DUPLICATE_KEY'
      ? 'keep one of the two'
      : formula
        ? "put the formula in single quotes, or below a |: in YAML ': ', ' #' and commas inside { } mean something"
        : 'correct the YAML here; indent with spaces, quote texts with special characters';
  return new Failure('config', `is not valid YAML: ${error.message.split('\n')[0] ?? error.code}`, { place, hint });
}
