/** Finds the traces of a person in text: names, account ids, addresses, however they are spelled and escaped. */
export interface PersonMatcher {
  /** Whether the text holds a trace. */
  finds(text: string): boolean;
  /** Whether the whole text is one of the names. */
  is(text: string): boolean;
  /** The text with each trace replaced. */
  replace(text: string, by: string): string;
}

/**
 * Makes a matcher of names, account ids and e-mail addresses. Case does not matter; a name of several words is found across any blanks, percent- or
 * JSON-escaped, and as "Last, First"; a part of a longer word is another person's name.
 */
export function personMatcher(terms: readonly string[]): PersonMatcher {
  const patterns = terms
    .map((term) => term.normalize('NFC').trim())
    .filter((term) => term !== '')
    .flatMap(patternsOf);
  const anywhere = new RegExp(patterns.join('|') || '(?!)', 'giu');
  const whole = new RegExp(`^\\s*(?:${patterns.join('|') || '(?!)'})\\s*$`, 'iu');
  return {
    finds: (text) => {
      anywhere.lastIndex = 0;
      return anywhere.test(text);
    },
    is: (text) => whole.test(text),
    replace: (text, by) => text.replace(anywhere, () => by),
  };
}

const blank = String.raw`(?:[\s\u00a0]|%20|\+|&nbsp;|\\u00a0)+`;

function patternsOf(term: string): readonly string[] {
  const words = term.split(/\s+/);
  const [first] = words;
  if (words.length === 1 || first === undefined) {
    // A dot or a hyphen joins: `jane` is not `jane.doe`. An address stands for itself.
    const joins = term.includes('@') ? '' : String.raw`|[\p{L}\p{N}][.\-]`;
    const after = term.includes('@') ? '' : String.raw`|[.\-][\p{L}\p{N}]`;
    return [String.raw`(?<![\p{L}\p{N}_]${joins})${spelled(term)}(?![\p{L}\p{N}_]${after})`];
  }
  const orders = [
    words.map(spelled).join(blank),
    `${spelled(words.at(-1) ?? '')}(?:,|%2C)?${blank}${words.slice(0, -1).map(spelled).join(blank)}`,
  ];
  return orders.map((order) => String.raw`(?<![\p{L}\p{N}])${order}(?![\p{L}\p{N}])`);
}

/** A word with every way in which its letters may be written. */
function spelled(word: string): string {
  return Array.from(word, letter).join('');
}

function letter(char: string): string {
  const plain = escaped(char);
  if (/[a-z0-9]/i.test(char)) return plain;
  const units = [...Array(char.length).keys()].map((at) => `\\\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');
  const percent = encodeURIComponent(char);
  const ways = new Set([
    plain,
    escaped(char.normalize('NFD')),
    escaped(char.toUpperCase()),
    units,
    ...(percent === char ? [] : [escaped(percent)]),
  ]);
  if (char === '@') ways.add('%40');
  return `(?:${[...ways].join('|')})`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, (special) => (special === '-' ? String.raw`\x2d` : `\\${special}`));
}
