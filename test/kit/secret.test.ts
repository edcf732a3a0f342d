import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { secret, z } from 'golden-thread/kit';
import { redactor, safeText, secretsIn } from '../../src/kit/host.js';

describe('secrets of a configuration are found', () => {
  test('through objects, arrays, records, unions, optionals, defaults, pipes and narrowed texts', () => {
    const schema = z.strictObject({
      plain: z.string(),
      auth: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('basic'), user: z.string(), password: secret() }),
        z.strictObject({ kind: z.literal('oauth'), clientSecret: secret().min(8) }),
      ]),
      tokens: z.array(secret()).readonly(),
      byName: z.record(z.string(), z.object({ key: secret().optional() })),
      pair: z.tuple([z.string(), secret()]),
      fallback: secret().default('default-secret'),
      none: secret().nullable(),
      trimmed: secret().transform((text) => text.trim()),
      lazy: z.lazy(() => z.object({ deep: secret() })),
      either: z.union([z.number(), secret()]),
      both: z.intersection(z.object({ left: secret() }), z.object({ right: z.string() })),
      whole: z.object({ pem: z.string() }).meta({ secret: true }),
    });
    const value = schema.parse({
      plain: 'plain',
      auth: { kind: 'oauth', clientSecret: 'client-secret' },
      tokens: ['token-one', 'token-two'],
      byName: { a: { key: 'key-a' }, b: {} },
      pair: ['user', 'pair-secret'],
      none: null,
      trimmed: ' trimmed ',
      lazy: { deep: 'deep-secret' },
      either: 'either-secret',
      both: { left: 'left-secret', right: 'right' },
      whole: { pem: 'pem-text' },
    });
    expect(secretsIn(schema, value).toSorted()).toEqual(
      'client-secret token-one token-two key-a pair-secret default-secret trimmed deep-secret either-secret left-secret pem-text'
        .split(' ')
        .toSorted(),
    );
  });

  test('a schema that contains itself ends', () => {
    type Node = { readonly secret: string; readonly next?: Node | undefined };
    const Node: z.ZodType<Node> = z.lazy(() => z.object({ secret: secret(), next: Node.optional() }));
    expect(secretsIn(Node, { secret: 'one-', next: { secret: 'two-' } })).toEqual(['one-', 'two-']);
  });

  test('one that is too short is refused where it stands', () => {
    expect(secret().safeParse('abc').success).toBe(false);
  });
});

describe('redaction', () => {
  test('whatever the secret, none of its forms stays in any text', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 6, maxLength: 40, unit: 'grapheme-ascii' }).filter((text) => text.trim().length >= 6),
        fc.string({ maxLength: 12 }).map((user) => user.replaceAll(':', '')),
        fc.string({ maxLength: 30 }),
        (password, user, around) => {
          const forms = [
            password,
            JSON.stringify(password).slice(1, -1),
            encodeURIComponent(password),
            Buffer.from(password).toString('base64'),
            Buffer.from(`${user}:${password}`).toString('base64'),
            Buffer.from(`${user}:${password}`).toString('base64url'),
            Buffer.from(`${user}:${password}:tail`).toString('base64'),
          ];
          const redact = redactor([password]);
          for (const form of forms) {
            const before = redact(`${around} ${around}`);
            const after = redact(`${around} ${form} ${around}`);
            expect(after).not.toContain(form);
            expect(after).toContain('[redacted]');
            expect(before.includes(form) && !before.includes('[redacted]')).toBe(false);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('the rest of a text stays as it was', () => {
    expect(redactor(['hunter2!'])('GET /x: hunter2!, then {"a":"hunter2!"} and hunter3')).toBe(
      'GET /x: [redacted], then {"a":"[redacted]"} and hunter3',
    );
    expect(redactor([])('nothing to hide')).toBe('nothing to hide');
  });

  test('a secret of three characters is refused, without being told', () => {
    expect(() => redactor(['good-one', 'abc'])).toThrow(expect.objectContaining({ kind: 'config' }));
    expect(() => redactor(['abc'])).toThrow(expect.not.stringContaining('abc'));
  });

  test('a very long word costs no time', () => {
    const word = 'A'.repeat(2_000_000);
    expect(redactor(['secret-value'])(word).length).toBe(word.length);
  });

  test('a secret is gone before a text is cut, and no control character survives', () => {
    expect(safeText('abc secret-value', 8, redactor(['secret-value']))).toBe('abc [red…');
    expect(safeText('a\r\nb\u001b[2Jc\u2028d\u202ee\u0085f', 80, (text) => text)).toBe('a b [2Jc d e f');
  });
});
