import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import type { Improvement } from '../../src/domain/improvement.js';
import { inputIdOf } from '../../src/domain/inputs/input-id.js';
import type { ImprovementInput, LinkDraft } from '../../src/domain/inputs/input.js';
import type { Cursor, JsonObject, RecordRef } from '../../src/kit/index.js';
import {
  type PageToSave,
  type RecordToSave,
  type RejectionToSave,
  type SavedPage,
  type JournalSecrets,
  type Store,
  contentOf,
  loadCursor,
  openStore,
  savePage,
  sha256,
  startRun,
} from '../../src/store/index.js';

export const clock = (): string => '2026-05-01T12:00:00.000Z';
export const incidents = { system: 'snow', stream: 'incident' };

const open: Store[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the test. */
export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'golden-thread-store-'));
  folders.push(made);
  return made;
}

/** A store that is closed after the test. */
export async function freshStore(path = join(folder(), 'gt.db'), journal: JournalSecrets = {}): Promise<Store> {
  const store = await openStore({ path, clock, installationId: 'installation-1', journal });
  open.push(store);
  return store;
}

export function incident(key: string): RecordRef {
  return { ...incidents, key };
}

/** One incident as a mapping would hand it on. */
export function entry(
  key: string,
  data: JsonObject = {},
  more: { readonly links?: readonly LinkDraft[]; readonly inputs?: readonly Partial<ImprovementInput>[]; readonly updatedAt?: string } = {},
): RecordToSave {
  const content = contentOf({ key, ...data });
  const record = {
    ref: incident(key),
    number: `INC-${key}`,
    url: `https://snow.test/${key}`,
    updatedAt: more.updatedAt ?? '2026-05-01T10:00:00.000Z',
    data: { key, ...data },
  };
  return { record, content, links: more.links ?? [], inputs: (more.inputs ?? []).map((given) => input(key, given)) };
}

/** One improvement input of an incident. */
export function input(key: string, given: Partial<ImprovementInput> = {}): ImprovementInput {
  return {
    id: inputIdOf(incident(key), given.madeBy?.mapping ?? 'incident'),
    trigger: incident(key),
    number: `INC-${key}`,
    url: `https://snow.test/${key}`,
    category: 'incident',
    title: `Incident ${key}`,
    occurredAt: '2026-05-01T09:00:00.000Z',
    severity: 'high',
    services: [],
    processes: [],
    facts: {},
    serviceIds: [],
    caseKeys: [`record:snow/incident/${key}`],
    madeBy: { mapping: 'incident', mappingHash: 'm1', recordHash: contentOf({ key }).hash },
    ...given,
  };
}

/** Saves one page of incidents behind the last one. */
export async function savePages(
  store: Store,
  records: readonly RecordToSave[],
  more: Partial<PageToSave> & { readonly rejections?: readonly RejectionToSave[] } = {},
): Promise<SavedPage> {
  return await store.tx(async (t) => {
    const from = await loadCursor(t, incidents);
    const run = more.run ?? (await startRun(t, incidents, clock()));
    return await savePage(t, {
      ...incidents,
      run,
      fieldSet: 'fields-1',
      cause: { at: clock(), by: 'pull', because: `run ${run}` },
      records,
      rejections: [],
      from,
      cursor: following(from),
      since: '2026-01-01T00:00:00.000Z',
      ...more,
    });
  });
}

/** Some cursor that is another one. */
export function following(cursor: Cursor | undefined): Cursor {
  return { v: 1, page: Number(cursor?.['page'] ?? 0) + 1 };
}

/** A proposed improvement. */
export function anImprovement(given: Partial<Improvement> = {}): Improvement {
  return {
    id: 'IMP-0001',
    kind: 'service',
    title: 'VPN drops',
    description: 'Three in a week.',
    rule: 'recurring-incident',
    raisedAt: '2026-05-01T12:00:00.000Z',
    category: 'incident',
    caseKeys: ['recurrence:vpn'],
    episode: 0,
    firstTrigger: 'snow/incident/a',
    triggers: [sha256('a incident')],
    joined: [],
    serviceIds: ['vpn'],
    processes: [],
    riskStatement: 'People cannot work.',
    priority: { score: 60, band: 'p2', factors: [], rationale: 'It recurs.' },
    owner: 'ann',
    approver: 'bob',
    targetDate: '2026-07-01',
    dependencies: [],
    plan: {
      metric: 'weekly-rate',
      reduceBy: 0.3,
      baselineWeeks: 26,
      settleDays: 7,
      windowWeeks: 8,
      minimumSample: 10,
      caseKeys: ['recurrence:vpn'],
      categories: ['incident'],
      baselineEnd: '2026-04-24T00:00:00.000Z',
    },
    change: 'create',
    status: 'proposed',
    decisions: [],
    changes: [],
    evidence: [],
    measurements: [],
    extensions: 0,
    violations: [],
    ...given,
  };
}
