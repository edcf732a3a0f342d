import { type Gap, type Improvement, type ImprovementInput, localDate } from '../../domain/index.js';
import { inputsById, inputsByIdAsOf, registerPage, type RegisterAsk } from '../../store/index.js';
import { aboutOf, type ReportContext, shownAt } from '../context.js';
import { type Block, type Cell, type Column, paragraph, type ReportDocument, type Table } from '../document/document.js';
import { asJson } from '../document/json.js';
import { gapsOfEach } from '../gaps-of-register.js';
import { outcomeText, personName, planText, resultMark, resultWords, serviceName, statusMark } from '../wording.js';

/** Which part of the register, as people ask for it. */
export interface RegisterFilter extends Omit<RegisterAsk, 'asOf' | 'overdueOn' | 'offset'> {
  readonly overdue?: boolean;
  /** 1 is the first. */
  readonly page?: number;
}

/** What the register needs of one improvement beside itself. */
interface Row {
  readonly improvement: Improvement;
  readonly gaps: readonly Gap[];
  /** The record that it answers first, where it is known. */
  readonly first: ImprovementInput | undefined;
}

/** The improvement register, or a page of it, with everything that an entry must hold. */
export async function registerDocument(context: ReportContext, filter: RegisterFilter = {}): Promise<ReportDocument> {
  const { config, db, asOf } = context;
  const { overdue, page = 1, ...ask } = filter;
  const today = localDate(shownAt(context), config.settings.organisation.timeZone);
  const { improvements, total } = await registerPage(db, {
    ...ask,
    ...(overdue === true && { overdueOn: today }),
    ...(asOf !== undefined && { asOf }),
    ...(ask.limit !== undefined && { offset: (page - 1) * ask.limit }),
  });
  const rows = await rowsOf(context, improvements);
  const main = wholeTable(rows, context);
  const pages = ask.limit === undefined ? 1 : Math.max(1, Math.ceil(total / ask.limit));
  return {
    name: 'register',
    title: 'Improvement register',
    about: await aboutOf(
      context,
      rows.reduce((sum, { gaps }) => sum + gaps.length, 0),
    ),
    blocks: [
      paragraph(
        `${total} ${total === 1 ? 'improvement' : 'improvements'}${filterText(filter, context)}${pages > 1 ? `; page ${page} of ${pages}` : ''}.`,
      ),
      overview(rows, context),
      ...(rows.length === 0 ? [] : [details(rows, context)]),
    ],
    main,
    data: {
      total,
      page,
      pages,
      improvements: rows.map(({ improvement, gaps }) => ({ ...(asJson(improvement) as object), gaps: asJson(gaps) })),
    },
  };
}

async function rowsOf(context: ReportContext, improvements: readonly Improvement[]): Promise<readonly Row[]> {
  const { db, asOf } = context;
  const firsts = improvements.flatMap(({ triggers }) => triggers[0] ?? []);
  const inputs = asOf === undefined ? await inputsById(db, firsts) : await inputsByIdAsOf(db, firsts, asOf);
  const known = new Map(inputs.map((input) => [input.id, input]));
  const gaps = await gapsOfEach(context, improvements);
  return improvements.map((improvement, at) => ({
    improvement,
    gaps: gaps[at] ?? [],
    first: known.get(improvement.triggers[0] ?? ''),
  }));
}

function filterText({ status, owner, service, kind, overdue }: RegisterFilter, { config }: ReportContext): string {
  const parts = [
    ...(status === undefined ? [] : [`with status ${status.join(' or ')}`]),
    ...(kind === undefined ? [] : [`of kind ${kind.join(' or ')}`]),
    ...(owner === undefined ? [] : [`owned by ${personName(config.directory, owner)}`]),
    ...(service === undefined ? [] : [`on ${serviceName(config.directory, service)}`]),
    ...(overdue === true ? ['past their target date'] : []),
  ];
  return parts.length === 0 ? '' : ` ${parts.join(', ')}`;
}

