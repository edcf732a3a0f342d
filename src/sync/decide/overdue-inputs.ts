import {
  caseKeysOf,
  categorySeries,
  type ImprovementInput,
  type InputCategory,
  type InputStanding,
  inputIdOf,
  localDate,
  overdueCategory,
  plusCalendarDays,
  standingOf,
  startOfDate,
} from '../../domain/index.js';
import type { Instant, JsonObject, RecordRef } from '../../kit/index.js';
import {
  contentOf,
  type Db,
  getSetting,
  inputReviews,
  inputsByCategory,
  lastInSeries,
  noteOwnStream,
  putSetting,
  saveRecords,
  sha256,
  type Tx,
} from '../../store/index.js';
import type { World } from '../world.js';

/** The stream whose records the product makes itself: they are kept, linked and shown like any others. */
export const overdueStream = { system: 'golden-thread', stream: 'input-overdue' } as const;
/** Stands where a mapping's name does. Its version is part of each input that it makes. */
const maker = { mapping: 'golden-thread/input-overdue', mappingHash: sha256('golden-thread/input-overdue 1') };
const openOne = 'input-overdue/';

type Site = Pick<World, 'config'>;

/**
 * The inputs register: how each approved category stands at an instant. `lastOf` says when the newest record of a category occurred; by default every
 * input is gone through. The records that the product makes itself are no source to be watched.
 */
export async function inputStandings(
  { config }: Site,
  db: Db,
  at: Instant,
  watchedFrom: Instant,
  lastOf?: (category: string) => Promise<Instant | undefined>,
): Promise<readonly InputStanding[]> {
  const { timeZone } = config.settings.organisation;
  const counted =
    lastOf === undefined ? new Map((await inputsByCategory(db, { to: at })).map((each) => [each.category, each.last])) : undefined;
  const standings: InputStanding[] = [];
  for (const category of watched(config.policy.categories)) {
    const lastInput = lastOf === undefined ? counted?.get(category.id) : await lastOf(category.id);
    const reviewedTo = (await inputReviews(db, { category: category.id })).at(-1)?.to;
    const known = { ...(lastInput !== undefined && { lastInput }), ...(reviewedTo !== undefined && { reviewedTo }), watchedFrom };
    standings.push(standingOf(category, known, { today: localDate(at, timeZone), timeZone }));
  }
  return standings;
}

function watched(categories: readonly InputCategory[]): readonly InputCategory[] {
  return categories.filter(({ id }) => id !== overdueCategory);
}

/**
 * Makes a record for each input that has become overdue, and notes in it when that was over. Only where the policy approves the category of these records.
 * Returns how many records are new. Asks the series, so it comes after they were brought up to date.
 */
export async function noteOverdueInputs(world: World, t: Tx, watchedFrom: Instant): Promise<number> {
  if (!world.config.policy.categories.some(({ id }) => id === overdueCategory)) return 0;
  const at = world.clock();
  await noteOwnStream(t, overdueStream, at, watchedFrom);
  const lastOf = (category: string): Promise<Instant | undefined> =>
    lastInSeries(t, { series: categorySeries(category).name, scope: 'all' }, at);
  let made = 0;
  for (const standing of await inputStandings(world, t, at, watchedFrom, lastOf)) {
    const setting = `${openOne}${standing.category}`;
    const open = await getSetting(t, setting);
    if (standing.state === 'overdue' && typeof open !== 'string') {
      const since = standing.due ?? localDate(at, world.config.settings.organisation.timeZone);
      await save(world, t, at, dataOf(standing, since));
      await putSetting(t, setting, since);
      made += 1;
    } else if (standing.state !== 'overdue' && typeof open === 'string') {
      await save(world, t, at, { ...dataOf(standing, open), over: at, endedBy: standing.state === 'reviewed' ? 'review' : 'input' });
      await putSetting(t, setting, null);
    }
  }
  return made;
}

interface OverdueData extends JsonObject {
  readonly category: string;
  readonly due: string;
}

function dataOf({ category, owner, cadenceDays, lastInput }: InputStanding, due: string): OverdueData {
  return {
    category,
    due,
    ...(owner !== undefined && { owner }),
    ...(cadenceDays !== undefined && { cadenceDays }),
    ...(lastInput !== undefined && { lastInput: lastInput.slice(0, 10) }),
  };
}

async function save(world: World, t: Tx, at: Instant, data: OverdueData): Promise<void> {
  const { timeZone } = world.config.settings.organisation;
  const ref: RecordRef = { ...overdueStream, key: `${data.category}/${data.due}` };
  const content = contentOf(data);
  const number = `${data.category} ${data.due}`;
  const recurrenceKey = `input-overdue/${data.category}`;
  const input: ImprovementInput = {
    id: inputIdOf(ref, maker.mapping),
    trigger: ref,
    number,
    url: '',
    category: overdueCategory,
    title: `Nothing from the input ${data.category} since ${typeof data['lastInput'] === 'string' ? data['lastInput'] : 'it is watched'}`,
    occurredAt: startOfDate(plusCalendarDays(data.due, 1), timeZone),
    severity: 'moderate',
    services: [],
    serviceIds: [],
    processes: ['continual-improvement'],
    facts: data,
    recurrenceKey,
    caseKeys: caseKeysOf({ trigger: ref, recurrenceKey }, []),
    madeBy: { ...maker, recordHash: content.hash },
  };
  await saveRecords(t, {
    ...overdueStream,
    fieldSet: 'golden-thread',
    cause: { at, by: 'decide', because: 'the cadence of the inputs register' },
    records: [{ record: { ref, number, url: '', updatedAt: at, data }, content, inputs: [input], links: [] }],
  });
}
