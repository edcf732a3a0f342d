import {
  isOpen,
  isReached,
  metricInWords,
  type Objective,
  type ObjectiveMeasure,
  objectiveTargetInWords,
  openStatuses,
  shown,
  verdictOf,
} from '../../domain/index.js';
import { categoriesFeeding } from '../clauses/obliging-clauses.js';
import type { ReportContext } from '../context.js';
import { type Block, paragraph } from '../document/document.js';
import { personName, serviceName } from '../wording.js';
import { dateOf } from './review-charts.js';
import type { ObjectiveNumber } from './objective-numbers.js';
import { recordsIn, type ReviewFacts } from './review-facts.js';
import { countTable, fromInputs, improvementTable, nothing } from './review-pieces.js';

/** g: to what extent objectives are reached, as far as improvements tell. */
export function objectives(facts: ReviewFacts, context: ReportContext): readonly Block[] {
  const { policy, directory } = context.config;
  const rows = policy.objectives.map(({ id, statement, owner, target, unit, by }) => {
    const aligned = facts.all.filter(({ decisions }) =>
      decisions.some((decision) => decision.kind === 'approved' && decision.objective === id),
    );
    const count = (result: string): number => aligned.filter((each) => verdictOf(each) === result).length;
    return [
      id,
      statement,
      personName(directory, owner),
      target === undefined ? undefined : `${target}${unit === undefined ? '' : ` ${unit}`}${by === undefined ? '' : ` by ${by}`}`,
      aligned.filter(isOpen).length,
      count('effective'),
      count('not-effective'),
      count('inconclusive'),
    ];
  });
  return [
    {
      kind: 'table',
      caption: 'Objectives, and the results of the improvements that serve them',
      columns: [
        { title: 'Objective', width: 1.4 },
        { title: 'Statement', width: 3.2 },
        { title: 'Owner', width: 1.2 },
        { title: 'Target', width: 1.2 },
        { title: 'Open', align: 'number', width: 0.7 },
        { title: 'Effective', align: 'number', width: 0.9 },
        { title: 'Not effective', align: 'number', width: 0.9 },
        { title: 'Inconclusive', align: 'number', width: 1.5 },
      ],
      rows,
    },
    ...objectiveNumbers(facts, policy.objectives),
  ];
}

/** What the records say of the objectives themselves; of those without a measure, that nothing does. */
function objectiveNumbers({ measured, period }: ReviewFacts, all: readonly Objective[]): readonly Block[] {
  const without = all.filter(({ measure }) => measure === undefined).map(({ id }) => id);
  const unmeasured =
    without.length === 0
      ? []
      : [
          paragraph(
            `Not measured here, because policy.yaml gives no measure: ${without.join(', ')}. The first table says which improvements were to serve them and how they ended.`,
            'note',
          ),
        ];
  if (measured.length === 0) return unmeasured;
  return [
    {
      kind: 'table',
      caption: 'The numbers of the objectives, from the records',
      columns: [
        { title: 'Objective', width: 1.4 },
        { title: 'What is counted', width: 3 },
        { title: `At the start, ${period.from}`, width: 1.6 },
        { title: `At the end, ${period.to}`, width: 1.6 },
        { title: 'Target', width: 2 },
        { title: 'Reached', width: 0.9 },
      ],
      rows: measured.map(({ objective, measure, atStart, atEnd, target }) => [
        objective.id,
        `${metricInWords(measure)} (${measure.categories.join(', ')}), ${measure.weeks} weeks`,
        numberInWords(measure, atStart),
        numberInWords(measure, atEnd),
        objectiveTargetInWords(measure, target),
        target === undefined || !('value' in atEnd)
          ? { mark: 'warn', text: 'not to be told' }
          : isReached(measure, atEnd.value, target)
            ? { mark: 'good', text: 'yes' }
            : { mark: 'bad', text: 'no' },
      ]),
    },
    ...unmeasured,
  ];
}

