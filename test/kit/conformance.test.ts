import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { conformance, type Subject } from 'golden-thread/kit/testing';
import { brokenReaders } from './broken-readers.js';
import { tinyConnector } from './tiny-connector.js';
import { rememberingReader } from './remembering-reader.js';
import { tinySubject } from './tiny-subject.js';
import { startTinySystem, type TinySystem } from './tiny-system.js';

let system: TinySystem;
beforeAll(async () => {
  system = await startTinySystem();
});
afterAll(() => system.close());

const whole = tinySubject(tinyConnector(), () => system);

describe('a connector that keeps every promise passes the suite', () => {
  for (const one of conformance(whole)) test(one.name, one.run);
});

/** What the first case says that fails, of those about losing. */
async function firstLoss(subject: Subject): Promise<string> {
  for (const one of conformance(subject, { shrinkingMs: 0 }).filter(({ name }) =>
    /lost|lose|not the end|hide those|two polls/.test(name),
  )) {
    const error = await one.run().then(
      () => undefined,
      (reason: unknown) => (reason instanceof Error ? reason.message : 'no Error'),
    );
    if (error !== undefined) return `${one.name}: ${error}`;
  }
  return 'nothing was lost';
}

describe('the suite catches, within its default runs', () => {
  const { 'the cursor saved before the data': _inCore, ...inConnector } = brokenReaders;
  const readers = { ...inConnector, 'a place kept by the connector itself, before core has the data': rememberingReader() };
  test.each(Object.entries(readers))('%s', async (_name, reader) => {
    const connector = tinyConnector((query, cursor, ask) => reader.read(query, cursor, ask));
    expect(await firstLoss(tinySubject(connector, () => system))).toMatch(/was last seen as|did not arrive/);
  });
});

describe('the suite is not talked out of its promises', () => {
  const named = (subject: Subject, part: string) => conformance(subject, { shrinkingMs: 0 }).find(({ name }) => name.includes(part));

  test('what the subject cannot try fails, until there is a reason', async () => {
    const [driver] = whole.streams;
    const rest = Object.fromEntries(Object.entries(driver).filter(([name]) => name !== 'createLate')) as unknown as typeof driver;
    const without: Subject = { ...whole, streams: [rest] };
    await expect(named(without, 'readable late')?.run()).rejects.toThrow('createLate');
    const name = 'row: what becomes readable late, within the settle time, is not lost';
    const excused = named({ ...without, skip: { ...whole.skip, [name]: 'commits are never late' } }, 'readable late');
    expect(excused).toMatchObject({ skipped: 'commits are never late', name: `${name} (skipped: commits are never late)` });
  });

  test('a reason for a case that does not exist fails', async () => {
    await expect(named({ ...whole, skip: { 'row: is nice': 'because' } }, 'every reason')?.run()).rejects.toThrow('row: is nice');
  });

  test('a connector that takes unknown keys, hides no secret or makes requests too early is told so', async () => {
    const { z } = await import('golden-thread/kit');
    const { connector } = whole;
    const loose: Subject = { ...whole, connector: { ...connector, config: z.looseObject({ password: z.string() }) } };
    await expect(named(loose, 'unknown keys')?.run()).rejects.toThrow('strictObject');
    await expect(named(loose, 'marked as a secret')?.run()).rejects.toThrow('secret()');
    const eager: Subject = {
      ...whole,
      open: async (options) => {
        const open = await whole.open(options);
        await open.check();
        return open;
      },
    };
    await expect(named(eager, 'makes no request')?.run()).rejects.toThrow('made a request');
  });

  test('a sink that sends a lost create again is told so', async () => {
    const blind: Subject = {
      ...whole,
      open: async (options) => {
        const open = await whole.open(options);
        const { sink } = open;
        if (sink === undefined) return open;
        const create: typeof sink.create = (...all) => sink.create(...all).catch(() => sink.create(...all));
        return { ...open, sink: { ...sink, create } };
      },
    };
    await expect(named(blind, 'answer was lost')?.run()).rejects.toThrow();
  });
});
