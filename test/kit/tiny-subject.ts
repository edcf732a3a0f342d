import type { Connector } from 'golden-thread/kit';
import { type Subject, testContext } from 'golden-thread/kit/testing';
import { good, type TinySystem } from './tiny-system.js';

/** The tiny system as a subject of the suite: also the example of how to write one. */
export function tinySubject<Config>(connector: Connector<Config>, running: () => TinySystem): Subject {
  const logged: string[][] = [];
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
    open(options = {}) {
      const password = options.credentials === 'wrong' ? 'wrong-password' : good.password;
      const { context, lines } = testContext({ system: 'tiny-test', wanted: options.wanted ?? {}, secrets: [password] });
      logged.push(lines as string[]);
      const config = { baseUrl: running().url(), user: good.user, password };
      return soon(connector.open(connector.config.parse(config), context));
    },
    reset: () => soon(running().reset()),
    now: () => soon(new Date(running().now).toISOString()),
    advance(ms) {
      running().now += ms;
      return soon(undefined);
    },
    fault(name) {
      running().fault = name;
      return soon(undefined);
    },
    clearFaults() {
      running().fault = undefined;
      return soon(undefined);
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
      },
    ],
    sinks: [
      {
        resource: 'row',
        fields: (i) => ({ text: `ticket ${i}` }),
        ticketsWith: (key) => soon(running().rows.filter((row) => row.key === key).length),
        comments: (key) => soon(find(key).notes.size),
      },
    ],
    skip: {
      'row: a link is made once per globalId': 'rows have no links',
      'row: the history is complete, oldest first': 'the system keeps no history',
      'row: records are got by key, and missing ones left out': 'it offers only the listing',
      'row: a move to where the ticket already is succeeds': 'rows have no status',
    },
  };
}
