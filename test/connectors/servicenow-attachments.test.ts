import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Attachment } from 'golden-thread/kit';
import { type Simulated, simulate } from './servicenow-simulated.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('files at a change are evidence', () => {
  let simulated: Simulated;
  let change = '';
  const attachments = async (): Promise<readonly Attachment[] | undefined> => simulated.open().attachments?.('change_request', change);

  beforeEach(async () => {
    simulated = await simulate();
    const [loaded, other] = await simulated.control.load('change_request', [{ short_description: 'a' }, { short_description: 'b' }]);
    change = loaded?.sys_id ?? '';
    await simulated.control.attach('change_request', change, { name: 'test plan.txt', content: 'It worked.' });
    await simulated.control.attach('change_request', other?.sys_id ?? '', { name: 'of another change', content: 'x' });
  });
  afterEach(() => simulated.close());

  test('by the digest of their content, those of this record and no other', async () => {
    expect(await attachments()).toEqual([
      {
        id: expect.any(String),
        name: 'test plan.txt',
        type: 'text/plain',
        bytes: 10,
        at: '2026-11-21T12:00:00.000Z',
        by: 'change.manager',
        sha256: sha256('It worked.'),
      },
    ]);
  });

  test('a content that is not what its metadata says is told', async () => {
    await simulated.control.advance(1_000);
    await simulated.control.attach('change_request', change, { name: 'changed', content: 'changed later', hash: sha256('as signed') });
    const [, changed] = (await attachments()) ?? [];
    expect(changed).toMatchObject({ sha256: sha256('changed later'), problem: expect.stringContaining(sha256('as signed')) });
  });

  test('one that cannot be read is listed with the reason, and the others are read', async () => {
    await simulated.control.advance(1_000);
    const gone = await simulated.control.attach('change_request', change, { name: 'gone', content: 'gone' });
    await simulated.control.addFaults({ kind: 'status-503', status: 403, match: { path: `${gone.sys_id}/file` } });
    expect(await attachments()).toMatchObject([
      { sha256: sha256('It worked.') },
      { name: 'gone', problem: expect.stringMatching(/not read/) },
    ]);
  });

  test('one that says it is too large is not asked for', async () => {
    await simulated.control.load('sys_attachment', [
      { table_name: 'change_request', table_sys_id: change, file_name: 'video', size_bytes: 100_000_000 },
    ]);
    const files = (await attachments()) ?? [];
    expect(files.find(({ name }) => name === 'video')).toMatchObject({ problem: expect.stringMatching(/larger than 25 MiB/) });
    const asked = (await simulated.control.journal()).filter(({ path }) => path.endsWith('/file'));
    expect(asked).toHaveLength(1);
  });

  test('where attachments may not be read that is not the same as none', async () => {
    await simulated.control.restrict({ user: 'gt.reader', table: 'sys_attachment', forbid: true });
    expect(await attachments()).toBeUndefined();
  });

  test('a file of ours is attached by the account that writes, and read back by its digest', async () => {
    const bytes = Buffer.from('<svg>✓</svg>');
    const marker = sha256('<svg>✓</svg>').slice(0, 16);
    const file = { name: `run-chart-${marker}.svg`, mediaType: 'image/svg+xml', bytes, marker };
    const told = await simulated.open().sink?.attach?.('change_request', change, file);
    expect(told).toMatchObject({ name: file.name, type: 'image/svg+xml', bytes: 14, by: 'gt.writer', sha256: sha256('<svg>✓</svg>') });
    await simulated.control.switches({ attachmentExtensions: ['png', 'pdf'] });
    const other = { ...file, marker: '0'.repeat(16), name: `run-chart-${'0'.repeat(16)}.svg` };
    await expect(simulated.open().sink?.attach?.('change_request', change, other)).rejects.toMatchObject({
      kind: 'record',
      message: expect.stringMatching(/svg/),
      details: { committed: 'no' },
    });
  });
});
