import { contentOf, recordsWithKeys } from '../../store/index.js';
import { systemOf, type World } from '../../sync/index.js';
import type { Simulator } from './simulators.js';

/**
 * Compares every record in the simulators with the latest version in the store: by its update stamp, and where that differs by its content, read once
 * more. A touch that changes nothing of what is stored is no new version.
 */
export async function findLost(world: World, servicenow: Simulator, jira: Simulator): Promise<readonly string[]> {
  const lost: string[] = [];
  for (const stream of ['incident', 'problem', 'change_request', 'task_sla', 'sn_si_incident']) {
    const { records } = await servicenow.control<{ records: readonly { sys_id: string; sys_updated_on: string }[] }>(
      'GET',
      `records/${stream}`,
    );
    const there = records.map(({ sys_id, sys_updated_on }) => ({ key: sys_id, updatedAt: `${sys_updated_on.replace(' ', 'T')}.000Z` }));
    lost.push(...(await lostOf(world, { system: 'servicenow-prod', stream }, there)));
  }
  const { issues } = await jira.control<{ issues: readonly { id: string; project: string; updated: string }[] }>('GET', 'issues');
  for (const [project, stream] of [
    ['IMP', 'improvement'],
    ['AUD', 'audit-finding'],
  ] as const) {
    const there = issues
      .filter((issue) => issue.project === project)
      .map(({ id, updated }) => ({ key: id, updatedAt: new Date(updated).toISOString() }));
    lost.push(...(await lostOf(world, { system: 'jira-cloud', stream }, there)));
  }
  return lost;
}

async function lostOf(
  world: World,
  name: { readonly system: string; readonly stream: string },
  there: readonly { readonly key: string; readonly updatedAt: string }[],
): Promise<readonly string[]> {
  const stored = new Map(
    (
      await recordsWithKeys(
        world.store.read,
        there.map(({ key }) => ({ ...name, key })),
      )
    ).map((each) => [each.record.ref.key, each]),
  );
  const doubtful = there.filter(({ key, updatedAt }) => stored.get(key)?.record.updatedAt !== updatedAt).map(({ key }) => key);
  const stream = systemOf(world.systems, name.system).streams.find((candidate) => candidate.name === name.stream);
  const now = new Map((await stream?.get?.(doubtful))?.map((record) => [record.ref.key, record]));
  return doubtful.flatMap((key) => {
    const record = now.get(key);
    const same = record !== undefined && contentOf(record.data, stream?.volatile ?? []).hash === stored.get(key)?.hash;
    return same ? [] : [`${name.stream} ${record?.number ?? key}`];
  });
}
