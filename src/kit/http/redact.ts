import { Failure } from '../failure.js';

const mask = '[redacted]';
const shortest = 4;

/** A secret as it may stand in a text. `token`: a piece of a longer base64 word, which is then taken out whole. */
interface Form {
  readonly text: string;
  readonly token: boolean;
}

/**
 * Takes every known secret out of a text: raw, JSON-escaped, URL-encoded, and in base64 at any offset, which covers `user:secret` of Basic
 * for any user. Fails with `config` for a secret under four characters: it would black out half of every text and protects nothing.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const unique = [...new Set(secrets)].filter((secret) => secret !== '');
  if (unique.some((secret) => secret.length < shortest))
    throw new Failure('config', `a credential is shorter than ${shortest} characters`, {
      hint: 'use a longer one; one that short cannot be kept out of logs and protects nothing',
    });
  const forms = unique.flatMap(formsOf);
  return forms.length === 0 ? (text) => text : (text) => cutOut(text, forms);
}

function formsOf(secret: string): readonly Form[] {
  const escaped = JSON.stringify(secret).slice(1, -1);
  const encoded = encodeURIComponent(secret.toWellFormed());
  const raw = [
    secret,
    secret.trim(),
    escaped,
    JSON.stringify(escaped).slice(1, -1),
    encoded,
    encoded.replaceAll(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
    new URLSearchParams([['', secret]]).toString().slice(1),
  ];
  const cores = [0, 1, 2].map((offset) => base64Core(secret, offset));
  const forms = [
    ...raw.map((text) => ({ text, token: false })),
    ...cores.flatMap((core) => [core, core.replaceAll('+', '-').replaceAll('/', '_')]).map((text) => ({ text, token: true })),
  ];
  return forms.filter((form) => form.text.length >= shortest);
}

/** The base64 characters that the secret alone determines when `offset` (mod 3) bytes stand before it. */
function base64Core(secret: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret, 'utf8')]);
  const from = Math.ceil((offset * 8) / 6);
  return bytes.toString('base64').slice(from, Math.floor((bytes.length * 8) / 6));
}

// By indexOf and by hand: a regular expression that extends a match to the left is quadratic on long words.
function cutOut(text: string, forms: readonly Form[]): string {
  const ranges: { from: number; to: number }[] = [];
  for (const form of forms) {
    for (let at = text.indexOf(form.text); at !== -1; at = text.indexOf(form.text, at + 1)) {
      let [from, to] = [at, at + form.text.length];
      if (form.token) {
        while (from > 0 && isBase64(text, from - 1)) from -= 1;
        while (to < text.length && isBase64(text, to)) to += 1;
      }
      ranges.push({ from, to });
      at = to - 1;
    }
  }
  if (ranges.length === 0) return text;
  ranges.sort((a, b) => a.from - b.from);
  let out = '';
  let done = 0;
  for (const { from, to } of ranges) {
    if (from >= done) out += text.slice(done, from) + mask;
    done = Math.max(done, to);
  }
  return out + text.slice(done);
}

function isBase64(text: string, at: number): boolean {
  return /[A-Za-z0-9+/=_-]/.test(text.charAt(at));
}
