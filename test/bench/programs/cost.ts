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

  let ticket: readonly string[] = [];
  const { id } = await burst(organisation, 40);
  ticket = (await organisation.jira.journal()).map(({ method, path }) => `${method} ${path}`);
  const unchanged = await requests(organisation, async () => {
    for (let round = 0; round < 24; round += 1) await organisation.later();
  });
  report({
    id,
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
