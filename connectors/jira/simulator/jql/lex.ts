/** One word, string, number or sign of a query. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'sign' | 'end';
  readonly text: string;
  /** Zero-based. */
  readonly at: number;
}

/** A query that cannot be read; Jira answers 400 with this sentence. */
export interface SyntaxProblem {
  readonly problem: string;
}

const signs = ['!=', '!~', '>=', '<=', '&&', '||', '=', '~', '>', '<', '(', ')', ',', '!'];
/** Characters that JQL reserves: they must be quoted. `cf[10050]` is the one word that may hold brackets. */
const reserved = /[+;?*%^$#@{}`|&]/;
const wordEnd = /[\s=!~<>(),"'|&]/;

/** Splits a query into tokens, an `end` token last. */
export function readTokens(jql: string): readonly Token[] | SyntaxProblem {
  const tokens: Token[] = [];
  let at = 0;
  while (at < jql.length) {
    const character = jql[at] ?? '';
    if (/\s/.test(character)) {
      at += 1;
      continue;
    }
    if (character === '"' || character === "'") {
      const quoted = readQuoted(jql, at);
      if (quoted === undefined)
        return { problem: `Error in the JQL Query: The quoted string '${jql.slice(at + 1)}' has not been completed. ${place(jql, at)}` };
      tokens.push({ kind: 'quoted', text: quoted.text, at });
      at = quoted.next;
      continue;
    }
    const sign = signs.find((candidate) => jql.startsWith(candidate, at));
    if (sign !== undefined) {
      tokens.push({ kind: 'sign', text: sign, at });
      at += sign.length;
      continue;
    }
    let end = at;
    while (end < jql.length && !wordEnd.test(jql[end] ?? '')) end += 1;
    const text = jql.slice(at, Math.max(end, at + 1));
    const odd = text.search(reserved);
    if (odd >= 0) return { problem: reservedProblem(jql, at + odd) };
    tokens.push({ kind: 'word', text, at });
    at = end;
  }
  return [...tokens, { kind: 'end', text: '', at: jql.length }];
}

/** `(line 1, character 15)`, counted from one, as recorded. */
export function place(jql: string, at: number): string {
  const lines = jql.slice(0, at).split('\n');
  return `(line ${lines.length}, character ${(lines.at(-1) ?? '').length + 1})`;
}

function reservedProblem(jql: string, at: number): string {
  const character = jql[at] ?? '';
  const escape = `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `Error in the JQL Query: The character '${character}' is a reserved JQL character. You must enclose it in a string or use the escape '${escape}' instead. ${place(jql, at)}`;
}

function readQuoted(jql: string, start: number): { readonly text: string; readonly next: number } | undefined {
  const quote = jql[start];
  let text = '';
  for (let at = start + 1; at < jql.length; at += 1) {
    const character = jql[at] ?? '';
    if (character === '\\') {
      const next = jql[at + 1] ?? '';
      text += next === 'n' ? '\n' : next === 't' ? '\t' : next;
      at += 1;
    } else if (character === quote) return { text, next: at + 1 };
    else text += character;
  }
  return undefined;
}
