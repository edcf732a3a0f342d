/**
 * Text as it may stand in a record: well-formed, composed lines, no NUL and no other control character but tab and newline.
 * Ticket text is written by strangers; a lone surrogate or a NUL breaks JSON stores and hashes further on.
 */
export function clean(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
      // oxlint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '')
  );
}

/** {@link clean} text on one line, runs of white space as one blank. */
export function oneLine(text: string): string {
  return clean(text).replace(/\s+/g, ' ').trim();
}

/**
 * At most `limit` UTF-16 units (Jira counts Java characters, so this is at most `limit` code points too), never half a surrogate pair;
 * what was cut ends in an ellipsis.
 */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = text.slice(0, limit - 1);
  return `${/[\uD800-\uDBFF]$/.test(head) ? head.slice(0, -1) : head}…`;
}

/** The summary field's limit and its form: one line. */
export const summaryLimit = 255;
