import type { Connector } from 'golden-thread/kit';
import { createWire, type RowInAnswer, type Subject, testContext } from 'golden-thread/kit/testing';
import { good, type TinySystem } from './tiny-system.js';

/** The tiny system as a subject of the suite: also the example of how to write one. */
export function tinySubject<Config>(connector: Connector<Config>, running: () => TinySystem): Subject {
  const logged: string[][] = [];
  const wire = createWire();
  const find = (key: string) => {
    const row = running().rows.find((one) => one.id === key);
    if (row === undefined) throw new Error(`no row ${key}`);
    return row;
  };
  const setReadable = (keys: readonly string[], readable: boolean): Promise<void> => {
    for (const key of keys) find(key).readable = readable;
    return Promise.resolve();
  };
  const soon = <T>(value: T): Promise<T> => Promise.resolve(value);
  return {
    connector: connector as Connector,
    goodConfig: { baseUrl: 'http://127.0.0.1', ...good },
    badConfigs: [
      { why: 'no password', config: { baseUrl: 'http://127.0.0.1', user: 'svc' } },
      { why: 'a number for a user', config: { baseUrl: 'http://127.0.0.1', ...good, user: 1 } },
    ],
    wire,
    errorBeside: { error: 'the rows are not complete' },
    open(options = {}) {
      const password = options.credentials === 'wrong' ? 'wrong-password' : good.password;
      const { context, lines } = testContext({ system: 'tiny-test', wanted: options.wanted ?? {}, secrets: [password] });
      logged.push(lines as string[]);
      const config = { baseUrl: wire.url, user: good.user, password };
      return soon(connector.open(connector.config.parse(config), context));
    },
    async reset() {
      running().reset();
      wire.leadTo(running().url());
      await wire.open();
    },
    now: () => soon(new Date(running().now).toISOString()),
    advance(ms) {
      running().now += ms;
      return soon(undefined);
    },
    async fault(name) {
      if (name === 'unreachable') await wire.shut();
      else running().fault = name;
    },
    async clearFaults() {
      running().fault = undefined;
      await wire.open();
      wire.heal();
    },
    requests: () => soon(running().requests),
    settleMs: 5000,
    logged: () => logged.flat(),
    streams: [
      {
        stream: 'row',
        wanted: ['text', 'version'],
        version: (record) => String(record.data['version'] as number),
        visible: () =>
          soon(
            new Map(
              running()
                .rows.filter((row) => row.readable && !row.bad && row.visibleAt <= running().now)
                .map((row) => [row.id, String(row.version)]),
            ),
          ),
        create(count, { sameSecond = false } = {}) {
          const keys = Array.from({ length: count }, () => {
            if (!sameSecond) running().now += 1000;
            return running().add().id;
          });
          return soon(keys);
        },
        touch: (key) => soon(running().touch(find(key))),
        createLate: (delayMs) => soon(running().add({ visibleAt: running().now + delayMs }).id),
        hide: (keys) => setReadable(keys, false),
        show: (keys) => setReadable(keys, true),
        poison() {
          running().now += 1000;
          return soon(running().add({ bad: true }).id);
        },
        remove(keys) {
          for (const key of keys) running().remove(find(key));
          return soon(undefined);
        },
        tellsUnreadable: true,
        rowsIn,
        createMany(count) {
          for (let i = 0; i < count; i += 1) {
            if (i % 100 === 0) running().now += 1000;
            running().add();
          }
          return soon(undefined);
        },
      },
    ],
    sinks: [
      {
        resource: 'row',
        fields: (i) => ({ text: `ticket ${i}` }),
        ticketsWith: (key) => soon(running().rows.filter((row) => row.key === key).length),
        files: (key) => soon(find(key).files.map(({ name, base64 }) => ({ name, bytes: Buffer.from(base64, 'base64') }))),
        comments: (key) => soon(find(key).notes.size),
        texts: ['text'],
      },
    ],
    skip: {
      'row: a link is made once per globalId': 'rows have no links',
      'row: the history is complete, oldest first': 'the system keeps no history',
      'row: a move to where the ticket already is succeeds': 'rows have no status',
      'row: a status to which nothing leads is refused by name, and the ticket stays where it is (F31)': 'rows have no status',
    },
    lacks: {
      tokens: 'it takes a password with each request',
      lowerPages: 'it gives what is asked for',
      refused: 'it takes any text',
      resetInZone: 'it knows no time zones',
      renumber: 'rows have no number besides their key',
    },
  };
}

function rowsIn(answer: unknown): readonly RowInAnswer[] {
  const { rows } = answer as { readonly rows?: readonly Record<string, unknown>[] };
  return (rows ?? []).map((row) => ({ key: String(row['id']), row }));
}
