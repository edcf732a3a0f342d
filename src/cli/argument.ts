import { InvalidArgumentError } from 'commander';
import { type Status, statuses } from '../domain/index.js';
import type { Instant } from '../kit/index.js';
import { suggestion } from '../yaml/index.js';

/** Parsers for what people type on the command line. What cannot be understood is a usage error (64), said before anything is opened. */

/** An instant: a date and a time with its zone. */
export function instant(text: string): Instant {
  if (!/^\d{4}-\d\d-\d\dT/.test(text) || !/(?:Z|[+-]\d\d:?\d\d)$/.test(text) || Number.isNaN(Date.parse(text)))
    throw new InvalidArgumentError('Write it as 2026-01-31T00:00:00Z.');
  return new Date(text).toISOString();
}

/** A list of statuses, one a call. */
export function status(text: string, before: readonly Status[] | undefined): readonly Status[] {
  const found = statuses.find((each) => each === text);
  if (found === undefined) throw new InvalidArgumentError(`It is one of ${statuses.join(', ')}${suggestion(text, statuses)}.`);
  return [...(before ?? []), found];
}

/** A whole number, not negative. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It is a whole number.');
  return Number(text);
}

/** A list of numbers as `quarantine list` shows them, one a call. */
export function entryNumber(text: string, before: readonly number[] | undefined): readonly number[] {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It is a number of quarantine list.');
  return [...(before ?? []), Number(text)];
}

/** A day of the organisation's calendar. */
export function day(text: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(Date.parse(text)) || new Date(text).toISOString().slice(0, 10) !== text)
    throw new InvalidArgumentError('Write it as 2026-01-31.');
  return text;
}

/** A number from 1. */
export function counted(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It is a whole number from 1.');
  return Number(text);
}

/** A list of texts, one a call. */
export function several(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}
