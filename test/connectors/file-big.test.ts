import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { closeSync, openSync, utimesSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { keep, poll, savePage, testInbox } from './file-inbox.js';
import { workbook, zipOf } from './file-workbook.js';

const inbox = testInbox();
beforeEach(() => inbox.clear());
afterAll(() => inbox.end());

const rows = 50_000;
const filler = 'x'.repeat(1000);

/** 50 MB of rows, written piece by piece. */
function bigFile(): void {
  const file = openSync(join(inbox.path, 'big.csv'), 'w');
  writeSync(file, 'id,text\n');
  for (let at = 0; at < rows; at += 1000)
    writeSync(file, Array.from({ length: 1000 }, (_, row) => `AUD-${at + row},"${filler}"\n`).join(''));
  closeSync(file);
  // As if it lay there for long: the reader's clock is another one.
  utimesSync(join(inbox.path, 'big.csv'), 1_700_000_000, 1_700_000_000);
  inbox.now += 60_000;
}

describe('a file of 50,000 rows and 50 MB', () => {
  test('is read in a thread that has 40 MB of memory for everything', async () => {
    bigFile();
    const worker = new Worker(new URL('./file-big-reader.js', import.meta.url), {
      workerData: { path: inbox.path, settings: { files: 'big.csv', key: ['id'] } },
      resourceLimits: { maxOldGenerationSizeMb: 40, maxYoungGenerationSizeMb: 8 },
    });
    const records = await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    await worker.terminate();
    expect(records).toBe(rows);
  }, 60_000);

  test('is read in one pass, no further than each page needs, and leaves a small cursor', async () => {
    bigFile();
    const kept = keep(inbox, { files: 'big.csv', key: ['id'] }, { maxBytes: 500_000_000, wanted: { row: ['id'] } });
    for (let page = 1; page <= 5; page += 1) {
      await savePage(kept, 1000);
      expect(inbox.bytes).toBeLessThan(page * 1_020_000 + 1_000_000);
    }
    await poll(kept, 1000);
    expect(kept.records.size).toBe(rows);
    expect(inbox.bytes).toBeLessThan(52_000_000);
    expect(JSON.stringify(kept.cursor).length).toBeLessThan(250_000);
    inbox.bytes = 0;
    expect(await poll(kept, 1000)).toBe(0);
    expect(inbox.bytes).toBe(0);
  }, 60_000);
});

test('a sheet of 20,000 rows is read as its rows', async () => {
  const cell = (at: string, text: string): string => `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`;
  const sheet = Array.from(
    { length: rows / 2.5 },
    (_, at) => `<row r="${at + 2}">${cell(`A${at + 2}`, `AUD-${at}`)}${cell(`B${at + 2}`, 'x'.repeat(100))}</row>`,
  );
  inbox.put('big.xlsx', zipOf(workbook({ One: `<row r="1">${cell('A1', 'id')}${cell('B1', 'text')}</row>${sheet.join('')}` })));
  inbox.now += 60_000;
  const kept = keep(inbox, { files: 'big.xlsx', key: ['id'] });
  expect(await poll(kept, 1000)).toBe(20_000);
}, 60_000);
