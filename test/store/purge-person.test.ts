import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CompiledQuery } from 'kysely';
import { describe, expect, test } from '@jest/globals';
import {
  appendJournal,
  enqueue,
  findPerson,
  improvement,
  journalAnchor,
  latestRecord,
  outboxEntry,
  purgePerson,
  putSetting,
  quarantineEntries,
  readJournal,
  redactionsOf,
  saveImprovement,
  type Store,
  suppressionOf,
  verifyJournal,
} from '../../src/store/index.js';
import { textColumns } from '../../src/store/retention/text-columns.js';
import { anImprovement, clock, entry, folder, freshStore, incident, savePages } from './world.js';

const name = 'Jané O\u2019Doe';
const account = '712020:aaaaaaaa-0000-4000-8000-00000000abcd';
const mail = 'jane.odoe@example.com';
const purge = { terms: [name], by: 'Ada Admin', because: `${name} has asked for it`, at: clock() };

/** Every file beside the database, searched byte by byte. */
function filesHolding(store: Store, ...needles: readonly string[]): readonly string[] {
  const dir = dirname(store.path);
  const json = (text: string): string => JSON.stringify(text).slice(1, -1);
  const escaped = (text: string): string =>
    Array.from(text, (char) => (char.charCodeAt(0) > 127 ? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}` : char)).join('');
  const forms = needles.flatMap((text) => [
    text,
    text.toUpperCase(),
    text.toLowerCase(),
    json(text),
    escaped(text),
    encodeURIComponent(text),
  ]);
  return readdirSync(dir).filter((file) => {
    const bytes = readFileSync(join(dir, file));
    return forms.some((form) => bytes.includes(Buffer.from(form, 'utf8')) || bytes.includes(Buffer.from(form, 'utf16le')));
  });
}

async function filled(): Promise<Store> {
  const store = await freshStore(join(folder(), 'gt.db'), { key: 'k'.repeat(40) });
  const user = { accountId: account, displayName: name, emailAddress: mail };
  const data = {
    short_description: `Laptop of ${name.toUpperCase()} is slow`,
    description: 'Nothing personal here.',
    caller: { display_value: name, value: 'c0ffee00c0ffee00c0ffee00c0ffee00' },
    watch_list: `${name}, John Roe`,
    comments: [
      { author: user, body: 'I cannot work since Monday.' },
      { author: { accountId: 'other', displayName: 'John Roe' }, body: 'Replaced the disk.' },
    ],
  };
  await savePages(store, [
    entry('a', data, { inputs: [{ title: `Laptop of ${name} is slow`, facts: { caller: name } }] }),
    entry('b', { short_description: 'Mail is late' }, { inputs: [{}] }),
  ]);
  await savePages(store, [entry('a', { ...data, state: 'closed' })], {
    rejections: [
      { key: 'q', reason: 'mapping', problems: [`what ${name} wrote`], raw: { caller: mail, text: JSON.stringify({ by: name }) } },
    ],
  });
  const before = anImprovement({
    owner: account,
    decisions: [{ kind: 'approved', at: clock(), by: name, account, rationale: 'It recurs every week.', historyId: 'h1' }],
  });
  await store.tx(async (t) => {
    await saveImprovement(t, before, { at: clock(), by: name, because: `approved by ${name}` });
    const write = { system: 'jira', resource: 'issue', operation: 'comment', subject: 'IMP-0001' } as const;
    await enqueue(t, { ...write, id: 'o1', payload: { text: `Dear ${name}, please look.`, assignee: account } }, clock());
    await putSetting(t, 'trouble/x', { problem: `${mail} is unknown` });
    // What was written over lies in free pages of the file until it is written anew.
    await putSetting(t, 'trouble/y', { problem: `${name} `.repeat(2000) });
    await appendJournal(t, [
      { at: clock(), actor: name, kind: 'decision-taken', subject: 'IMP-0001', because: `${name}: it recurs`, body: { by: name, account } },
      { at: clock(), actor: 'golden-thread', kind: 'page', subject: 'snow/incident', because: 'read', body: { n: 1 } },
      { at: clock(), actor: account, kind: 'move-refused', subject: 'IMP-0001', because: 'no rationale', body: {} },
    ]);
  });
  await store.tx((t) => putSetting(t, 'trouble/y', null));
  return store;
}

describe('purging a person', () => {
  test('leaves no byte of name, account or address in the database or its log, however it was spelled', async () => {
    const store = await filled();
    expect(filesHolding(store, name, account, mail)).not.toEqual([]);
    const done = await purgePerson(store, purge);
    expect(done.terms).toEqual(expect.arrayContaining([name, account, mail, 'c0ffee00c0ffee00c0ffee00c0ffee00']));
    expect(filesHolding(store, name, account, mail, 'c0ffee00c0ffee00c0ffee00c0ffee00', 'cannot work since Monday')).toEqual([]);
    expect((await findPerson(store.read, [name, account, mail])).rows).toEqual({});
  });

  test('leaves the journal whole, with anchors taken before and after, and what others did untouched', async () => {
    const store = await filled();
    const anchors = [{ ...(await journalAnchor(store.read))!, where: 'before' }];
    const { placeholder } = await purgePerson(store, purge);
    anchors.push({ ...(await journalAnchor(store.read))!, where: 'after' });
    const verified = await verifyJournal(store.read, { key: 'k'.repeat(40), anchors });
    expect(verified.broken).toBeUndefined();
    expect(verified.purged).toBe(2);
    const entries = await readJournal(store.read);
    expect(entries.map(({ actor }) => actor)).toEqual([placeholder, 'golden-thread', placeholder, 'Ada Admin']);
    expect(entries.at(-1)).toMatchObject({ kind: 'person-purged', because: expect.stringContaining('text removed') });
    expect(placeholder).toMatch(/^\[removed person [0-9a-f]{8}\]$/);
  });

  test('keeps decisions decided, threads walkable, hashes as they were, and says what was redacted', async () => {
    const store = await filled();
    const hash = (await latestRecord(store.read, incident('a')))?.hash;
    const { placeholder } = await purgePerson(store, purge);
    const after = await improvement(store.read, 'IMP-0001');
    expect(after?.decisions).toMatchObject([
      { kind: 'approved', by: placeholder, account: placeholder, rationale: 'It recurs every week.' },
    ]);
    expect(after?.owner).toBe(placeholder);
    const record = await latestRecord(store.read, incident('a'));
    expect(record?.hash).toBe(hash);
    expect(record?.record.data).toMatchObject({
      short_description: expect.stringMatching(/text removed/),
      description: 'Nothing personal here.',
      caller: { display_value: placeholder, value: placeholder },
      watch_list: `${placeholder}, John Roe`,
      comments: [{ body: expect.stringMatching(/text removed/) }, { author: { displayName: 'John Roe' }, body: 'Replaced the disk.' }],
    });
    expect((await outboxEntry(store.read, 'o1'))?.payload).toMatchObject({ assignee: placeholder });
    expect(JSON.stringify(await quarantineEntries(store.read))).not.toContain('Jan');
    expect(await redactionsOf(store.read, incident('a'))).toMatchObject([
      { version: 1, kind: 'person-purged' },
      { version: 2, kind: 'person-purged' },
    ]);
    expect(await redactionsOf(store.read, incident('b'))).toEqual([]);
    const marks = await store.read.selectFrom('redaction').select('what').distinct().orderBy('what').execute();
    expect(marks.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['improvement', 'improvement_version', 'input_version', 'outbox', 'quarantine', 'record_version']),
    );
  });

  test('is done once: what is read again is the same version, and what is new comes without the person', async () => {
    const store = await filled();
    await purgePerson(store, purge);
    const clean = await suppressionOf(store.read);
    const read = clean?.({
      caller: name,
      note: `Call ${mail} or [~accountid:${account}]`,
      other: 'O\u2019Doe, Jané',
      plain: 'Mail is late',
    });
    expect(JSON.stringify(read)).not.toMatch(/jan|odoe|712020/i);
    expect(read).toMatchObject({ plain: 'Mail is late' });
    await store.tx((t) => appendJournal(t, [{ at: clock(), actor: name, kind: 'x', subject: 'y', because: 'z', body: {} }]));
    expect(filesHolding(store, name)).toEqual([]);
    expect((await verifyJournal(store.read, { key: 'k'.repeat(40) })).broken).toBeUndefined();
  });

  test('takes nobody else with it, and refuses what would be found everywhere', async () => {
    const store = await filled();
    await savePages(store, [
      entry('c', { caller: 'Jané O\u2019Doerflinger', text: 'janet and jane.odoe@example.com.au' }, { inputs: [{}] }),
    ]);
    await purgePerson(store, purge);
    expect((await latestRecord(store.read, incident('c')))?.record.data).toMatchObject({ caller: 'Jané O\u2019Doerflinger' });
    await expect(purgePerson(store, { ...purge, terms: ['ab'] })).rejects.toMatchObject({ kind: 'config' });
  });

  test('a second person can be purged after a first: the texts that tell of a purge are accounted for too', async () => {
    const store = await filled();
    await purgePerson(store, { ...purge, because: 'John Roe said so' });
    await purgePerson(store, { ...purge, terms: ['John Roe'], because: 'it was asked for' });
    expect(filesHolding(store, name, 'John Roe')).toEqual([]);
    expect((await verifyJournal(store.read, { key: 'k'.repeat(40) })).broken).toBeUndefined();
  });

  test('cannot be used to hide an edit: a body that no purge names is still given away', async () => {
    const store = await filled();
    await purgePerson(store, purge);
    await store.maintenance.redacting(
      (text) => text,
      async (t) =>
        void (await t
          .updateTable('journal_body')
          .set({ body: '{"actor":"golden-thread","because":"x","body":{}}' })
          .where('seq', '=', 2)
          .execute()),
    );
    expect((await verifyJournal(store.read, { key: 'k'.repeat(40) })).broken).toMatchObject({ seq: 2 });
  });

  test('lifts the triggers for its own transaction only', async () => {
    const store = await filled();
    await purgePerson(store, purge);
    await expect(store.tx((t) => t.deleteFrom('record_version').execute())).rejects.toThrow('append-only');
    await expect(store.tx((t) => t.updateTable('journal_body').set({ body: '{}' }).execute())).rejects.toThrow('append-only');
  });
});

test('every column of the database holds text or numbers, so that a purge sees all of it', async () => {
  const store = await freshStore();
  const { rows } = await store.read.executeQuery<{ type: string }>(
    CompiledQuery.raw("select distinct lower(c.type) as type from sqlite_schema m join pragma_table_info(m.name) c where m.type = 'table'"),
  );
  expect(rows.map(({ type }) => type).filter((type) => !['text', 'integer', 'varchar(255)', ''].includes(type))).toEqual([]);
  expect((await textColumns(store.read)).length).toBeGreaterThan(15);
});
