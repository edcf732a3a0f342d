/**
 * The beginning of a remote text as it may stand in a message: on one line, without control, escape, line-separator or bidirectional
 * characters (log and terminal injection), credentials taken out before it is cut, so that none is cut in half and missed.
 */
export function safeText(text: string, length: number, redact: (text: string) => string): string {
  const line = redact(text.slice(0, 8192))
    .toWellFormed()
    // eslint-disable-next-line no-control-regex
    .replaceAll(/[\s\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/gu, ' ')
    .trim();
  return line.length <= length ? line : `${line.slice(0, length).toWellFormed()}…`;
}
