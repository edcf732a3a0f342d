import type { Cursor } from '../../../src/kit/index.js';
import { systemOf } from '../../../src/sync/index.js';
import { burst, incident } from '../../scenario/incidents.js';
import { hourMs, type Organisation, startOrganisation } from '../../scenario/organisation.js';
import type { Cost } from '../cost.js';
import { report } from '../measure.js';

/** Requests to both systems while `work` runs: method and path. */
async function requests(organisation: Organisation, work: () => Promise<unknown>): Promise<readonly string[]> {
  const { servicenow, jira } = organisation;
  const before = [(await servicenow.journal()).length, (await jira.journal()).length] as const;
  await work();
  const asked = [...(await servicenow.journal()).slice(before[0]), ...(await jira.journal()).slice(before[1])];
  return asked.map(({ method, path }) => `${method} ${path}`);
}

/** Reads Jira in small pages while it takes five requests a second; refused ones for each window of five that were answered. */
async function wastedByLimit({ jira, world }: Organisation): Promise<number> {
  const stream = systemOf(world.systems, 'jira-cloud').streams.find(({ name }) => name === 'improvement');
  if (stream?.get === undefined) throw new Error('the shipped configuration reads no improvements');
  const updated = (index: number): string => new Date(Date.parse('2025-11-01T00:00:00.000Z') + index * 3_600_000).toISOString();
  const made = await jira.insert(
    Array.from({ length: 40 }, (_, index) => ({ project: 'IMP', summary: `Limit ${index}`, updated: updated(index) })),
  );
  const ids = made.slice(0, 2).map(({ id }) => id);
  await jira.setRate(1);
  await jira.switches({ requestsPerSecond: 5 });
  const before = (await jira.journal()).length;
  let cursor: Cursor | undefined;
  for (let done = false; !done;) {
    const [page] = await Promise.all([stream.read(cursor, { since: '2025-10-01T00:00:00.000Z', pageSize: 3 }), stream.get(ids)]);
    ({ cursor, done } = page);
  }
  const asked = (await jira.journal()).slice(before);
  const refused = asked.filter(({ status }) => status === 429).length;
  return refused / Math.max(1, Math.ceil((asked.length - refused) / 5));
}

const counted = (all: readonly string[], what: RegExp): number => all.filter((one) => what.test(one)).length;

/** Counts what the whole product asks of both systems: exact, in virtual time. */
const organisation = await startOrganisation();
try {
  await organisation.cycle();
  await organisation.release();
  await organisation.later();
  const idle = await requests(organisation, () => organisation.later());
  const streams = [...organisation.world.systems.byId.values()].reduce((sum, system) => sum + system.streams.length, 0);

  const now = Date.parse(organisation.now());
  const changedRecords = 2500;
  await organisation.servicenow.bulk(
    'incident',
    Array.from({ length: changedRecords }, (_, index) => incident(now - hourMs + index, { subcategory: `kind ${index}` })),
  );
  const changed = await requests(organisation, () => organisation.later());
  await organisation.later();

  const { id } = await burst(organisation, 40);
  const ticket = (await organisation.jira.journal()).map(({ method, path }) => `${method} ${path}`);
  const unchanged = await requests(organisation, async () => {
    for (let round = 0; round < 24; round += 1) await organisation.later();
  });
  const wasted = await wastedByLimit(organisation);
  report({
    id,
    wasted,
    streams,
    idle: idle.length,
    changedRecords,
    changed: counted(changed, /\/table\/incident$/),
    singleReads: counted(changed, /\/table\/incident\/[0-9a-f]{32}/),
    creates: counted(ticket, /^POST .*\/issue$/),
    links: counted(ticket, /^POST .*\/remotelink$/),
    unchangedWrites: unchanged.filter((one) => /^(POST|PUT|PATCH|DELETE) /.test(one) && !/search\/jql|jql\/parse|bulkfetch/.test(one))
      .length,
  } satisfies Cost & { readonly id: string });
} finally {
  await organisation.close();
}
