import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { type Tx, getSetting, putSetting } from '../../src/store/index.js';
import { stepsTaken } from '../../src/kit/step.js';
import { freshStore } from './world.js';

describe('a transaction', () => {
  test('that throws leaves nothing behind', async () => {
    const store = await freshStore();
    const failing = store.tx(async (t) => {
      await putSetting(t, 'a', 1);
      throw new Error('in the middle');
    });
    await expect(failing).rejects.toThrow('in the middle');
    expect(await getSetting(store.read, 'a')).toBeUndefined();
    await store.tx((t) => putSetting(t, 'a', 2));
    expect(await getSetting(store.read, 'a')).toBe(2);
  });

  test('waits for the one before it, and both are kept', async () => {
    const store = await freshStore();
    const increment = async (t: Tx): Promise<void> => {
      const before = Number((await getSetting(t, 'count')) ?? 0);
      await setImmediate();
      await putSetting(t, 'count', before + 1);
    };
    await Promise.all(Array.from({ length: 20 }, () => store.tx(increment)));
    expect(await getSetting(store.read, 'count')).toBe(20);
  });

  test('inside a transaction is an error, not a hang', async () => {
    const store = await freshStore();
    const nested = store.tx(() => store.tx((t) => putSetting(t, 'a', 1)));
    await expect(nested).rejects.toMatchObject({ kind: 'contract', message: expect.stringContaining('inside a transaction') });
    await store.tx((t) => putSetting(t, 'a', 3));
    expect(await getSetting(store.read, 'a')).toBe(3);
  });

  test('cannot be read past, where its own rows would be missing', async () => {
    const store = await freshStore();
    const past = store.tx(async (t) => {
      await putSetting(t, 'a', 1);
      return await getSetting(store.read, 'a');
    });
    await expect(past).rejects.toMatchObject({ kind: 'contract' });
  });

  test('is refused after it has ended, so that no write is lost in between', async () => {
    const store = await freshStore();
    const leaked = await store.tx((t) => Promise.resolve({ t }));
    await expect(putSetting(leaked.t, 'a', 1)).rejects.toThrow('already committed');
    expect(await getSetting(store.read, 'a')).toBeUndefined();
  });

  test('does not keep others from reading what was committed before it', async () => {
    const store = await freshStore();
    await store.tx((t) => putSetting(t, 'a', 'before'));
    let seen: unknown;
    const reading = new Promise<void>((resolve) => {
      globalThis.setTimeout(() => {
        void getSetting(store.read, 'a').then((value) => {
          seen = value;
          resolve();
        });
      }, 0);
    });
    await store.tx(async (t) => {
      await putSetting(t, 'a', 'after');
      while (seen === undefined) await setImmediate();
    });
    await reading;
    expect(seen).toBe('before');
    expect(await getSetting(store.read, 'a')).toBe('after');
  });

  test('cannot be made through the reading connection', async () => {
    const store = await freshStore();
    await expect(putSetting(store.read as Tx, 'a', 1)).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('writing'),
    });
  });

  test('passes a boundary of the crash harness before and after its commit', async () => {
    const store = await freshStore();
    const before = stepsTaken();
    await store.tx((t) => putSetting(t, 'a', 1));
    expect(stepsTaken() - before).toBe(2);
  });
});
