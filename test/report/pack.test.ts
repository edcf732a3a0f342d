import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Decision, Evidence, Improvement, Measurement } from '../../src/domain/index.js';
import type { JsonObject } from '../../src/kit/index.js';
import { type EvidencePack, evidencePack } from '../../src/report/index.js';
import { appendJournal, canonicalJson, saveImprovement, sha256 } from '../../src/store/index.js';
import { anImprovement, entry, folder, freshStore, incident, input, savePages } from '../store/world.js';
import { shippedConfig } from './shipped-config.js';

const python = spawnSync('python3', ['--version'], { encoding: 'utf8' });
const hasPython = python.status === 0;
if (!hasPython) process.stdout.write('packs are not verified by their script: python3 is not on this machine\n');
const verified = hasPython ? describe : describe.skip;

const decision: Decision = {
  kind: 'approved',
  at: '2026-05-03T00:00:00.000Z',
  by: 'a.rahman',
  account: 'acc',
  rationale: 'Worth it: "äöü" \u2028 <b>',
  objective: 'fewer-repeats',
  historyId: '10',
};
const content: JsonObject = { closeCode: 'successful', notes: 'Größe 1.50 €', number: 'CHG1' };
const evidence: Evidence = { kind: 'change-completion', at: '2026-05-20T00:00:00.000Z', hash: sha256(canonicalJson(content)), content };
const measurement: Measurement = {
  at: '2026-08-01T00:00:00.000Z',
  result: 'effective',
  sentence: 'Effective: 60 % fewer.',
  method: 'a test',
  final: true,
  baseline: { from: '2025-11-01T00:00:00.000Z', to: '2026-04-24T00:00:00.000Z', weekly: [5, 6, 7, 5], rate: 5.75 },
  window: { from: '2026-06-01T00:00:00.000Z', to: '2026-07-27T00:00:00.000Z', weekly: [2, 1, 3, 2], rate: 2 },
  dispersion: 1.1,
  pValue: 0.0001,
};

/** A pack of two improvements that were decided, carried out, measured and journalled, one of them resting on a confidential record. */
async function makePack(): Promise<EvidencePack> {
  const store = await freshStore();
  await savePages(store, [
    entry('a', { short_description: 'VPN drops' }, { inputs: [{}] }),
    entry('secret', { short_description: 'The payroll was copied' }, { inputs: [{ restricted: true, title: 'The payroll was copied' }] }),
  ]);
  const at = '2026-08-02T00:00:00.000Z';
  const base: Partial<Improvement> = { status: 'closed', decisions: [decision], evidence: [evidence], measurements: [measurement] };
  await store.tx(async (t) => {
    for (const [id, key] of [
      ['IMP-0001', 'a'],
      ['IMP-0002', 'secret'],
    ] as const) {
      await saveImprovement(t, anImprovement({ ...base, id, triggers: [input(key).id] }), { at, by: 'test', because: 'made' });
      const say = (kind: string, body: object) => ({
        at,
        actor: 'a.rahman',
        kind,
        subject: id,
        because: 'said',
        body: JSON.parse(JSON.stringify(body)) as JsonObject,
      });
      await appendJournal(t, [
        say('decision-taken', decision),
        { at, actor: 'golden-thread', kind: 'status-moved', subject: 'IMP-0099', because: 'x', body: {} },
        say('evidence-kept', { kind: evidence.kind, hash: evidence.hash }),
        say('effect-measured', measurement),
      ]);
    }
  });
  const pack = await evidencePack({ db: store.read, config: shippedConfig(), at: '2026-09-01T00:00:00.000Z', product: 'test' }, [
    'IMP-0002',
    'IMP-0001',
  ]);
  expect(incident('a').stream).toBe('incident');
  return pack;
}

let pack: EvidencePack;
beforeAll(async () => {
  pack = await makePack();
});

function unpack(): string {
  const dir = folder();
  for (const { path, bytes } of pack.files) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), bytes);
  }
  return dir;
}

function verify(dir: string, ...more: readonly string[]): { readonly code: number | null; readonly out: string } {
  const { status, stdout, stderr } = spawnSync('python3', [join(dir, 'verify.py'), ...more], { encoding: 'utf8' });
  return { code: status, out: `${stdout}${stderr}` };
}

/** What somebody would do who knows the pack: list the files anew after changing them. */
function listAnew(dir: string): void {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && file.name !== 'SHA256SUMS')
    .map((file) => relative(dir, join(file.parentPath, file.name)));
  const line = (file: string): string =>
    `${createHash('sha256')
      .update(readFileSync(join(dir, file)))
      .digest('hex')}  ${file}\n`;
  writeFileSync(join(dir, 'SHA256SUMS'), files.toSorted().map(line).join(''));
}

