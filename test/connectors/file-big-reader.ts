import { workerData } from 'node:worker_threads';
import { keep, savePage, testInbox } from './file-inbox.js';

// Reads an inbox to its end in a thread with little memory; reports how many records there were. What does not fit ends the thread.
const { path, settings } = workerData as { path: string; settings: object };
const inbox = { ...testInbox(), path };
const kept = keep(inbox, settings, { maxBytes: 500_000_000, wanted: { row: ['id'] } });
let records = 0;
for (let done = false; !done;) {
  const page = await savePage({ ...kept, records: new Map(), versions: new Map() }, 1000);
  kept.cursor = page.cursor;
  records += page.records.length;
  done = page.done;
}
const { parentPort } = await import('node:worker_threads');
parentPort?.postMessage(records);
