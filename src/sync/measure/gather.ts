import {
  approvalOf,
  type Improvement,
  type ImprovementInput,
  type MeasurementSpans,
  metricInputs,
  type MetricPlan,
  silenceIn,
  type StreamCoverage,
  type Unsound,
} from '../../domain/index.js';
import type { Config } from '../../config/index.js';
import { categoriesOf, type Mapping } from '../../mapping/index.js';
import {
  coverage,
  type Db,
  getSetting,
  inputsById,
  inputsOfCategories,
  inputsWithKeys,
  isBeingReadAgain,
  lastInputSeq,
  readJournal,
  recordsPerDay,
  setAsideSince,
  storedStreams,
  type StreamName,
} from '../../store/index.js';

/** Everything that a measurement is given, read in one go. */
export interface Gathered {
  readonly inputs: readonly ImprovementInput[];
  readonly coverage: readonly StreamCoverage[];
  readonly unsound: readonly Unsound[];
  readonly setAside: number;
  /** The latest change of any input that was known. */
  readonly through: number;
}

/** The organisation's configuration and mappings, as far as measuring needs them. */
export interface GatherFrom {
  readonly config: Config;
  readonly mappings: readonly Mapping[];
}

/** Reads what a plan counts within two spans, and how far the streams behind it can be relied on. */
export async function gather(
  db: Db,
  from: GatherFrom,
  improvement: Improvement,
  plan: MetricPlan,
  spans: MeasurementSpans,
): Promise<Gathered> {
  const inputs = await candidates(db, plan, spans);
  const triggers = await inputsById(db, improvement.triggers);
  const streams = await streamsOf(db, from, plan, inputs, triggers);
  const read: StreamCoverage[] = [];
  const unsound: Unsound[] = [];
  let setAside = 0;
  for (const [stream, name] of streams) {
    read.push({ stream, complete: await coverage(db, name) });
    const because = (await whyUnsound(db, from, improvement, plan, triggers, name)) ?? (await whySilent(db, plan, inputs, name, spans));
    if (because !== undefined) unsound.push({ stream, because });
    setAside += await setAsideSince(db, name, spans.window.from);
  }
  return { inputs, coverage: read, unsound, setAside, through: await lastInputSeq(db) };
}

/** By the keys of the case where only these count; by category where a part of the plan looks further. */
export async function candidates(db: Db, plan: MetricPlan, spans: MeasurementSpans): Promise<readonly ImprovementInput[]> {
  const range = { from: spans.baseline.from, to: spans.window.to };
  const filters = [plan.filter, ...(plan.counterMetrics ?? []).map(({ filter }) => filter ?? plan.filter)];
  const wide = filters.filter((filter) => (filter?.scope ?? plan.filter?.scope ?? 'case') !== 'case');
  const categories = [...new Set(wide.flatMap((filter) => filter?.categories ?? plan.categories))];
  const found = [
    ...(wide.length < filters.length ? await inputsWithKeys(db, plan.caseKeys, range) : []),
    ...(categories.length > 0 ? await inputsOfCategories(db, { categories, ...range }) : []),
  ];
  return [...new Map(found.map((input) => [input.id, input])).values()];
}

/**
 * The streams on which the plan rests: those that its records, now or when it was raised, came from; where it looks beyond its case, all that may give
 * one of its categories.
 */
async function streamsOf(
  db: Db,
  { config, mappings }: GatherFrom,
  plan: MetricPlan,
  inputs: readonly ImprovementInput[],
  triggers: readonly ImprovementInput[],
): Promise<ReadonlyMap<string, StreamName>> {
  const categories = [plan.filter, ...(plan.counterMetrics ?? []).map(({ filter }) => filter)].flatMap(
    (filter) => filter?.categories ?? plan.filter?.categories ?? plan.categories,
  );
  const isWide = categories.some((category) => !plan.categories.includes(category)) || (plan.filter?.scope ?? 'case') !== 'case';
  const giving = isWide ? mappings.filter((mapping) => categoriesOf(mapping).some((category) => categories.includes(category))) : [];
  const wide = (await storedStreams(db)).filter(({ system, stream }) =>
    giving.some(({ from }) => from === `${config.settings.systems[system]?.connector ?? ''}.${stream}`),
  );
  const own = triggers.filter(({ category }) => categories.includes(category));
  const names = [...[...own, ...inputs].map(({ trigger: { system, stream } }) => ({ system, stream })), ...wide];
  return new Map(names.map((name) => [`${name.system}/${name.stream}`, name]));
}

/** Why the records of a stream cannot be relied on over both spans, although it was read; undefined when they can. */
async function whyUnsound(
  db: Db,
  { config, mappings }: GatherFrom,
  improvement: Improvement,
  plan: MetricPlan,
  triggers: readonly ImprovementInput[],
  name: StreamName,
): Promise<string | undefined> {
  const { system, stream } = name;
  const kind = config.settings.systems[system]?.connector;
  const mapped = (await getSetting(db, `mapped/${system}/${stream}`)) as
    { readonly mappings?: Readonly<Record<string, string>> } | undefined;
  const now = mappings.filter((mapping) => mapping.kind === 'improvement-input' && mapping.from === `${kind ?? ''}.${stream}`);
  if (mapped?.mappings !== undefined && now.some((mapping) => mapped.mappings?.[mapping.name] !== mapping.hash))
    return 'its mapping was edited, and not every stored record is mapped again yet';
  if (await isBeingReadAgain(db, name)) return 'it is being read again from its start, and the end is not reached yet';
  const edits = await readJournal(db, { subject: `${system}/${stream}`, kind: 'mappings-changed' });
  const approvedAt = approvalOf(improvement)?.at ?? improvement.raisedAt;
  const edited = edits.findLast(({ at }) => at > approvedAt);
  const before = triggers.filter(
    ({ trigger, category }) => trigger.system === system && trigger.stream === stream && plan.categories.includes(category),
  );
  if (edited === undefined || before.length === 0 || (plan.filter?.scope ?? 'case') !== 'case') return undefined;
  return metricInputs(plan, before).length > 0
    ? undefined
    : `its mapping was edited on ${edited.at.slice(0, 10)}, and the records that raised the improvement are not among those that its plan counts any more`;
}

/** Whether the stream brought nothing else either for so long that it cannot be chance. */
async function whySilent(
  db: Db,
  plan: MetricPlan,
  inputs: readonly ImprovementInput[],
  name: StreamName,
  spans: MeasurementSpans,
): Promise<string | undefined> {
  const perDay = new Map(await recordsPerDay(db, name, spans.baseline.from, spans.window.to));
  for (const { trigger, occurredAt } of metricInputs(plan, inputs)) {
    const day = occurredAt.slice(0, 10);
    if (trigger.system === name.system && trigger.stream === name.stream) perDay.set(day, (perDay.get(day) ?? 1) - 1);
  }
  const silence = silenceIn(perDay, spans);
  if (silence === undefined) return undefined;
  return `it brought no record of any kind from ${silence.from.slice(0, 10)} to ${silence.to.slice(0, 10)}, although something usually occurs on ${silence.usual.toFixed(1)} days a week: that nothing was counted there says nothing`;
}
