/** Phrase marks: `*strong*`, `_emphasis_`, `-deleted-`, `+inserted+`, `^super^`, `~sub~`. */
const marks = new Set(['*', '_', '-', '+', '^', '~']);
/** `{{mono}}`, `??citation??`. */
const doubled = ['{{', '}}', '??'];
const referenceAt = /&(?:#(\d{1,7})|(amp|lt|gt|quot|nbsp));/y;
const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' };
/** Longer brackets and images are nobody's: they stay as they were typed, and a text full of `[` is read in one pass. */
const reach = 1000;
/** Nor does anybody emphasise more than this. */
const emphasised = 300;

/** The text that one line of wiki text shows. */
export function inlineText(line: string): string {
  let text = '';
  let at = 0;
  const open = new Set<string>();
  while (at < line.length) {
    const step = stepAt(line, at, open);
    text += step.text;
    at += step.length;
  }
  return text;
}

interface Step {
  readonly text: string;
  readonly length: number;
}

function stepAt(line: string, at: number, open: Set<string>): Step {
  const character = line.charAt(at);
  switch (character) {
    case '\\':
      return backslashAt(line, at);
    case '&':
      return referencedAt(line, at);
    case '[':
      return linkAt(line, at);
    case '!':
      return imageAt(line, at);
    default:
  }
  if (doubled.includes(line.slice(at, at + 2))) return { text: '', length: 2 };
  return marks.has(character) && isMark(line, at, open) ? { text: '', length: 1 } : { text: character, length: 1 };
}

/** Two are a line break; one takes the meaning from the character behind it. */
function backslashAt(line: string, at: number): Step {
  const next = line.charAt(at + 1);
  if (next === '\\') return { text: '\n', length: 2 };
  return /[^\p{L}\p{N}\s]/u.test(next) ? { text: next, length: 2 } : { text: '\\', length: 1 };
}

function referencedAt(line: string, at: number): Step {
  referenceAt.lastIndex = at;
  const match = referenceAt.exec(line);
  if (match === null) return { text: '&', length: 1 };
  const code = Number(match[1]);
  const text = match[2] === undefined ? (code > 31 && code < 0xd800 ? String.fromCharCode(code) : ' ') : (named[match[2]] ?? '&');
  return { text, length: match[0].length };
}

/** `[text|address]` shows the text, `[address]` the address, `[~name]` the name of who is mentioned, `[^file]` the file. */
function linkAt(line: string, at: number): Step {
  const end = line.slice(at, at + reach).indexOf(']');
  const inside = line.slice(at + 1, at + end);
  if (end < 2 || /[\\[\n]/.test(inside)) return { text: '[', length: 1 };
  const shown = inside.split('|')[0] ?? '';
  const text = inside.startsWith('~') ? `@${inside.slice(1).replace(/^accountid:/, '')}` : shown.replace(/^\^/, '');
  return { text: text === '' ? inside : text, length: end + 1 };
}

/** `!picture.png|thumbnail!` shows no text. An exclamation mark that closes nothing is one. */
function imageAt(line: string, at: number): Step {
  const end = line.slice(at + 1, at + reach).indexOf('!');
  const inside = line.slice(at + 1, at + 1 + end);
  return end > 0 && /^[^\s\\][^\\]*\.\w{2,5}(\|[^\\]*)?$/.test(inside) ? { text: '', length: end + 2 } : { text: '!', length: 1 };
}

/** An opening mark stands behind a border and before text, and another one closes it; a closing one the other way round. */
function isMark(line: string, at: number, open: Set<string>): boolean {
  const character = line.charAt(at);
  const [before, after] = [line.charAt(at - 1), line.charAt(at + 1)];
  if (open.has(character) && isText(before) && !isWord(after)) {
    open.delete(character);
    return true;
  }
  if (open.has(character) || isWord(before) || !isText(after) || after === character || before === character) return false;
  const close = line.slice(at + 1, at + emphasised).search(closing(character));
  if (close < 0) return false;
  open.add(character);
  return true;
}

const closers = new Map<string, RegExp>();
function closing(character: string): RegExp {
  const known =
    closers.get(character) ??
    new RegExp(`[^\\s\\\\][${character === '-' || character === '^' ? `\\${character}` : character}](?![\\p{L}\\p{N}])`, 'u');
  closers.set(character, known);
  return known;
}

function isText(character: string): boolean {
  return character !== '' && /\S/.test(character);
}

function isWord(character: string): boolean {
  return /[\p{L}\p{N}]/u.test(character);
}