function numberInWords({ metric }: ObjectiveMeasure, number: ObjectiveNumber): string {
  return 'value' in number ? shown(metric, number.value) : number.noData;
}

/** h: performance of the services. */
export function servicePerformance(facts: ReviewFacts, context: ReportContext): readonly Block[] {
  const { policy, directory } = context.config;
  const categories = policy.categories.filter(({ id }) => facts.perService.some((count) => count.category === id));
  const services = [...new Set([...directory.services.map(({ id }) => id), ...facts.perService.map(({ service }) => service)])];
  if (categories.length === 0) return [nothing('the performance of services in this period', 'incidents, service level breaches, outages')];
  return [
    {
      kind: 'table',
      caption: 'Records by service in this period, and improvements',
      columns: [
        { title: 'Service', width: 2 },
        ...categories.map(({ id }) => ({ title: id, align: 'number' as const })),
        { title: 'Improvements open', align: 'number' },
        { title: 'Closed effective', align: 'number' },
      ],
      rows: services.map((service) => [
        service === '' ? 'no service of the directory' : serviceName(directory, service),
        ...categories.map(({ id }) => facts.perService.find((count) => count.category === id && count.service === service)?.records ?? 0),
        facts.open.filter(({ serviceIds }) => (service === '' ? serviceIds.length === 0 : serviceIds.includes(service))).length,
        facts.closed.filter(
          (each) =>
            (service === '' ? each.serviceIds.length === 0 : each.serviceIds.includes(service)) && each.closure?.result === 'effective',
        ).length,
      ]),
    },
    ...fromInputs(
      'service level targets that were not met',
      'breaches of task_sla in ServiceNow, of SLAs in Jira',
      categoriesFeeding(policy, ['8.3.3']),
      facts,
      context,
    ),
    ...fromInputs(
      'availability and continuity',
      'outages, results of continuity tests',
      categoriesFeeding(policy, ['8.7.1', '8.7.2']),
      facts,
      context,
    ),
    ...fromInputs('capacity', 'capacity records, from a file', categoriesFeeding(policy, ['8.4.3']), facts, context),
  ];
}

/** i: performance of other parties. */
export function otherParties(facts: ReviewFacts, context: ReportContext): readonly Block[] {
  const { policy, directory } = context.config;
  const supplied = directory.services.filter(({ supplier }) => supplier !== undefined);
  const open = facts.all.filter(
    (each) => each.kind === 'supplier' && (isOpen(each) || facts.raised.includes(each) || facts.closed.includes(each)),
  );
  return [
    {
      kind: 'table',
      caption: 'Suppliers by what happened on the services that they take part in',
      columns: [
        { title: 'Supplier', width: 2 },
        { title: 'Services', width: 2 },
        { title: 'Records', align: 'number' },
        { title: 'Improvements raised', align: 'number' },
        { title: 'Open', align: 'number' },
      ],
      empty: 'the directory names no supplier',
      rows: directory.suppliers.map(({ id, name }) => {
        const own = supplied.filter(({ supplier }) => supplier === id).map((service) => service.id);
        const concerns = (serviceIds: readonly string[]): boolean => serviceIds.some((service) => own.includes(service));
        return [
          name,
          own.map((service) => serviceName(directory, service)).join(', '),
          facts.perService.filter(({ service }) => own.includes(service)).reduce((sum, { records }) => sum + records, 0),
          facts.raised.filter(({ serviceIds }) => concerns(serviceIds)).length,
          facts.open.filter(({ serviceIds }) => concerns(serviceIds)).length,
        ];
      }),
    },
    improvementTable('Supplier improvements: open, raised or closed in this period', open, context),
    ...fromInputs(
      'targets of suppliers',
      'breached contracts, scorecards, incidents caused by a vendor',
      categoriesFeeding(policy, ['8.3.4']),
      facts,
      context,
    ),
  ];
}

