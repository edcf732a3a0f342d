/** The words of a text, lower case: letters and digits of any script. */
export function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
}

/**
 * A matcher for `~`: every word must occur, in any order; `word*` is a prefix; `"a phrase"` in inner quotes must occur as it stands.
 * Undefined when the search text holds no word.
 */
export function matchWords(wanted: string): ((text: string) => boolean) | undefined {
  const phrases = [...wanted.matchAll(/"([^"]*)"/g)].map((match) => wordsOf(match[1] ?? ''));
  const rest = wanted.replaceAll(/"[^"]*"/g, ' ');
  const tests = (rest.toLowerCase().match(/[\p{L}\p{N}_]+\*?/gu) ?? []).map((word) =>
    word.endsWith('*') ? { prefix: word.slice(0, -1) } : { word },
  );
  if (tests.length === 0 && phrases.every((phrase) => phrase.length === 0)) return undefined;
  return (text) => {
    const words = wordsOf(text);
    const holds = (test: { readonly prefix: string } | { readonly word: string }): boolean =>
      'word' in test ? words.includes(test.word) : words.some((word) => word.startsWith(test.prefix));
    return (
      tests.every(holds) && phrases.every((phrase) => words.some((_, at) => phrase.every((word, index) => words[at + index] === word)))
    );
  };
}