function edit(dir: string, file: string, change: (text: string) => string): void {
  const before = readFileSync(join(dir, file), 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(join(dir, file), after);
}

const snapshot = `IMP-0001/evidence/${evidence.hash}.json`;

verified('the script in the pack, which shares nothing with the product,', () => {
  test('finds an intact pack intact, and only with the root that was noted elsewhere', () => {
    const dir = unpack();
    const { code, out } = verify(dir);
    expect(out).toMatch(/^Everything holds/);
    expect(code).toBe(0);
    const root = /root ([0-9a-f]{64})/.exec(out)?.[1] ?? '';
    expect(verify(dir, '--root', root).code).toBe(0);
    expect(verify(dir, '--root', 'f'.repeat(64))).toMatchObject({ code: 1, out: expect.stringContaining('another root') });
  });

  const tampered: readonly (readonly [string, string, (dir: string) => void])[] = [
    ['a changed snapshot', snapshot, (dir) => edit(dir, snapshot, (text) => text.replace('successful', 'unsuccessful'))],
    [
      'a changed measurement',
      'IMP-0001/measurements.json',
      (dir) => edit(dir, 'IMP-0001/measurements.json', (text) => text.replace('0.0001', '0.01')),
    ],
    ['a removed snapshot', snapshot, (dir) => rmSync(join(dir, snapshot))],
    ['an added file', 'IMP-0001/extra.json', (dir) => writeFileSync(join(dir, 'IMP-0001/extra.json'), '{}')],
    [
      'a changed record',
      'IMP-0001/records/001-INC-a.json',
      (dir) => edit(dir, 'IMP-0001/records/001-INC-a.json', (text) => text.replace('drops', 'holds')),
    ],
    [
      'two files that were swapped',
      'IMP-0001/register-entry.json',
      (dir) => {
        renameSync(join(dir, 'IMP-0001/register-entry.json'), join(dir, 'x'));
        renameSync(join(dir, 'IMP-0002/register-entry.json'), join(dir, 'IMP-0001/register-entry.json'));
        renameSync(join(dir, 'x'), join(dir, 'IMP-0002/register-entry.json'));
      },
    ],
    ['a removed journal entry', 'journal.json', (dir) => removeEntry(dir, 'effect-measured')],
  ];

  test.each(tampered)('names %s', (_, file, tamper) => {
    const dir = unpack();
    tamper(dir);
    const { code, out } = verify(dir);
    expect(code).toBe(1);
    expect(out).toContain(`WRONG  ${file}`);
    const shell = spawnSync('sh', [join(dir, 'verify.sh')], { encoding: 'utf8' });
    expect(shell.status).not.toBe(0);
  });

  const hidden: readonly (readonly [string, string, (dir: string) => void])[] = [
    ...tampered.filter(([what]) => !['an added file', 'a changed record', 'a removed journal entry'].includes(what)),
    ['what a removed journal entry said', 'IMP-0001/measurements.json', (dir) => removeEntry(dir, 'effect-measured')],
    [
      'a measurement that was changed everywhere but in the journal',
      'IMP-0001/measurements.json',
      (dir) => {
        for (const file of ['measurements.json', 'register-entry.json'])
          edit(dir, `IMP-0001/${file}`, (text) => text.replace('"result":"effective"', '"result":"inconclusive"'));
      },
    ],
    [
      'a decision that was put into another mouth',
      'IMP-0001/decisions.json',
      (dir) => {
        for (const file of ['decisions.json', 'register-entry.json'])
          edit(dir, `IMP-0001/${file}`, (text) => text.replace('a.rahman', 'l.weber'));
      },
    ],
    [
      'the text of a journal entry',
      'journal.json',
      (dir) => edit(dir, 'journal.json', (text) => text.replaceAll('Effective: 60', 'Effective: 90')),
    ],
    [
      'an entry of another subject',
      'journal.json',
      (dir) => edit(dir, 'journal.json', (text) => text.replace('"subject": "IMP-0001"', '"subject": "IMP-0003"')),
    ],
  ];

  test.each(hidden)('names %s also when the list of files was written anew', (_, file, tamper) => {
    const dir = unpack();
    tamper(dir);
    listAnew(dir);
    const { code, out } = verify(dir);
    expect(code).toBe(1);
    expect(out).toContain(`WRONG  ${file.split('/')[0] ?? ''}`);
  });

  test('says in words what is no pack at all', () => {
    const dir = unpack();
    writeFileSync(join(dir, 'journal.json'), 'not json');
    listAnew(dir);
    const { code, out } = verify(dir);
    expect(code).toBe(1);
    expect(out).not.toContain('Traceback');
  });
});

function removeEntry(dir: string, kind: string): void {
  edit(dir, 'journal.json', (text) => {
    const journal = JSON.parse(text) as { entries: readonly { entry: { kind: string; subject: string } }[] };
    const at = journal.entries.findIndex(({ entry: { kind: own, subject } }) => own === kind && subject === 'IMP-0001');
    return JSON.stringify({ ...journal, entries: journal.entries.toSpliced(at, 1) });
  });
}

test('nothing but the number of a confidential record is in the pack', () => {
  const text = pack.files.map(({ path, bytes }) => `${path}\n${new TextDecoder().decode(bytes)}`).join('\n');
  expect(text).not.toContain('payroll');
  expect(text).toContain('INC-secret');
});

test('the same register gives the same files, and the hash that is printed is that of their list', async () => {
  const again = await makePack();
  const paths = (of: EvidencePack): readonly string[] => of.files.map(({ path }) => path);
  expect(paths(again)).toEqual(paths(pack));
  expect(pack.sumsHash).toBe(sha256(new TextDecoder().decode(pack.files.at(-1)?.bytes)));
});
