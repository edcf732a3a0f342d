/**
 * Plain text as wiki text that shows exactly these characters and means nothing else.
 *
 * Punctuation that can begin markup gets the backslash of Jira's notation guide ("\ escapes a special character"). A `[` and the `~` behind it get
 * one each, so that not even a program that looks for `[~name]` in the raw text finds a mention. What the backslash does not cover becomes a
 * character reference, which Jira's renderer keeps as it is: the backslash itself (two of them are a line break), the colon of an address
 * (else it becomes a link), emoticons, and a `&` that would read as a reference. `followed`: something stands right behind the text.
 */
export function escapeWiki(text: string, followed = false): string {
  const line = followed ? `${text}[` : text;
  let result = '';
  for (let at = 0; at < text.length; at += 1) {
    // Looked for in what is written: a reference ends in a semicolon, too.
    const makesFace = face.has(line.charAt(at)) && /[:;](?:\\?-)?$/.test(result.slice(-3));
    result += makesFace ? reference(line.charAt(at)) : escaped(line, at);
  }
  return result;
}

/** `&#58;` and the like. */
function reference(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}

const always = new Set(['{', '}', '[', ']', '|', '*', '^', '~']);
/** Strikethrough, underline and emphasis need a border of a word; inside of one these are letters. */
const atBorders = new Set(['-', '+', '_']);
/** `(!)`, `(/)`, `(on)`, `(*b)`: pictures. */
const pictureAt = /\((?:[!?xyniXYNI/+*-]|on|off|\*[rgby]|flag|flagoff)\)/y;
/** `:)`, `:-(`, `;)`, `:D`, `:P`: their last sign is taken out of them. */
const face = new Set([')', '(', 'D', 'P', 'p']);
/** `bq.` and `h1.` at the beginning of a line. */
const blockMark = /^(?:bq|h[1-6])$/;

function escaped(line: string, at: number): string {
  const character = line.charAt(at);
  if (character === '\\') return reference('\\');
  if (character === '&') return /&#?\w{1,12};/y.test(line.slice(at, at + 16)) ? '&amp;' : '&';
  if (always.has(character)) return `\\${character}`;
  if (atBorders.has(character)) return isLetter(line, at - 1) && isLetter(line, at + 1) ? character : `\\${character}`;
  // A picture's first mark has something right behind it; a citation's marks come in twos.
  if (character === '!') return /\S/.test(line.charAt(at + 1)) ? '\\!' : '!';
  if (character === '?') return line.charAt(at - 1) === '?' || line.charAt(at + 1) === '?' ? '\\?' : '?';
  // A list or a heading begins a line only, and brackets around an anchor are escaped anyway.
  if (character === '#') return at === 0 ? '\\#' : '#';
  if (character === '.' && at <= 2 && blockMark.test(line.slice(0, at))) return reference('.');
  if (character === '(' && matchesAt(pictureAt, line, at)) return reference('(');
  if (character === ':' && isScheme(line, at)) return reference(':');
  return character;
}

function matchesAt(pattern: RegExp, line: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(line);
}

function isLetter(line: string, at: number): boolean {
  return /[\p{L}\p{N}]/u.test(line.charAt(at));
}

/** Addresses that need no `//`. */
const bareScheme = /(?:mailto|news|nntp|irc|file|ftp|tel|callto|sip|xmpp|data|javascript|vbscript)$/i;

/** `https://`, `mailto:`: what the renderer would make a link of. */
function isScheme(line: string, at: number): boolean {
  return line.startsWith('//', at + 1) || line.charAt(at + 1) === '\\' || bareScheme.test(line.slice(Math.max(0, at - 12), at));
}
