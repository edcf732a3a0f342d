import { openWorld } from '../../../src/cli/open-world.js';
import type { Improvement } from '../../../src/domain/improvement.js';
import { registerDocument, threadReport } from '../../../src/report/index.js';
import { bringSeriesUpTo, inputsSince, lastInputSeq, putSetting } from '../../../src/store/index.js';
import { decide, release } from '../../../src/sync/index.js';
import { seriesMadeBy } from '../../../src/sync/decide/sight.js';
import { addImprovements, addIncidents, improvementId } from '../filled-store.js';
import { median, report } from '../measure.js';
import type { ScaleBench } from '../scale.js';

/** Fills a store with two years of incidents and the improvements that answered them, then asks it what people and the daemon ask. */
const [dir = '', ...counts] = process.argv.slice(2);
const [inputs = 0, improvements = 0, daily = 0] = counts.map(Number);
const now = Date.now();
const midnight = new Date(now - 86_400_000).toISOString();
const { world, close } = await openWorld({ config: `${dir}/config` });
const { store, config } = world;
const filling = performance.now();
await addIncidents(store, { from: 0, to: inputs, days: 730, until: midnight });
await addImprovements(store, improvements, inputs, midnight);
await release(store, { by: 'bench', at: midnight, raiseFrom: midnight });
await store.tx(async (t) => {
  const through = await lastInputSeq(t);
  await putSetting(t, 'decided-through', through);
  await bringSeriesUpTo(t, through, seriesMadeBy(config.policy, config.directory));
});
const fillSeconds = (performance.now() - filling) / 1000;

const timed = async (f: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await f();
  return performance.now() - started;
};
const at = world.clock();
const threads: number[] = [];
for (let nth = 0; nth < 200; nth += 1)
  threads.push(await timed(() => threadReport(store.read, config, improvementId((nth * 7919) % improvements), at)));
const pages: number[] = [];
for (let nth = 0; nth < 20; nth += 1)
  pages.push(await timed(() => registerDocument({ db: store.read, config, at, product: 'golden-thread' }, { limit: 50, page: 1 })));
const allParsed = await timed(async () => {
  const rows = await store.read.selectFrom('improvement_version').select('data').execute();
  rows.map(({ data }) => JSON.parse(data) as Improvement).slice(0, 50);
});

await addIncidents(store, { from: inputs, to: inputs + daily, days: 1, until: new Date(now).toISOString() });
const justRead = await timed(async () => {
  for (let seq = (await lastInputSeq(store.read)) - daily, more = true; more;) ({ seq, more } = await inputsSince(store.read, seq, 200));
});
let raised = 0;
const decideMs = await timed(async () => (raised = (await decide(world)).raised.length));
await close();
report({
  inputs,
  improvements,
  daily,
  fillSeconds,
  threadMedian: median(threads),
  threadLongest: Math.max(...threads),
  pageFirst: pages[0] ?? 0,
  pageMedian: median(pages),
  allParsed,
  decideMs,
  justRead,
  raised,
} satisfies ScaleBench);
