import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { backUp } from '../../src/store/index.js';
import { burst } from './incidents.js';
import { type Organisation, startOrganisation } from './organisation.js';
import { approve, changesOf } from './people.js';

describe('a database that was restored from an older backup', () => {
  let organisation: Organisation;
  beforeAll(async () => {
    organisation = await startOrganisation();
    await organisation.cycle();
    await organisation.release();
  });
  afterAll(() => organisation.close());

  test('finds the tickets and changes again that it made in the life it forgot, and makes no second ones', async () => {
    const database = join(organisation.dir, 'golden-thread.db');
    const backup = join(organisation.dir, 'backup.db');
    await backUp(database, backup);
    const { id } = await burst(organisation);
    await approve(organisation, id);
    await organisation.later();
    const tickets = await organisation.jira.issues({ project: 'IMP' });
    const changes = (await changesOf(organisation, id)).map(({ sys_id }) => sys_id);
    expect([tickets.length, changes.length]).toEqual([1, 1]);

    await organisation.restart(() => {
      for (const file of [database, `${database}-wal`, `${database}-shm`]) rmSync(file, { force: true });
      copyFileSync(backup, database);
    });
    expect(await organisation.improvements()).toEqual([]);
    for (let round = 0; round < 4; round += 1) await organisation.later();

    const [raised, ...more] = await organisation.improvements();
    expect(more).toEqual([]);
    expect(raised).toMatchObject({ ticket: { number: tickets[0]?.key }, decisions: [{ kind: 'approved', by: 'a.rahman' }] });
    expect(await organisation.jira.issues({ project: 'IMP' })).toHaveLength(1);
    expect((await changesOf(organisation, raised?.id ?? '')).map(({ sys_id }) => sys_id)).toEqual(changes);
  });
});
