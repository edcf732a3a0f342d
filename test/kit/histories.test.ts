import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Connector, Stream } from 'golden-thread/kit';
import { playHistories, type Subject } from 'golden-thread/kit/testing';
import { brokenReaders } from './broken-readers.js';
import { tinyConnector } from './tiny-connector.js';
import { tinySubject } from './tiny-subject.js';
import { startTinySystem, type TinySystem } from './tiny-system.js';

let system: TinySystem;
beforeAll(async () => {
  system = await startTinySystem();
});
afterAll(() => system.close());

const effort = { runs: 60, seed: 20_000, shrinkingMs: 500 };
const play = ({ ...subject }: Subject) => playHistories(subject, subject.streams[0], effort);

/** The tiny connector with another stream in the place of its own. */
function withStream(change: (stream: Stream) => Stream): Subject {
  const whole = tinyConnector();
  const broken: Connector = {
    ...(whole as Connector),
    open: (config, context) => {
      const open = (whole as Connector).open(config, context);
      return { ...open, streams: open.streams.map(change) };
    },
  };
  return tinySubject(broken, () => system);
}

describe('histories in which everything happens', () => {
  test('leave nothing lost, nothing falsely deleted and nothing twice with a connector that keeps its promises', async () => {
    expect(await play(tinySubject(tinyConnector(), () => system))).toEqual({ histories: 60, lost: 0, falseDeletions: 0, duplicates: 0 });
  });

  test('find a reader that loses records', async () => {
    const reader = brokenReaders['a settle time of nothing under late commits'];
    if (reader === undefined) throw new Error('no such reader');
    const late = tinySubject(
      tinyConnector((query, cursor, ask) => reader.read(query, cursor, ask)),
      () => system,
    );
    await expect(play(late)).rejects.toThrow(/lost: .* history: .*seed 20000/s);
  });

  test('find a connector that calls what may not be read deleted', async () => {
    const rash = withStream((stream) => ({
      ...stream,
      whereabouts: (keys) => Promise.resolve(new Map(keys.map((key) => [key, 'deleted' as const]))),
    }));
    await expect(play(rash)).rejects.toThrow('a false deletion');
  });

  test('find a census that lists a key twice', async () => {
    const twice = withStream((stream) => ({
      ...stream,
      keys: async (cursor, ask) => {
        const page = await stream.keys?.(cursor, ask);
        if (page === undefined) throw new Error('no census');
        return { ...page, keys: [...page.keys, ...page.keys] };
      },
    }));
    await expect(play(twice)).rejects.toThrow('duplicates');
  });
});