/** j: resources, as far as the register can say. */
export function resources(facts: ReviewFacts, context: ReportContext): readonly Block[] {
  const { directory } = context.config;
  const owners = [...Map.groupBy(facts.open, ({ owner }) => owner)].toSorted((a, b) => b[1].length - a[1].length);
  return [
    {
      kind: 'table',
      caption: 'Open improvements by owner',
      columns: [
        { title: 'Owner', width: 3 },
        { title: 'Open', align: 'number' },
        { title: 'Past target date', align: 'number' },
        { title: 'Gaps', align: 'number' },
      ],
      empty: 'none is open',
      rows: owners.map(([owner, group]) => [
        personName(directory, owner),
        group.length,
        group.filter(({ targetDate }) => targetDate < facts.today).length,
        facts.gaps.filter(({ gap }) => gap.owner === owner).length,
      ]),
    },
    nothing('hours, money or skills', 'time sheets or budgets per improvement; the register keeps none, and this report does not guess'),
  ];
}

/** k: results of risk assessment, and whether what was done about risks worked. */
export function risks(facts: ReviewFacts, context: ReportContext): readonly Block[] {
  const suspects = facts.all.flatMap((each) =>
    (each.suspects ?? []).filter(({ cleared }) => cleared === undefined).map((suspect) => ({ each, suspect })),
  );
  const urgent = facts.open.filter(({ priority }) => priority.band === 'p1' || priority.band === 'p2');
  return [
    ...fromInputs(
      'results of risk assessment (6.1)',
      'a risk register, from ServiceNow GRC or a file',
      categoriesFeeding(context.config.policy, ['6.1']),
      facts,
      context,
    ),
    improvementTable(
      'Open improvements of the two highest priorities',
      urgent.toSorted((a, b) => b.priority.score - a.priority.score),
      context,
    ),
    countTable(
      'Open improvements by priority',
      'priority',
      facts.open.map(({ priority }) => priority.band.toUpperCase()),
    ),
    {
      kind: 'table',
      caption: 'Links that have become suspect, because an end changed after it was relied on',
      columns: [
        { title: 'ID' },
        { title: 'Record', width: 1.5 },
        { title: 'Field' },
        { title: 'Was', width: 2 },
        { title: 'Is', width: 2 },
        { title: 'Since', width: 1.3 },
      ],
      empty: 'none',
      rows: suspects.map(({ each, suspect }) => [
        each.id,
        suspect.number,
        suspect.field,
        suspect.was,
        suspect.is,
        { date: dateOf(suspect.since, context) },
      ]),
    },
  ];
}

/** l: changes that can affect the management system and the services. */
export function coming(facts: ReviewFacts, context: ReportContext): readonly Block[] {
  const changes = facts.all.flatMap((each) =>
    openStatuses.includes(each.status)
      ? each.changes
          .filter(({ state }) => state?.phase === 'planned' || state?.phase === 'implementing')
          .map((change) => ({ each, change }))
      : [],
  );
  const sms = facts.all.filter((each) => each.kind === 'sms' && isOpen(each));
  const inputs = categoriesFeeding(context.config.policy, ['8.5.1']);
  const brought = inputs.reduce((sum, { id }) => sum + recordsIn(facts, id, 1), 0);
  return [
    improvementTable('Open improvements of the management system itself', sms, context),
    {
      kind: 'table',
      caption: 'Changes of improvements that are planned or under way',
      columns: [{ title: 'Change' }, { title: 'For' }, { title: 'Kind' }, { title: 'Stands' }, { title: 'Approval', width: 1.3 }],
      empty: 'none',
      rows: changes.map(({ each, change }) => [
        { link: change.number, href: change.url },
        each.id,
        change.state?.type,
        change.state?.phase,
        change.state?.approval,
      ]),
    },
    paragraph(`${brought} requests for change were read in this period, of all changes.`),
    {
      kind: 'table',
      caption: 'Changes of policy, directory and mappings in this period',
      columns: [
        { title: 'At', width: 1.2 },
        { title: 'What', width: 5 },
      ],
      empty: 'none',
      rows: facts.rulesChanged.map(({ at, what }) => [{ instant: at }, what]),
    },
  ];
}
