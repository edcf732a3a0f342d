/** Files that are being written, by convention: temporary endings and hidden files. Never read, whatever the pattern says. */
const unfinished = /^[.~]|\.(tmp|part|partial|crdownload|filepart)$/i;

/** Whether a name fits the pattern: `*` is any text, `?` one character, case does not count. */
export function matcherOf(pattern: string): (name: string) => boolean {
  const source = pattern.replaceAll(/\*+|[\\^$.|?+()[\]{}]/g, (one) => (one.startsWith('*') ? '.*' : one === '?' ? '.' : `\\${one}`));
  const whole = new RegExp(`^${source}$`, 'isu');
  return (name) => !unfinished.test(name) && whole.test(name);
}

/** Whether the name says that the file is still being written. */
export function isUnfinished(name: string): boolean {
  return unfinished.test(name);
}

/** `csv` for `findings*.CSV`; empty when there is none. */
export function endingOf(name: string): string {
  return /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
}
