import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { CompiledQuery } from 'kysely';
import { afterEach, describe, expect, test } from '@jest/globals';
import { startDaemon } from '../../src/daemon/daemon.js';
import { statusReport } from '../../src/report/index.js';
import { createMetrics } from '../../src/server/index.js';
import { outboxList, verifyJournal } from '../../src/store/index.js';
import { readAnchors, readTicketAnchors } from '../../src/sync/index.js';
import { burst, history, incident } from './incidents.js';
import { approve } from './people.js';
import { dayMs, hourMs, minuteMs, type Organisation, startOrganisation } from './organisation.js';

const away = mkdtempSync(join(tmpdir(), 'golden-thread-anchors-'));
const anchorFile = join(away, 'anchors.jsonl');
let organisation: Organisation;
afterEach(async () => {
  await organisation.close();
  rmSync(anchorFile, { force: true });
});

async function started(): Promise<void> {
  organisation = await startOrganisation({
    edits: [
      ['config/golden-thread.yaml', 'port: 8420', 'port: 0'],
      [
        'config/golden-thread.yaml',
        'mappings: ../mappings',
        `journal: { key: ${'k'.repeat(40)}, anchorFile: ${anchorFile} }\nmappings: ../mappings`,
      ],
    ],
  });
  await history(organisation, 2);
  await organisation.cycle();
  await organisation.release();
}

/** Somebody or something beside the product: the journal takes no entry, or none of one kind. */
function blocked(kind?: string): { readonly end: () => void } {
  const database = new Database(join(organisation.dir, 'golden-thread.db'));
  const when = kind === undefined ? '' : `when new.kind = '${kind}'`;
  database.exec(`create trigger fault before insert on journal ${when} begin select raise(abort, 'the volume is broken'); end`);
  database.close();
  return {
    end: () => {
      const again = new Database(join(organisation.dir, 'golden-thread.db'));
      again.exec('drop trigger fault');
      again.close();
    },
  };
}

/** Incidents that a rule fires on, not read yet. */
async function arrive(): Promise<void> {
  const from = Date.parse(organisation.now());
  await organisation.pass(2 * dayMs);
  const rows = Array.from({ length: 6 }, (_, index) => incident(from + (index + 1) * 6 * hourMs));
  await organisation.servicenow.bulk('incident', rows);
}

const trouble = async (): Promise<string> =>
  (await statusReport(organisation.world.store.read, organisation.now(), () => 5 * minuteMs)).troubles
    .map(({ problem }) => problem)
    .join('\n');

/** Every write that is confirmed has its two entries. */
async function accountedFor(): Promise<void> {
  const confirmed = await outboxList(organisation.world.store.read, { states: ['confirmed'] });
  const sent = (await organisation.journal('write-sent')).map(({ body }) => body?.['key']);
  const told = (await organisation.journal()).filter(({ kind }) => kind.startsWith('remote-')).map(({ body }) => body?.['key']);
  expect(confirmed.length).toBeGreaterThan(0);
  expect(confirmed.every(({ id }) => sent.includes(id) && told.includes(id))).toBe(true);
}

