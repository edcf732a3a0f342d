import type { Scalar } from 'yaml';

/**
 * Where the character at `offset` of a scalar's text stands in the file. Exact for plain, quoted and block scalars on lines of their own;
 * where YAML folded lines together, the start of the scalar.
 */
export function offsetInSource(scalar: Scalar.Parsed, file: string, offset: number): number {
  const [start, end] = scalar.range;
  const source = file.slice(start, end);
  switch (scalar.type) {
    case 'PLAIN':
      return source.includes('\n') ? start : start + offset;
    case 'QUOTE_SINGLE':
      return source.includes('\n') ? start : start + 1 + rawLength(source.slice(1), offset, /^''/);
    case 'QUOTE_DOUBLE':
      return source.includes('\n') ? start : start + 1 + rawLength(source.slice(1), offset, /^\\(x..|u....|U........|.)/);
    case 'BLOCK_LITERAL':
      return start + inBlock(source, offset);
    default:
      return start;
  }
}

/** How many characters of `raw` make `count` characters of text, where `escape` stands for one. */
function rawLength(raw: string, count: number, escape: RegExp): number {
  let at = 0;
  for (let made = 0; made < count && at < raw.length; made++) at += escape.exec(raw.slice(at, at + 10))?.[0].length ?? 1;
  return at;
}

/** `|` and its modifiers take the first line; every further line has lost the same indentation. */
function inBlock(source: string, offset: number): number {
  const [header = '', ...lines] = source.split('\n');
  const first = lines.find((line) => line.trim() !== '') ?? '';
  const indent = first.length - first.trimStart().length;
  let at = header.length + 1;
  let left = offset;
  for (const line of lines) {
    const length = Math.max(0, line.length - indent);
    if (left <= length) return at + Math.min(indent, line.length) + left;
    left -= length + 1;
    at += line.length + 1;
  }
  return 0;
}
