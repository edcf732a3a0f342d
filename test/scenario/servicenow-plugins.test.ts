import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inputsOfRecord } from '../../src/store/index.js';
import { dayMs, mail, type Organisation, startOrganisation } from './organisation.js';

/** Tables of plugins beside those that every instance has. */
const streams = `
      streams:
        incident:
        change_request:
        sn_grc_issue:
        sn_cim_register:
        asmt_metric_result:
        sn_si_incident:`;

let organisation: Organisation;
beforeAll(async () => {
  organisation = await startOrganisation({
    edits: [['config/golden-thread.yaml', '      instance: ${SERVICENOW_URL}', `      instance: \${SERVICENOW_URL}${streams}`]],
  });
  await organisation.servicenow.switches({ absentTables: ['sn_cim_register'] });
});
afterAll(() => organisation.close());

const inputsOf = (stream: string, key: string): Promise<readonly unknown[]> =>
  inputsOfRecord(organisation.world.store.read, { system: 'servicenow-prod', stream, key });

describe('an instance with some of the plugins', () => {
  test('brings findings, poor answers and security incidents as inputs, and an absent plugin is no failure', async () => {
    const { servicenow } = organisation;
    const [initiative] = await servicenow.load('sn_cim_register', [
      { short_description: 'Renew certificates without people', priority: '2' },
    ]);
    const [issue] = await servicenow.load('sn_grc_issue', [
      { short_description: 'Reviews were not done', priority: '2', business_service: mail },
    ]);
    const [security] = await servicenow.load('sn_si_incident', [{ short_description: 'Phishing', priority: '3', business_service: mail }]);
    const [task] = await servicenow.load('incident', [{ short_description: 'Mail down', priority: '3', business_service: mail }]);
    const [sent] = await servicenow.load('asmt_assessment_instance', [{ task_id: task?.sys_id ?? '', taken_on: '2026-01-05 09:00:00' }]);
    const [poor, good] = await servicenow.load('asmt_metric_result', [
      { instance: sent?.sys_id ?? '', actual_value: '1' },
      { instance: sent?.sys_id ?? '', actual_value: '5' },
    ]);

    const cycle = await organisation.later();
    expect(cycle.failures).toEqual([]);
    expect(await inputsOf('sn_grc_issue', issue?.sys_id ?? '')).toMatchObject([{ category: 'audit-finding', severity: 'high' }]);
    expect(await inputsOf('sn_si_incident', security?.sys_id ?? '')).toMatchObject([{ category: 'security-incident' }]);
    expect(await inputsOf('asmt_metric_result', poor?.sys_id ?? '')).toMatchObject([{ category: 'customer-feedback', services: [mail] }]);
    expect(await inputsOf('asmt_metric_result', good?.sys_id ?? '')).toMatchObject([{ severity: 'low', facts: { score: 5 } }]);
    expect(await inputsOf('sn_cim_register', initiative?.sys_id ?? '')).toEqual([]);

    await servicenow.switches({ absentTables: [] });
    expect((await organisation.later()).failures).toEqual([]);
    expect(await inputsOf('sn_cim_register', initiative?.sys_id ?? '')).toMatchObject([{ category: 'by-hand', severity: 'high' }]);
  });

  test('that loses one keeps what was read of it', async () => {
    await organisation.servicenow.switches({ absentTables: ['sn_si_incident'] });
    for (let day = 0; day < 3; day += 1) await organisation.later(dayMs);
    const kept = await organisation.servicenow.records('sn_si_incident');
    expect(await inputsOf('sn_si_incident', kept[0]?.sys_id ?? '')).toMatchObject([{ category: 'security-incident' }]);
    expect(organisation.log.filter(({ message }) => message.includes('no longer brought'))).toEqual([]);
  });
});
