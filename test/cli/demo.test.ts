import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { runDemo, type DemoOutcome } from '../../src/cli/demo/run-demo.js';
import { main } from '../../src/cli/main.js';
import { blocksOf } from '../docs/repository.js';
import { bin, ended, type Said } from './command.js';

// A whole year takes a minute, on a busy machine some minutes.
jest.setTimeout(600_000);

describe('the demo organisation, after its year', () => {
  const dir = mkdtempSync(join(tmpdir(), 'golden-thread-demo-test-'));
  let child: ChildProcess | undefined;
  let said: Said;
  let figures: Omit<DemoOutcome, 'folder' | 'examples' | 'isOrganisation'>;
  beforeAll(async () => {
    child = spawn(process.execPath, [bin, 'demo', '--json', '--data', dir], { stdio: ['ignore', 'pipe', 'pipe'] });
    said = await ended(child);
    figures = JSON.parse(said.out) as typeof figures;
    // As `. env.sh` does.
    for (const [, name = '', value = ''] of readFileSync(join(dir, 'env.sh'), 'utf8').matchAll(/^export (\w+)='(.*)'$/gm))
      process.env[name] = value;
  });
  afterAll(() => {
    child?.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  });

  test('has lost nothing, doubled nothing, parked nothing, and every journal entry is as it was written', () => {
    expect(said.code).toBe(0);
    expect(figures).toMatchObject({
      lost: 0,
      lostRecords: [],
      duplicateTickets: 0,
      parkedWrites: 0,
      quarantined: 0,
      journalVerified: true,
    });
  });

  test('shows at least forty improvements of every kind, raised and closed in every quarter', () => {
    expect(figures.improvements).toBeGreaterThanOrEqual(40);
    expect(Object.keys(figures.kinds).toSorted()).toEqual(['corrective-action', 'service', 'sms', 'supplier']);
    const quarters = Object.entries(figures.quarters).slice(0, 4);
    expect(quarters.map(([name]) => name)).toEqual(['2025-Q4', '2026-Q1', '2026-Q2', '2026-Q3']);
    for (const [name, { raised }] of quarters) expect(`${name}: ${raised >= 5}`).toBe(`${name}: true`);
    for (const [name, { closed }] of quarters.slice(1)) expect(`${name}: ${closed >= 3}`).toBe(`${name}: true`);
  });

  test('has enough closed improvements for an audit sample of twenty-five', () => {
    expect(figures.statuses['closed']).toBeGreaterThanOrEqual(25);
  });

  test('shows every way in which an improvement can go at least once', () => {
    expect(Object.keys(figures.ways).length).toBeGreaterThan(25);
    expect(Object.entries(figures.ways).filter(([, count]) => count === 0)).toEqual([]);
  });

  test('tells what to run next, and all of that runs', async () => {
    const told = [...said.err.matchAll(/npm run -s golden-thread -- (.*?) +#/g)].map(([, line = '']) => line);
    expect(told.length).toBeGreaterThanOrEqual(8);
    for (const line of told)
      expect(await runs(line.replace(/\S*evidence\.zip/, join(dir, 'told.zip')))).toMatchObject({ ok: true, err: '' });
  });

  test('can be looked around in by every command that the README gives for it', async () => {
    const [block] = blocksOf('README.md').filter(({ mark }) => mark === 'look-around');
    const lines = [...(block?.text ?? '').matchAll(/^npm run -s golden-thread -- (.*)$/gm)].map(([, line = '']) => line);
    expect(lines.length).toBeGreaterThanOrEqual(8);
    for (const line of lines) expect(await runs(line.replaceAll('demo-data', dir))).toMatchObject({ ok: true, err: '' });
  });

  /** One command against the demo's folder. 2 says that something deserves attention, which is what `gaps` is for. */
  async function runs(line: string): Promise<{ readonly line: string; readonly ok: boolean; readonly err: string }> {
    const out: string[] = [];
    const err: string[] = [];
    const code = await main(['--config', join(dir, 'config'), ...line.split(' ')], {
      out: (text) => out.push(text),
      err: (text) => err.push(text),
      isInteractive: false,
    });
    return {
      line,
      ok: (code === 0 || code === 2) && (out.length > 0 || line.includes('--out')),
      err: code === 0 || code === 2 ? '' : err.join('\n'),
    };
  }
});

/** What is random is random in its first weeks as well; GOLDEN_THREAD_WEEKS=52 plays the year. */
const weeks = Number(process.env['GOLDEN_THREAD_WEEKS'] ?? 4);

test('played twice, the demo gives the same figures', async () => {
  const play = async (): Promise<unknown> => {
    const dir = mkdtempSync(join(tmpdir(), 'golden-thread-demo-test-'));
    const {
      seconds: _seconds,
      folder: _folder,
      ...figures
    } = await runDemo({
      seed: 1,
      log: undefined,
      data: dir,
      weeks,
      terminal: { out: () => undefined, err: () => undefined, isInteractive: false },
    });
    rmSync(dir, { recursive: true, force: true });
    return figures;
  };
  const first = await play();
  expect(first).toMatchObject({ lost: 0, duplicateTickets: 0, improvements: expect.any(Number), days: weeks * 7 });
  expect(await play()).toEqual(first);
});
