const longest = 200;

/** One line of text that a stranger wrote, fit for a title: no line breaks, no control characters, not too long. */
export function oneLine(text: string, length: number = longest): string {
  const flat = text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = Array.from(flat);
  return characters.length <= length ? flat : `${characters.slice(0, length - 1).join('')}…`;
}
