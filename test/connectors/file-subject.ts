import { renameSync } from 'node:fs';
import type { Connector } from 'golden-thread/kit';
import type { StreamDriver, Subject } from 'golden-thread/kit/testing';
import { fileConnector } from '../../connectors/file/connector.js';
import { testContext } from 'golden-thread/kit/testing';
import type { TestInbox } from './file-inbox.js';

interface ModelRow {
  readonly key: string;
  readonly id: string;
  readonly file: string;
  version: number;
  updated: string;
}

/** How one format spells rows; a row without an id cannot be used. */
const formats = {
  csv: (rows: readonly ModelRow[]) => `id;version;updated\n${rows.map((row) => `${row.id};${row.version};${row.updated}\n`).join('')}`,
  ndjson: (rows: readonly ModelRow[]) =>
    rows.map((row) => `${JSON.stringify({ id: row.id, version: row.version, updated: row.updated })}\n`).join(''),
};

/** The key that the connector gives to a row: asked of the connector itself, once, so that nothing of it is known here. */
export type KeyOf = (id: string) => string;

/** An inbox as a subject of the conformance suite. Every `create` is a new file; a touched row is its file written anew. */
export function fileSubject(inbox: TestInbox, keyOf: KeyOf): Subject {
  const rows = new Map<string, ModelRow>();
  let pending: { at: number; file: string }[] = [];
  let count = 0;
  const config = {
    inbox: inbox.path,
    quietSeconds: 5,
    streams: Object.fromEntries(Object.keys(formats).map((format) => [format, { files: `*.${format}`, key: ['id'], updated: 'updated' }])),
  };
  const connector = fileConnector({ disk: inbox.disk, clock: inbox.clock });
  const stamp = (): string => new Date(inbox.now).toISOString();
  const write = (format: keyof typeof formats, file: string): void => {
    const isLate = pending.some((one) => one.file === file);
    inbox.put(isLate ? `${file}.part` : file, formats[format]([...rows.values()].filter((row) => row.file === file)));
  };
  const driver = (format: keyof typeof formats): StreamDriver => ({
    stream: format,
    wanted: ['version', 'updated'],
    version: ({ data }) => String(data['version'] as number),
    visible: () =>
      Promise.resolve(
        new Map(
          [...rows.values()]
            .filter(({ file, id }) => file.endsWith(format) && id !== '' && !pending.some((one) => one.file === file))
            .map(({ key, version }) => [key, String(version)]),
        ),
      ),
    create(number, { sameSecond = false } = {}) {
      count += 1;
      const file = `rows-${count}.${format}`;
      const made = Array.from({ length: number }, () => {
        if (!sameSecond) inbox.now += 1000;
        const id = `R-${rows.size + 1}`;
        rows.set(keyOf(id), { key: keyOf(id), id, file, version: 1, updated: stamp() });
        return keyOf(id);
      });
      write(format, file);
      return Promise.resolve(made);
    },
    touch(key) {
      const row = rows.get(key);
      if (row === undefined) throw new Error(`no row ${key}`);
      row.version += 1;
      row.updated = stamp();
      write(format, row.file);
      return Promise.resolve();
    },
    createLate(delayMs) {
      count += 1;
      const file = `rows-${count}.${format}`;
      const id = `R-${rows.size + 1}`;
      pending.push({ at: inbox.now + delayMs, file });
      rows.set(keyOf(id), { key: keyOf(id), id, file, version: 1, updated: stamp() });
      write(format, file);
      return Promise.resolve(keyOf(id));
    },
    poison() {
      count += 1;
      inbox.now += 1000;
      const file = `rows-${count}.${format}`;
      const row = { key: `${file}:${format === 'csv' ? 2 : 1}`, id: '', file, version: 1, updated: stamp() };
      rows.set(row.key, row);
      write(format, file);
      return Promise.resolve(row.key);
    },
  });
  const away = `${inbox.path}-away`;
  return {
    connector: connector as Connector,
    goodConfig: config,
    badConfigs: [
      { why: 'a relative path', config: { ...config, inbox: 'inbox' } },
      { why: 'no stream', config: { ...config, streams: {} } },
      { why: 'no key', config: { ...config, streams: { row: { files: '*.csv' } } } },
      { why: 'a format that nothing tells', config: { ...config, streams: { row: { files: '*', key: ['id'] } } } },
      { why: 'a folder in the pattern', config: { ...config, streams: { row: { files: '../*.csv', key: ['id'] } } } },
      { why: 'a sheet of a CSV', config: { ...config, streams: { row: { files: '*.csv', key: ['id'], sheet: 'One' } } } },
    ],
    open({ wanted = {} } = {}) {
      const { context } = testContext({ system: 'files', wanted });
      return Promise.resolve(connector.open(connector.config.parse(config), context));
    },
    reset() {
      inbox.clear();
      rows.clear();
      pending = [];
      return Promise.resolve();
    },
    now: () => Promise.resolve(stamp()),
    advance(ms) {
      inbox.now += ms;
      for (const { file, at } of pending) if (at <= inbox.now) inbox.rename(`${file}.part`, file);
      pending = pending.filter(({ at }) => at > inbox.now);
      return Promise.resolve();
    },
    fault(name) {
      if (name === 'unreachable') renameSync(inbox.path, away);
      else inbox.error = name === 'unauthorized' ? 'EACCES' : 'EIO';
      return Promise.resolve();
    },
    clearFaults() {
      inbox.error = undefined;
      try {
        renameSync(away, inbox.path);
      } catch {
        // it is where it belongs
      }
      return Promise.resolve();
    },
    requests: () => Promise.resolve(inbox.calls),
    settleMs: 5000,
    streams: [driver('csv'), driver('ndjson')],
    lacks: {
      wire: 'files come from a disk, over no wire',
      rowsIn: 'files come from a disk, over no wire',
      errorBeside: 'a file has no answer beside which an error could stand',
      resetInZone: 'files belong to no account',
      census: 'rows are told by their file; what vanishes from it is read as no longer present',
      createMany: 'large files have a test of their own',
      lowerPages: 'a file gives what is asked for',
      tokens: 'a folder takes no credentials',
      tellsUnreadable: 'a file is readable whole or not at all',
      remove: 'rows are told by their file; what vanishes from it is read as no longer present',
      renumber: 'the number of a row is its key',
      hide: 'a file is readable whole or not at all',
      show: 'a file is readable whole or not at all',
    },
    skip: {
      'what looks like a credential is marked as a secret': 'a folder takes no credentials',
      'check names wrong credentials and says what to do, without throwing': 'a folder takes no credentials',
      'wrong credentials are an auth failure, and are not hammered': 'a folder takes no credentials',
      ...Object.fromEntries(
        Object.entries({
          html: 'a file that is something else is set aside as a file, and the others flow',
          truncated: 'a file that ends in the middle is half-written, or has one bad row',
          'rate-limited': 'a disk limits no rate',
          'rate-limited-without-header': 'a disk limits no rate',
        }).map(([fault, reason]) => [`reading under ${fault} fails as transient, and goes on where it was once that is over`, reason]),
      ),
      ...Object.fromEntries(
        Object.keys(formats).flatMap((format) => [
          [`${format}: a page of rows that the account may not read is not the end`, 'a file is readable whole or not at all'],
          [`${format}: rows that may not be read do not hide those behind them`, 'a file is readable whole or not at all'],
          [
            `${format}: a record that is touched at every tick is seen within two polls`,
            'a file to which somebody writes all the time is half-written: it is read when it rests',
          ],
        ]),
      ),
    },
  };
}