function overview(rows: readonly Row[], { config }: ReportContext): Table {
  return {
    kind: 'table',
    caption: 'Overview',
    columns: [
      { title: 'ID', width: 1.5 },
      { title: 'Title', width: 3.2 },
      { title: 'Status', width: 1.3 },
      { title: 'Priority', width: 1.2 },
      { title: 'Services', width: 1.3 },
      { title: 'Owner', width: 1.4 },
      { title: 'Target', width: 1.5 },
      { title: 'Ticket', width: 1 },
      { title: 'Result', width: 1.6 },
      { title: 'Gaps', align: 'number', width: 0.7 },
    ],
    empty: 'The register has no such entry.',
    rows: rows.map(({ improvement: each, gaps }) => [
      each.id,
      each.title,
      { mark: statusMark(each.status), text: each.status },
      `${each.priority.band.toUpperCase()} (${each.priority.score})`,
      each.serviceIds.map((id) => serviceName(config.directory, id)).join(', '),
      personName(config.directory, each.owner),
      { date: each.targetDate },
      ticketOf(each),
      resultOf(each),
      gaps.length === 0 ? 0 : { mark: 'bad', text: String(gaps.length) },
    ]),
  };
}

function ticketOf({ ticket }: Improvement): Cell {
  return ticket === undefined ? undefined : { link: ticket.number, href: ticket.url };
}

function resultOf({ measurements }: Improvement): Cell {
  const result = measurements.at(-1)?.result;
  return result === undefined ? undefined : { mark: resultMark(result), text: resultWords(result) };
}

/** What does not fit beside the overview: why, how it is judged, what became of it. */
function details(rows: readonly Row[], context: ReportContext): Block {
  const whole = wholeTable(rows, context);
  const shown = ['ID', 'Trigger', 'Risk or impact', 'Priority rationale', 'Approver', 'Dependencies', 'Measurement plan', 'Closure notes'];
  const widths: Readonly<Record<string, number>> = { ID: 0.9, Approver: 0.9, Dependencies: 0.9 };
  const at = shown.map((title) => whole.columns.findIndex((column) => column.title === title));
  return {
    kind: 'table',
    caption: 'What each answers, why, and how it is judged',
    columns: shown.map((title) => ({ title, width: widths[title] ?? 2 })),
    rows: whole.rows.map((row) => at.map((index) => row[index])),
  };
}

const columns: readonly Column[] = [
  'ID',
  'Title',
  'Description',
  'Kind',
  'Status',
  'Raised',
  'Rule',
  'Category',
  'Trigger',
  'Records',
  'Services',
  'Processes',
  'Risk or impact',
  'Priority',
  'Priority score',
  'Priority rationale',
  'Owner',
  'Approver',
  'Target',
  'Dependencies',
  'Measurement plan',
  'Objective',
  'Ticket',
  'Changes',
  'Result',
  'Closure notes',
  'Gaps',
].map((title) => ({ title, ...(['Records', 'Priority score', 'Gaps'].includes(title) && { align: 'number' as const }) }));

/** Every field that a register entry must hold, in one wide table. */
function wholeTable(rows: readonly Row[], { config }: ReportContext): Table {
  const { directory } = config;
  return {
    kind: 'table',
    caption: 'Improvement register',
    columns,
    rows: rows.map(({ improvement: each, gaps, first }) => [
      each.id,
      each.title,
      each.description,
      each.kind,
      each.status,
      { instant: each.raisedAt },
      each.rule,
      each.category,
      triggerText(each, first),
      each.triggers.length,
      each.serviceIds.map((id) => serviceName(directory, id)).join(', '),
      each.processes.join(', '),
      each.riskStatement,
      each.priority.band.toUpperCase(),
      each.priority.score,
      each.priority.rationale,
      personName(directory, each.owner),
      personName(directory, each.approver),
      { date: each.targetDate },
      each.dependencies.join(', '),
      planText(each.plan, directory),
      each.decisions.findLast(({ objective }) => objective !== undefined)?.objective,
      each.ticket?.number,
      each.changes.map(({ number }) => number).join(', '),
      each.measurements.at(-1)?.result,
      outcomeText(each, directory),
      gaps.length,
    ]),
  };
}

function triggerText({ triggers, rule, category }: Improvement, first: ImprovementInput | undefined): string {
  const more = triggers.length > 1 ? ` and ${triggers.length - 1} more` : '';
  if (first === undefined) return triggers.length === 0 ? 'none' : `${category} (rule ${rule})${more}`;
  return `${first.number} ${first.title}${more} (rule ${rule})`;
}
