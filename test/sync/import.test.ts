import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { describeFailure, isFailure } from '../../src/kit/index.js';
import { decide, importRegister, type ImportAsk, push } from '../../src/sync/index.js';
import { checkout, type Organisation, startOrganisation } from '../scenario/organisation.js';

let organisation: Organisation;
let dir: string;

beforeEach(async () => {
  organisation = await startOrganisation();
  dir = mkdtempSync(join(tmpdir(), 'golden-thread-import-'));
});

afterEach(async () => {
  await organisation.close();
  rmSync(dir, { recursive: true, force: true });
});

const heading =
  'Number,Title,Status,Category,Kind,Priority,Raised,Service,Owner,Decided,Decided by,Rationale,Closed,Closure notes,Effective';
const closed =
  'CSI-1,Fewer failed deliveries,Closed,Incident,Service,High,2025-03-03,Warehouse,Mary Okafor,2025-03-20,Amir Rahman,An hour a day is lost,2025-08-01,Half as many,Effective';
const open = 'CSI-2,Tidy the runbooks,Approved,,SMS,,2025-11-01,,Nobody Known,2025-11-09,Amir Rahman,Audit asked for it,,,';
const strange = 'CSI-3,=cmd|calc,Parked,,,,2025-11-01,,,,,,,,';

function ask(file: string, more: Partial<ImportAsk> = {}): ImportAsk {
  return { source: { is: 'file', file, key: 'Number' }, register: 'register', by: 'a.rahman', withTickets: false, dryRun: false, ...more };
}

function file(name: string, ...rows: readonly string[]): string {
  const path = join(dir, name);
  writeFileSync(path, [heading, ...rows, ''].join('\n'));
  return path;
}

async function problemsOf(work: Promise<unknown>): Promise<readonly string[]> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AggregateError)
      return error.errors.map((each: unknown) => (isFailure(each) ? describeFailure(each) : String(each)));
    throw error;
  }
  return [];
}

describe('an earlier register', () => {
  test('comes over with its numbers, decisions and results, and says what the directory does not know', async () => {
    const result = await importRegister(organisation.world, ask(file('csi.csv', closed, open)));
    expect(result.imported).toEqual([
      { number: 'CSI-1', id: 'IMP-0001', status: 'closed', title: 'Fewer failed deliveries', notes: [] },
      {
        number: 'CSI-2',
        id: 'IMP-0002',
        status: 'approved',
        title: 'Tidy the runbooks',
        notes: ['the directory does not know the owner "Nobody Known"'],
      },
    ]);
    const first = await organisation.improvement('IMP-0001');
    expect(first.beforeAdoption).toEqual({ importedAt: organisation.now(), source: 'csi.csv', number: 'CSI-1' });
    expect(first.serviceIds).toEqual(['warehouse']);
    expect(first.decisions[0]).toMatchObject({ kind: 'approved', by: 'a.rahman', rationale: 'An hour a day is lost' });
    expect(first.closure).toMatchObject({ result: 'effective', notes: 'Half as many' });
    expect(first.raisedAt).toBe('2025-03-03T00:00:00.000Z');
    expect((await organisation.journal('improvement-imported')).map(({ subject }) => subject)).toEqual(['IMP-0001', 'IMP-0002']);
  });

  test('imported twice adds nothing, under whatever file name; a row that reads otherwise by then is named and not taken', async () => {
    await importRegister(organisation.world, ask(file('a.csv', closed, open)));
    const again = await importRegister(organisation.world, ask(file('b.csv', closed, open.replace('Tidy', 'Burn'))));
    expect(again).toMatchObject({ imported: [], known: ['CSI-1'], differing: ['CSI-2'] });
    expect((await organisation.improvements()).map(({ title }) => title)).toEqual(['Fewer failed deliveries', 'Tidy the runbooks']);
  });

  test('with one row that cannot be read is refused whole, with its line', async () => {
    const problems = await problemsOf(importRegister(organisation.world, ask(file('csi.csv', closed, strange))));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/csi\.csv, line 3 \(CSI-3\): .*Parked/);
    expect(problems[0]).toContain('nothing was imported');
    expect(await organisation.improvements()).toEqual([]);
  });

  test('with a category that the policy does not approve is refused, with the ones that it does', async () => {
    organisation.edit('mappings/file/register.yaml', 'default: by-hand', 'default: hearsay');
    await organisation.restart();
    const problems = await problemsOf(importRegister(organisation.world, ask(file('csi.csv', open))));
    expect(problems[0]).toMatch(/line 2 \(CSI-2\): policy.yaml approves no category "hearsay" \(incident, /);
  });

  test('shown by a dry run is not there afterwards', async () => {
    const result = await importRegister(organisation.world, ask(file('csi.csv', closed), { dryRun: true }));
    expect(result.imported.map(({ id }) => id)).toEqual(['IMP-0001']);
    expect(await organisation.improvements()).toEqual([]);
    expect(await organisation.journal('improvement-imported')).toEqual([]);
  });

  test('raises nothing by its rows, whatever the rules say', async () => {
    await organisation.release();
    const today = organisation.now().slice(0, 10);
    const findings = Array.from({ length: 6 }, (_, at) => `F-${at},Finding ${at},Open,Audit,SMS,Critical,${today},Checkout,,,,,,,`);
    await importRegister(organisation.world, ask(file('csi.csv', ...findings)));
    expect(await decide(organisation.world)).toMatchObject({ inputs: 6, raised: [] });
    expect(await organisation.improvements()).toHaveLength(6);
  });

  test('gets tickets for what is open when that is asked for, each once and where it stands', async () => {
    await organisation.release();
    await importRegister(organisation.world, ask(file('csi.csv', closed, open), { withTickets: true }));
    await push(organisation.world);
    await organisation.later();
    const ticket = await organisation.ticket('IMP-0002');
    expect(ticket.status).toBe('Approved');
    expect((await organisation.improvement('IMP-0001')).ticket).toBeUndefined();
    expect((await organisation.improvement('IMP-0002')).status).toBe('approved');
  });

  test('kept in ServiceNow is read from there', async () => {
    organisation.edit(
      'mappings/file/register.yaml',
      /from: file\.register[\s\S]*/,
      [
        'from: servicenow.problem',
        'to: register-entry',
        'description: Problems that were kept as improvements.',
        'fields:',
        '  number: =number',
        '  title: =short_description',
        '  category: problem',
        '  status: proposed',
        '  raisedAt: =$time(opened_at)',
        '  services: =$list([business_service.id])',
        '',
      ].join('\n'),
    );
    await organisation.restart();
    await organisation.servicenow.load('problem', [
      { number: 'PRB1', short_description: 'Sessions get lost', opened_at: '2025-12-01 08:00:00', business_service: checkout },
    ]);
    const source = { is: 'stream', system: 'servicenow-prod', stream: 'problem' } as const;
    const result = await importRegister(organisation.world, ask('', { source }));
    expect(result.imported).toMatchObject([{ number: 'PRB1', id: 'IMP-0001', status: 'proposed', title: 'Sessions get lost' }]);
    expect((await organisation.improvement('IMP-0001')).serviceIds).toEqual(['checkout']);
  });
});
