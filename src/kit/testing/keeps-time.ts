import type { Instant } from 'golden-thread/kit';
import { demand, onFreshSystem, promise, type Promised } from './case.js';
import { nothingSaved, openStream, readPage, type Saved, save } from './reading.js';
import type { StreamDriver, Subject } from './subject.js';

const [minute, hour] = [60_000, 3_600_000];

/** Zones of accounts, each an hour before something happens to it: clocks that go back or forward, a new day, a new year. */
export const nights: readonly (readonly [string, Instant])[] = [
  ['Etc/GMT+12', '2026-12-31T22:30:00.000Z'],
  ['America/New_York', '2026-11-01T04:30:00.000Z'],
  ['America/New_York', '2027-03-14T05:30:00.000Z'],
  ['Europe/Berlin', '2026-10-24T23:30:00.000Z'],
  ['Asia/Kolkata', '2026-12-31T17:30:00.000Z'],
  ['Australia/Lord_Howe', '2027-04-03T13:30:00.000Z'],
  ['Pacific/Kiritimati', '2026-12-31T09:30:00.000Z'],
];

/** Keeps the remote's time: neither the zone of the account nor our own clock moves an instant or loses a record. */
export function keepsTime(subject: Subject, driver: StreamDriver): readonly Promised[] {
  const name = (text: string): string => `${driver.stream}: ${text}`;
  return [
    promise(
      name(
        'in every zone and through the nights when clocks change, each edit is seen within two polls, at its own instant (F01, F16, F17)',
      ),
      () =>
        onFreshSystem(subject, async () => {
          for (const [zone, now] of nights) {
            await subject.resetInZone?.(zone, now);
            await throughTheNight(subject, driver, `in ${zone} from ${now}`);
          }
        }),
      { resetInZone: subject.resetInZone !== undefined },
    ),
    promise(name('our own clock, wrong by hours or days or jumping back, loses nothing (F15)'), () =>
      onFreshSystem(subject, async () => {
        const machine = globalThis.Date;
        try {
          for (const skew of [[hour], [-hour], [24 * hour], [-24 * hour], [hour, -hour, 48 * hour, 0]]) {
            await subject.reset();
            await throughTheNight(subject, driver, `our clock off by ${skew.join(', ')} ms`, (poll) => {
              globalThis.Date = skewed(machine, skew[poll % skew.length] ?? 0);
            });
          }
        } finally {
          globalThis.Date = machine;
        }
      }),
    ),
  ];
}

/** Four hours: every twenty minutes something is made and something is touched, and the stream is polled. */
async function throughTheNight(
  subject: Subject,
  driver: StreamDriver,
  under: string,
  before: (poll: number) => void = () => {},
): Promise<void> {
  const instants = new Map<string, number>();
  const [steady = ''] = await driver.create(1, { sameSecond: true });
  let saved: Saved = nothingSaved;
  let owed: ReadonlyMap<string, string> = new Map();
  for (let poll = 0; poll < 12; poll += 1) {
    await subject.advance(20 * minute);
    before(poll);
    const [made = ''] = await driver.create(1, { sameSecond: true });
    await driver.touch(steady);
    for (const key of [made, steady]) instants.set(key, Date.parse(await subject.now()));
    const now = await driver.visible();
    await subject.advance(subject.settleMs + minute);
    const stream = await openStream(subject, driver);
    for (let pages = 0; ; pages += 1) {
      demand(pages < 100, `${under}: a run does not come to an end`);
      const page = await readPage(subject, stream, saved.cursor, 3);
      saved = save(driver, saved, page);
      for (const { ref, updatedAt } of page.records) {
        const off = Math.abs(Date.parse(updatedAt) - (instants.get(ref.key) ?? 0));
        demand(
          ref.key !== steady || off < 1000,
          `${under}: ${ref.key} was stamped ${new Date(instants.get(ref.key) ?? 0).toISOString()} and is told as ${updatedAt}`,
        );
      }
      if (page.done) break;
    }
    for (const [key, version] of owed)
      demand(key === steady || saved.versions.get(key) === version, `${under}: ${key} was not seen within two polls`);
    owed = now;
  }
  for (const [key, version] of await driver.visible())
    demand(
      saved.versions.get(key) === version,
      `${under}: lost: ${key} was last seen as ${saved.versions.get(key) ?? 'nothing'} and is ${version}`,
    );
}

/** The machine's clock, wrong by so many milliseconds. */
function skewed(machine: DateConstructor, ms: number): DateConstructor {
  return new Proxy(machine, {
    construct: (target, given: []) => (given.length === 0 ? new target(target.now() + ms) : new target(...given)),
    get: (target, name) => (name === 'now' ? () => target.now() + ms : (Reflect.get(target, name) as unknown)),
  });
}
