import { type Improvement, localDate, type Status } from '../../domain/index.js';
import { registerInParts, sha256 } from '../../store/index.js';
import { aboutOf, type ReportContext } from '../context.js';
import { type Block, heading, paragraph, type ReportDocument, type Table } from '../document/document.js';
import { asJson } from '../document/json.js';
import { isWithin, nameOfPeriod, periodOf } from '../period.js';
import { threadBlocks } from '../thread/thread-document.js';
import { type ThreadReport, threadReport } from '../thread-report.js';
import { resultMark, resultWords, serviceName } from '../wording.js';
import { type Candidate, drawSample, type Sample } from './draw-sample.js';

/** From which population, and how. */
export interface SampleAsk {
  readonly seed: number;
  /** Default: by the size of the population. */
  readonly size?: number;
  /** Statuses of the population. Default: closed. */
  readonly status?: readonly Status[];
  /** Days, both included, by closure (or by raising, of what is not closed). Default: all there are. */
  readonly from?: string;
  readonly to?: string;
}

/** The sample with what it was drawn from. */
export interface DrawnSample extends Sample {
  readonly ask: SampleAsk;
  /** Left out of the population, because they are older than this installation. */
  readonly beforeAdoption: number;
}

/** Draws the sample. The same population and the same seed give the same sample, on any machine. */
export async function drawFromRegister(context: ReportContext, ask: SampleAsk): Promise<DrawnSample> {
  const zone = context.config.settings.organisation.timeZone;
  const period = periodOf(ask.from ?? '1970-01-01', ask.to ?? '9999-12-30', zone);
  const candidates: Candidate[] = [];
  let beforeAdoption = 0;
  const { asOf } = context;
  for await (const part of registerInParts(context.db, { status: ask.status ?? ['closed'], ...(asOf !== undefined && { asOf }) }))
    for (const improvement of part) {
      const at = improvement.closure?.at ?? improvement.raisedAt;
      if (!isWithin(at, period)) continue;
      if (improvement.beforeAdoption === undefined) candidates.push(candidateOf(improvement, localDate(at, zone)));
      else beforeAdoption += 1;
    }
  return { ...drawSample(candidates, ask.seed, sha256, ask.size), ask, beforeAdoption };
}

function candidateOf({ id, serviceIds, category }: Improvement, date: string): Candidate {
  return { id, stratum: [nameOfPeriod(date, 'quarter'), serviceIds[0] ?? '', category] };
}

/** The sample with its population, its strata, and each thread with its gaps: what an auditor does first. */
export async function sampleDocument(context: ReportContext, ask: SampleAsk): Promise<ReportDocument> {
  const sample = await drawFromRegister(context, ask);
  const reports: ThreadReport[] = [];
  for (const id of sample.chosen) {
    const report = await threadReport(context.db, context.config, id, context.at, context.asOf);
    if (report !== undefined) reports.push(report);
  }
  const main = chosenTable(reports, context);
  const gaps = reports.reduce((sum, { thread }) => sum + thread.gaps.length, 0);
  const first = ask.from !== undefined || ask.to !== undefined;
  return {
    name: 'audit-sample',
    title: 'Audit sample',
    about: await aboutOf(context, gaps, first ? { from: ask.from ?? '1970-01-01', to: ask.to ?? '9999-12-30' } : undefined),
    blocks: [
      heading('How it was drawn'),
      ...howBlocks(sample, context),
      heading('The sample'),
      main,
      ...reports.flatMap((report): readonly Block[] => [
        heading(`${report.improvement.id} ${report.improvement.title}`),
        ...threadBlocks(report, context, 3),
      ]),
    ],
    main,
    data: { sample: asJson(sample), threads: asJson(reports.map(({ thread }) => thread)) },
  };
}

function howBlocks(sample: DrawnSample, { config }: ReportContext): readonly Block[] {
  const status = (sample.ask.status ?? ['closed']).join(', ');
  const rule =
    sample.ask.size === undefined
      ? 'by the size of the population (up to 5 all; 6 to 50: 5; 51 to 250: a tenth; above: 25)'
      : `as asked for (${sample.ask.size})`;
  return [
    {
      kind: 'facts',
      items: [
        { name: 'Population', value: `${sample.population} improvements with status ${status}` },
        { name: 'Left out', value: `${sample.beforeAdoption} from before adoption` },
        { name: 'Size', value: `${sample.size}, ${rule}` },
        { name: 'Seed', value: String(sample.seed) },
        { name: 'Population hash', value: sample.populationHash },
      ],
    },
    paragraph(
      'Ordered by quarter, service and kind of trigger, and within those by the SHA-256 of seed:id, every n-th is taken (n is population over size), beginning at n times the first eight hex digits of the SHA-256 of seed:start over 2^32. The same population and seed give the same sample.',
      'note',
    ),
    {
      kind: 'table',
      caption: 'Strata',
      columns: [
        { title: 'Quarter' },
        { title: 'Service', width: 2 },
        { title: 'Trigger', width: 2 },
        { title: 'Population', align: 'number' },
        { title: 'Sample', align: 'number' },
      ],
      empty: 'The population is empty.',
      rows: sample.strata.map(({ stratum: [quarter, service = '', category], population, chosen }) => [
        quarter,
        service === '' ? 'no service' : serviceName(config.directory, service),
        category,
        population,
        chosen,
      ]),
    },
  ];
}

function chosenTable(reports: readonly ThreadReport[], { config }: ReportContext): Table {
  const zone = config.settings.organisation.timeZone;
  return {
    kind: 'table',
    caption: `${reports.length} ${reports.length === 1 ? 'improvement' : 'improvements'}, each walked from end to end`,
    columns: [
      { title: 'ID' },
      { title: 'Quarter' },
      { title: 'Service', width: 1.5 },
      { title: 'Trigger', width: 1.2 },
      { title: 'Status' },
      { title: 'Result', width: 1.3 },
      { title: 'Gaps', align: 'number', width: 0.6 },
      { title: 'Title', width: 3 },
    ],
    empty: 'The population is empty.',
    rows: reports.map(({ improvement: each, thread }) => {
      const result = each.measurements.at(-1)?.result;
      return [
        each.id,
        nameOfPeriod(localDate(each.closure?.at ?? each.raisedAt, zone), 'quarter'),
        each.serviceIds.map((service) => serviceName(config.directory, service)).join(', '),
        each.category,
        each.status,
        result === undefined ? undefined : { mark: resultMark(result), text: resultWords(result) },
        thread.gaps.length === 0 ? 0 : { mark: 'bad', text: String(thread.gaps.length) },
        each.title,
      ];
    }),
  };
}
