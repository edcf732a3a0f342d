import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, fieldsToWrite, fingerprintsOf, isEcho, ticketFieldOwners, type FieldOwner } from '../../../src/domain/index.js';

const hash = (text: string): string => text;
const written = { summary: 'Ours', verdict: 'none', triggerCount: 5, labels: ['gt'] };
const before = fingerprintsOf(written, hash);
const write = (
  current: object,
  desired: object,
  owners: Readonly<Record<string, FieldOwner>> = ticketFieldOwners,
): ReturnType<typeof fieldsToWrite> => fieldsToWrite(before, { ...written, ...current }, { ...written, ...desired }, owners, hash);

describe('who owns which field', () => {
  test('everything is written once, at creation', () => {
    expect(fieldsToWrite(undefined, {}, written, ticketFieldOwners, hash)).toEqual({ write: written, conflicts: [] });
  });

  test('what is as it should be is not written again', () => {
    expect(write({}, {})).toEqual({ write: {}, conflicts: [] });
  });

  test('our fields follow us; theirs are never touched again, edited or not', () => {
    expect(write({}, { verdict: 'effective', summary: 'Better' })).toEqual({ write: { verdict: 'effective' }, conflicts: [] });
    expect(write({ summary: 'Theirs' }, {})).toEqual({ write: {}, conflicts: [] });
  });

  test('a field of ours that somebody edited is put right, and the conflict is recorded', () => {
    expect(write({ verdict: 'great!' }, { verdict: 'effective' })).toEqual({
      write: { verdict: 'effective' },
      conflicts: [{ field: 'verdict', theirs: 'great!', ours: 'effective', kept: 'ours' }],
    });
  });

  test('where the newest wins, their edit is kept and recorded', () => {
    expect(write({ verdict: 'great!' }, { verdict: 'effective' }, { verdict: 'newest' })).toMatchObject({
      write: {},
      conflicts: [{ kept: 'theirs' }],
    });
    expect(write({}, { verdict: 'effective' }, { verdict: 'newest' })).toEqual({ write: { verdict: 'effective' }, conflicts: [] });
  });

  test('a field that nobody named is theirs', () => {
    expect(write({}, { somethingNew: 1 })).toEqual({ write: {}, conflicts: [] });
  });

  test('what comes back as we left it is an echo, in whatever order its members come', () => {
    expect(isEcho(before, { labels: ['gt'], triggerCount: 5, verdict: 'none', summary: 'Ours', other: 1 }, hash)).toBe(true);
    expect(isEcho(before, { ...written, summary: 'Theirs' }, hash)).toBe(false);
  });

  test('equal content has equal text', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const shuffled = JSON.parse(JSON.stringify(value), (_key, member: unknown) =>
          typeof member === 'object' && member !== null && !Array.isArray(member)
            ? Object.fromEntries(Object.entries(member).toReversed())
            : member,
        ) as never;
        return canonicalJson(shuffled) === canonicalJson(JSON.parse(JSON.stringify(value)) as never);
      }),
      { seed: 9 },
    );
  });
});
