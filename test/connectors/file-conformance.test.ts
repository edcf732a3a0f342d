import { afterAll, describe, test } from '@jest/globals';
import { conformance } from 'golden-thread/kit/testing';
import { keep, poll, testInbox } from './file-inbox.js';
import { fileSubject } from './file-subject.js';

const inbox = testInbox();
afterAll(() => inbox.end());

/** The keys that the connector gives to these ids, learnt by reading them. */
async function keysOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  inbox.put('ids.csv', `id\n${ids.join('\n')}\n`);
  inbox.now += 60_000;
  const kept = keep(inbox, { files: 'ids.csv', key: ['id'] });
  await poll(kept, 1000);
  inbox.clear();
  return new Map([...kept.records.values()].map(({ number, ref }) => [number, ref.key]));
}

const keys = await keysOf(Array.from({ length: 500 }, (_, index) => `R-${index + 1}`));

describe('the file connector keeps the promises of the kit', () => {
  const subject = fileSubject(inbox, (id) => keys.get(id) ?? '');
  for (const one of conformance(subject)) {
    if (one.skipped === undefined) test(one.name, one.run, 60_000);
    else test.skip(one.name, () => {});
  }
});
