import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { threadReport } from '../../src/report/index.js';
import { outboxList } from '../../src/store/index.js';
import { burst } from './incidents.js';
import { type Organisation, startOrganisation } from './organisation.js';
import { approve } from './people.js';

const secret = 'The mailbox of the chief physician was read by strangers';

describe('records that are confidential at their source', () => {
  let organisation: Organisation;
  beforeEach(async () => {
    organisation = await startOrganisation({
      edits: [
        ['mappings/servicenow/incident.yaml', '  category: incident\n', '  category: incident\n  restricted: =category = "confidential"\n'],
        ['config/policy.yaml', 'routing:\n', 'routing:\n  securityLevel: Restricted\n'],
      ],
    });
    await organisation.cycle();
    await organisation.release();
  });
  afterEach(() => organisation.close());

  test('reach Jira and the change by their number only, under the configured security level, and are whole in the thread', async () => {
    await burst(organisation, 6, { category: 'confidential', short_description: secret });
    await organisation.later();
    const [raised] = await organisation.improvements();
    expect(raised).toMatchObject({ restricted: true });
    const ticket = await organisation.ticket(raised?.id ?? '');
    expect(ticket.fields['security']).toMatchObject({ name: 'Restricted' });
    expect(ticket.summary).toMatch(/INC\d+/);
    expect(ticket.remoteLinks).toEqual([]);
    await approve(organisation, raised?.id ?? '');
    await organisation.later();
    expect((await organisation.servicenow.records('change_request')).length).toBe(1);
    const sent = await outboxList(organisation.world.store.read, { states: ['confirmed', 'pending', 'in-doubt', 'parked'], limit: 1000 });
    expect(sent.length).toBeGreaterThan(2);
    expect(JSON.stringify(sent.map(({ payload }) => payload))).not.toContain('physician');
    const { world } = organisation;
    const report = await threadReport(world.store.read, world.config, raised?.id ?? '', organisation.now());
    expect(JSON.stringify(report?.thread)).toContain(secret);
  });

  test('do not hide those that are not', async () => {
    await burst(organisation, 6);
    await organisation.later();
    const [raised] = await organisation.improvements();
    const ticket = await organisation.ticket(raised?.id ?? '');
    expect(raised?.restricted).toBeUndefined();
    expect(ticket.fields['security'] ?? null).toBeNull();
    expect(ticket.summary).toContain('session store');
    expect(ticket.remoteLinks.length).toBeGreaterThan(4);
  });
});
