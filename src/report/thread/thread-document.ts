import { dayMs, millis, threadEdgeKinds, type ThreadItem, type ThreadStageView } from '../../domain/index.js';
import { type Edge, walkThread } from '../../store/index.js';
import { aboutOf, type ReportContext, shownAt } from '../context.js';
import { type Block, type Cell, type Facts, heading, paragraph, type ReportDocument, type Table } from '../document/document.js';
import { asJson } from '../document/json.js';
import { stateWords, threadPicture } from '../figures/thread-picture.js';
import { type ThreadReport, threadReport } from '../thread-report.js';
import { personName, planText, serviceName } from '../wording.js';

/** The golden thread of one improvement with its picture. Undefined when there is none with this id (or was none yet at `asOf`). */
export async function threadDocument(context: ReportContext, id: string): Promise<ReportDocument | undefined> {
  const { db, config, at, asOf } = context;
  const report = await threadReport(db, config, id, at, asOf);
  if (report === undefined) return undefined;
  const links = await linksOf(context, id);
  return {
    name: 'thread',
    title: `${id} ${report.improvement.title}`,
    about: await aboutOf(context, report.thread.gaps.length),
    blocks: [...threadBlocks(report, context, 2), ...linkBlocks(links)],
    main: itemTable(report, context),
    data: { improvement: asJson(report.improvement), thread: asJson(report.thread), links: asJson(links) },
  };
}

/** The thread as blocks: what it is, its gaps, its picture, its links one by one. `level` is that of its headings. */
export function threadBlocks(report: ThreadReport, context: ReportContext, level: 2 | 3): readonly Block[] {
  const { improvement, thread } = report;
  const { directory } = context.config;
  const head: Facts = {
    kind: 'facts',
    items: [
      { name: 'Status', value: improvement.status },
      { name: 'Kind', value: improvement.kind },
      { name: 'Services', value: improvement.serviceIds.map((service) => serviceName(directory, service)).join(', ') },
      {
        name: 'Priority',
        value: `${improvement.priority.band.toUpperCase()} (${improvement.priority.score}): ${improvement.priority.rationale}`,
      },
      { name: 'Risk or impact', value: improvement.riskStatement },
      {
        name: 'Owner, approver',
        value: `${personName(directory, improvement.owner)}, ${personName(directory, improvement.approver)}`,
      },
      { name: 'Target date', value: { date: improvement.targetDate } },
      { name: 'Judged by', value: planText(improvement.plan, directory) },
      ...(improvement.ticket === undefined
        ? []
        : [{ name: 'Ticket', value: { link: improvement.ticket.number, href: improvement.ticket.url } satisfies Cell }]),
    ],
  };
  return [
    head,
    ...(thread.gaps.length > 0
      ? [ownGaps(report, context)]
      : [paragraph(thread.complete ? 'No gaps: the thread is complete.' : 'No gaps so far.')]),
    threadPicture(thread),
    ...thread.stages.flatMap((stage) => stageBlocks(stage, level)),
  ];
}

function ownGaps({ thread }: ThreadReport, context: ReportContext): Table {
  const at = shownAt(context);
  return {
    kind: 'table',
    caption: `${thread.gaps.length} ${thread.gaps.length === 1 ? 'gap' : 'gaps'}`,
    columns: [
      { title: 'Code', width: 2 },
      { title: 'What is missing', width: 4 },
      { title: 'Owner', width: 1.5 },
      { title: 'Since', width: 1.2 },
      { title: 'Days', align: 'number', width: 0.7 },
    ],
    rows: thread.gaps.map((gap) => [
      { mark: 'bad', text: gap.code },
      gap.sentence,
      personName(context.config.directory, gap.owner),
      { date: gap.since.slice(0, 10) },
      Math.max(0, Math.floor((millis(at) - millis(gap.since)) / dayMs)),
    ]),
  };
}

function stageBlocks({ stage, state, items }: ThreadStageView, level: 2 | 3): readonly Block[] {
  const words = stage.replaceAll('-', ' ');
  const name = `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}`;
  if (items.length === 0)
    return level === 2 ? [heading(name), paragraph(state === 'gap' ? 'Missing.' : `${stateWords[state]}.`, 'note')] : [];
  return [...(level === 2 ? [heading(name)] : []), stageTable(words, items)];
}

function stageTable(stage: string, items: readonly ThreadItem[]): Table {
  return {
    kind: 'table',
    caption: `${stage}: ${items.length} ${items.length === 1 ? 'piece' : 'pieces'}`,
    columns: [
      { title: 'At', width: 1.2 },
      { title: 'What', width: 4 },
      { title: 'By', width: 1.2 },
      { title: 'Because', width: 3 },
    ],
    rows: items.map((item) => [{ instant: item.at }, titleOf(item), item.by, item.because]),
  };
}

function titleOf({ title, url }: ThreadItem): Cell {
  return url === undefined ? title : { link: title, href: url };
}

/** Every piece of the thread in one table, for a spreadsheet. */
function itemTable({ thread }: ThreadReport, context: ReportContext): Table {
  return {
    kind: 'table',
    caption: `Golden thread of ${thread.id}`,
    columns: ['stage', 'state', 'at', 'what', 'by', 'because', 'address', 'record'].map((title) => ({ title })),
    rows: thread.stages.flatMap(({ stage, state, items, gaps }) => [
      ...gaps.map((gap): readonly Cell[] => [
        stage,
        'gap',
        { instant: gap.since },
        `${gap.code}: ${gap.sentence}`,
        personName(context.config.directory, gap.owner),
      ]),
      ...items.map((item): readonly Cell[] => [
        stage,
        state,
        { instant: item.at },
        item.title,
        item.by,
        item.because,
        item.url,
        item.ref === undefined ? undefined : `${item.ref.system}/${item.ref.stream}/${item.ref.key}`,
      ]),
    ]),
  };
}

/** How the improvement hangs together with others, as the graph has it at the instant that is shown. */
async function linksOf({ db, asOf }: ReportContext, id: string): Promise<readonly Edge[]> {
  const kinds = threadEdgeKinds.filter((kind) => kind !== 'triggered-by' && kind !== 'joined-by');
  const { edges } = await walkThread(db, `improvement:${id}`, { kinds, ...(asOf !== undefined && { asOf }), limit: 200 });
  return edges;
}

function linkBlocks(links: readonly Edge[]): readonly Block[] {
  const between = links.filter(({ kind }) => kind === 'follow-on-of' || kind === 'recurs-after' || kind === 'supersedes');
  if (between.length === 0) return [];
  return [
    heading('Hangs together with'),
    {
      kind: 'table',
      caption: 'Links to other improvements and changes',
      columns: [{ title: 'From' }, { title: 'Link' }, { title: 'To' }, { title: 'Since' }, { title: 'Because', width: 2 }],
      rows: between.map(({ from, kind, to, at, because }) => [short(from), kind, short(to), { instant: at }, because]),
    },
  ];
}

function short(node: string): string {
  return node.replace(/^(?:improvement|record):/, '');
}
