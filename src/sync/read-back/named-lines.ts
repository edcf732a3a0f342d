/** One line of a list that people keep in a text field. */
export interface NamedLine {
  /** What the line says beside its address; the address itself where it says nothing else. */
  readonly title: string;
  readonly url?: string;
}

/** Addresses of the web only: `javascript:` and files are text like any other. */
const address = /https?:\/\/[^\s<>"')\]|]+/i;

/**
 * The lines of a text field as a list: bullets and empty lines are left out, an address is told apart from its title. `Runbook (https://…)`,
 * `https://… Runbook` and `- Runbook` are all the line Runbook. Written by strangers: at most 100 lines of at most 500 characters are taken.
 */
export function namedLines(text: string): readonly NamedLine[] {
  return text
    .split('\n')
    .slice(0, 100)
    .flatMap((line): readonly NamedLine[] => {
      const plain = line
        .slice(0, 500)
        .trim()
        .replace(/^(?:[-*•]|\d+[.)])\s+/, '');
      const url = address.exec(plain)?.[0];
      const title = (url === undefined ? plain : plain.replace(url, ' '))
        .replace(/\(\s*\)|\[\s*\]|\|/g, ' ')
        .replace(/\s+/g, ' ')
        .trim();
      const named = title.replace(/^[:,;–-]\s*|\s*[:,;–-]$/g, '').trim();
      if (named === '' && url === undefined) return [];
      return [{ title: named === '' ? (url ?? '') : named, ...(url === undefined ? {} : { url }) }];
    });
}