describe('a journal that cannot be written', () => {
  test('stops what is decided from being sent, says so, and lets everything through once it can be written again', async () => {
    await started();
    await arrive();
    const fault = blocked('write-sent');
    await organisation.later();
    const before = await organisation.writes();
    await organisation.later();
    await organisation.later();
    expect(await organisation.writes()).toEqual(before);
    expect((await organisation.improvements()).length).toBeGreaterThan(0);
    expect(await organisation.jira.issues({ project: 'IMP' })).toEqual([]);
    expect(organisation.world.store.journalTrouble()?.reason).toMatch(/the journal cannot be written/);
    fault.end();
    await organisation.later();
    expect(organisation.world.store.journalTrouble()).toBeUndefined();
    expect(await trouble()).toBe('');
    expect(await organisation.jira.issues({ project: 'IMP' })).toHaveLength(1);
    await accountedFor();
  });

  test('shows in status and in health with the reason, and no longer when it is over', async () => {
    await started();
    await arrive();
    const fault = blocked();
    await organisation.later();
    const daemon = await startDaemon(organisation.world, { metrics: createMetrics('0'), version: '0', intervalOf: () => 300_000 });
    const ready = async () => {
      const answer = await fetch(`${daemon.url}/readyz`);
      return { code: answer.status, text: await answer.text() };
    };
    await organisation.later();
    expect(await ready()).toMatchObject({ code: 503, text: expect.stringContaining('the volume is broken') });
    expect(await trouble()).toContain('the volume is broken');
    fault.end();
    await organisation.later();
    await organisation.later();
    expect(await ready()).toMatchObject({ code: 200 });
    expect(await trouble()).toBe('');
    expect((await organisation.journal('journal-resumed')).length).toBe(1);
    await daemon.stop();
  });

  test('leaves a write whose answer could not be noted in doubt, and never sends it twice', async () => {
    await started();
    await arrive();
    const fault = blocked('remote-create');
    await organisation.later();
    await organisation.later();
    expect(await organisation.jira.issues({ project: 'IMP' })).toHaveLength(1);
    expect(await outboxList(organisation.world.store.read, { states: ['confirmed'] })).toEqual([]);
    fault.end();
    await organisation.later();
    await organisation.later();
    expect(await organisation.jira.issues({ project: 'IMP' })).toHaveLength(1);
    await accountedFor();
  });

  test('is one on a disk that is full: nothing is sent until there is room', async () => {
    await started();
    const limit = (pages: string) =>
      organisation.world.store.tx((t) => t.executeQuery(CompiledQuery.raw(`pragma max_page_count = ${pages}`)));
    await arrive();
    await limit('1');
    const before = await organisation.writes();
    for (let round = 0; round < 4; round += 1) await organisation.later();
    expect(await organisation.writes()).toEqual(before);
    // Which write finds no room first depends on how full the pages are: the journal's, or one before it. Somebody is told either way.
    const told = [organisation.world.store.journalTrouble()?.reason ?? '', ...organisation.log.map((line) => JSON.stringify(line))];
    expect(told.join('\n')).toMatch(/disk is full/);
    await limit('1000000');
    for (let round = 0; round < 2; round += 1) await organisation.later();
    expect(organisation.world.store.journalTrouble()).toBeUndefined();
    expect(await organisation.jira.issues({ project: 'IMP' })).toHaveLength(1);
    await accountedFor();
  });
});

describe('the head of the journal outside of the database', () => {
  test('is in the log, in the anchor file and in the ticket, and all of them agree with the journal', async () => {
    await started();
    await approve(organisation, (await burst(organisation, 6)).id);
    await organisation.later();
    const { store } = organisation.world;
    const { anchors } = readAnchors(anchorFile, 'anchor file', store.installationId);
    const logged = organisation.log.filter(({ message }) => message === 'journal anchored');
    expect(anchors.length).toBeGreaterThan(1);
    expect(logged.length).toBe(anchors.length);
    const inTickets = await readTicketAnchors(organisation.world, 10);
    expect(inTickets.length).toBeGreaterThan(0);
    const result = await verifyJournal(store.read, { key: 'k'.repeat(40), anchors: [...anchors, ...inTickets] });
    expect(result.broken).toBeUndefined();
    expect(result.anchors).toBe(anchors.length + inTickets.length);
    const forged = inTickets.map((each) => ({ ...each, hash: '0'.repeat(16) }));
    expect((await verifyJournal(store.read, { key: 'k'.repeat(40), anchors: forged })).broken?.what).toMatch(/ticket IMP-\d+/);
  });

  test('costs an idle round no write anywhere, and no line', async () => {
    await started();
    await burst(organisation, 6);
    for (let round = 0; round < 3; round += 1) await organisation.later();
    const before = { writes: await organisation.writes(), lines: readAnchors(anchorFile, '', undefined).anchors.length };
    for (let round = 0; round < 3; round += 1) await organisation.later(5 * minuteMs);
    expect({ writes: await organisation.writes(), lines: readAnchors(anchorFile, '', undefined).anchors.length }).toEqual(before);
  });
});
