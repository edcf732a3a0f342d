import { checkout, dayMs, hourMs, type Organisation } from './organisation.js';
import type { Improvement } from '../../src/domain/index.js';

const weekMs = 7 * dayMs;
let number = 0;

/** A resolved incident on one service; `at` is when it was opened. */
export function incident(at: number, more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  number += 1;
  const stamp = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
  return {
    number: `INC${String(number).padStart(7, '0')}`,
    short_description: 'Checkout fails while the session store restarts',
    opened_at: stamp(at),
    business_service: checkout,
    category: 'software',
    subcategory: 'session-store',
    impact: '2',
    urgency: '2',
    state: '6',
    close_code: 'Solution provided',
    close_notes: 'Restored.',
    resolved_at: stamp(at + hourMs),
    sys_created_on: stamp(at),
    sys_updated_on: stamp(at + hourMs),
    ...more,
  };
}

/** So many incidents in each of the weeks before now. */
export async function history(
  organisation: Organisation,
  perWeek: number,
  weeks = 40,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const end = Date.parse(organisation.now()) - 3 * hourMs;
  const rows = Array.from({ length: weeks * perWeek }, (_, index) => incident(end - Math.floor(((index + 0.5) * weekMs) / perWeek), more));
  await organisation.servicenow.bulk('incident', rows);
}

/** One kind of incident, and how many of it come each week. */
export interface Kind {
  readonly perWeek: number;
  readonly more?: Readonly<Record<string, string>>;
}

/** Lets weeks pass with so many incidents in each, and one round of the product a week. */
export async function weeks(organisation: Organisation, count: number, kinds: number | readonly Kind[], round = true): Promise<void> {
  for (let week = 0; week < count; week += 1) {
    const from = Date.parse(organisation.now());
    await organisation.pass(weekMs);
    const rows = (typeof kinds === 'number' ? [{ perWeek: kinds }] : kinds).flatMap(({ perWeek, more }: Kind) =>
      Array.from({ length: perWeek }, (_, index) => incident(from + Math.floor(((index + 0.5) * weekMs) / perWeek), more)),
    );
    if (rows.length > 0) await organisation.servicenow.bulk('incident', rows);
    if (round) await organisation.cycle();
  }
}

/** So many incidents within two days, and the improvement that the recurrence raised. Its ticket is there. */
export async function burst(organisation: Organisation, count = 6, more: Readonly<Record<string, string>> = {}): Promise<Improvement> {
  const known = new Set((await organisation.improvements()).map(({ id }) => id));
  const from = Date.parse(organisation.now());
  await organisation.pass(2 * dayMs);
  await organisation.servicenow.bulk(
    'incident',
    Array.from({ length: count }, (_, index) => incident(from + (index + 1) * 6 * hourMs, more)),
  );
  await organisation.cycle();
  await organisation.later();
  const raised = (await organisation.improvements()).filter(({ id }) => !known.has(id));
  if (raised.length !== 1 || raised[0] === undefined) throw new Error(`${raised.length} improvements were raised`);
  return organisation.improvement(raised[0].id);
}

/** A released organisation with a year of ordinary weeks behind it. */
export async function withHistory(organisation: Organisation, perWeek = 4): Promise<Organisation> {
  await history(organisation, perWeek);
  await organisation.cycle();
  await organisation.release();
  return organisation;
}
