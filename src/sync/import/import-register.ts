import {
  type Imported,
  importEntry,
  type ImprovementInput,
  inputIdOf,
  isOpen,
  type RaiseContext,
  caseKeysOf,
  type RegisterEntry,
  resolveServices,
  type Severity,
} from '../../domain/index.js';
import { Failure, type RecordRef, type SourceRecord } from '../../kit/index.js';
import type { RegisterMapping } from '../../mapping/index.js';
import {
  appendJournal,
  type Content,
  contentOf,
  type Db,
  improvementsWithCaseKeys,
  latestRecord,
  nextNumber,
  saveImprovement,
  saveRecords,
  type Tx,
} from '../../store/index.js';
import { keepGraph } from '../decide/keep-graph.js';
import { decideTicket, decideTransition } from '../push/ticket-writes.js';
import type { World } from '../world.js';
import { nameOfSource, readRegister, type RegisterSource } from './read-register.js';

export interface ImportAsk {
  readonly source: RegisterSource;
  /** Tells several earlier registers apart; the same number in another one is another entry. Lower-case words joined by hyphens. */
  readonly register: string;
  /** Directory id of the person who answers for it. */
  readonly by: string;
  /** Open entries get a ticket each, within the daily cap. */
  readonly withTickets: boolean;
  readonly dryRun: boolean;
}

/** One entry of the report that `import register` prints. */
export interface ImportedRow {
  readonly number: string;
  readonly id: string;
  readonly status: string;
  readonly title: string;
  /** What the directory or the policy did not know. */
  readonly notes: readonly string[];
}

export interface ImportResult {
  readonly source: string;
  readonly imported: readonly ImportedRow[];
  /** Numbers that were imported before and are the same. */
  readonly known: readonly string[];
  /** Numbers that were imported before and read otherwise now: the register is kept here since, so nothing of it is taken. */
  readonly differing: readonly string[];
}

interface Row {
  readonly record: SourceRecord;
  readonly content: Content;
  readonly entry: RegisterEntry;
  readonly input: ImprovementInput;
}

/**
 * Takes an earlier register over, all of it or nothing: one row that cannot be read refuses the import, with every such row named. The same register twice
 * adds nothing. Entries keep their number beside the new one, are marked as older than the product, and raise nothing.
 */
export async function importRegister(world: World, ask: ImportAsk): Promise<ImportResult> {
  const { mapping, rows: records, rejected } = await readRegister(world, ask.source);
  const source = nameOfSource(ask.source);
  const problems = rejected.map(({ key, problems: why }) => `${key}: ${why.join('; ')}`);
  const rows: Row[] = [];
  for (const record of records) {
    const row = toRow(world, record, { mapping, register: ask.register, source });
    if (typeof row === 'string') problems.push(row);
    else if (row !== undefined) rows.push(row);
  }
  const seen = new Set<string>();
  for (const { entry } of rows) {
    if (seen.has(entry.number)) problems.push(`${entry.number}: this number comes twice`);
    seen.add(entry.number);
  }
  if (problems.length > 0) throw new AggregateError(problems.map((problem) => refused(source, problem)));
  const { store } = world;
  const made = ask.dryRun
    ? await planEntries(world, store.read, rows, source)
    : await store.tx((t) => enterAll(world, t, rows, ask, source));
  const imported = made.fresh.map(({ row: { entry }, imported: { improvement, notes } }): ImportedRow => {
    const { id, status, title } = improvement;
    return { number: entry.number, id, status, title, notes };
  });
  return { source, imported, known: made.known, differing: made.differing };
}

function refused(source: string, problem: string): Failure {
  return new Failure('config', `${source}, ${problem}`, {
    hint: 'nothing was imported; mend the row, or the mapping to register-entry, and import again',
  });
}

interface Of {
  readonly mapping: RegisterMapping;
  readonly register: string;
  readonly source: string;
}

/** A row ready to be entered, why it cannot be, or undefined where the mapping leaves it out. */
function toRow(world: World, record: SourceRecord, { mapping, register, source }: Of): Row | string | undefined {
  const { directory, policy } = world.config;
  const mapped = mapping.map(record, { system: record.ref.system });
  const line = (record.data['source'] as { readonly line?: number } | undefined)?.line;
  const where = line === undefined ? record.number : `line ${line} (${record.number})`;
  if (mapped.is === 'dropped') return undefined;
  if (mapped.is === 'failed') return `${where}: ${mapped.problems.join('; ')}`;
  const entry = mapped.value;
  if (!policy.categories.some(({ id }) => id === entry.category))
    return `${where}: policy.yaml approves no category "${entry.category}" (${policy.categories.map(({ id }) => id).join(', ')})`;
  const ref: RecordRef = { system: 'import', stream: register, key: entry.number };
  const kept: SourceRecord = { ...record, ref, number: entry.number };
  const content = contentOf(record.data, ['source']);
  const input: ImprovementInput = {
    id: inputIdOf(ref, mapping.name),
    // No approved category: it is counted by no rule and no metric, because it is an entry and no event.
    category: 'register-entry',
    title: entry.title,
    occurredAt: entry.raisedAt,
    severity: severityOf(entry.priority),
    services: entry.services,
    processes: entry.processes,
    facts: { source },
    trigger: ref,
    number: entry.number,
    url: record.url,
    serviceIds: resolveServices(directory, record.ref.system, entry.services),
    caseKeys: caseKeysOf({ trigger: ref }, []),
    madeBy: { mapping: mapping.name, mappingHash: mapping.hash, recordHash: content.hash },
  };
  return { record: kept, content, entry, input };
}

function severityOf(priority: RegisterEntry['priority']): Severity {
  return ({ p1: 'critical', p2: 'high', p3: 'moderate', p4: 'low' } as const)[priority ?? 'p3'];
}

/** What the import would make of each row, in their order. Reads only. */
async function planEntries(world: World, db: Db, rows: readonly Row[], source: string) {
  const fresh: { readonly row: Row; readonly imported: Imported }[] = [];
  const known: string[] = [];
  const differing: string[] = [];
  const first = numberOf(await nextNumber(db));
  for (const row of rows) {
    if ((await improvementsWithCaseKeys(db, row.input.caseKeys)).length > 0) {
      const kept = await latestRecord(db, row.input.trigger);
      (kept?.hash === row.content.hash ? known : differing).push(row.entry.number);
      continue;
    }
    const context = contextFor(world, `IMP-${String(first + fresh.length).padStart(4, '0')}`);
    fresh.push({ row, imported: importEntry({ entry: row.entry, input: row.input, source }, context) });
  }
  return { fresh, known, differing };
}

async function enterAll(world: World, t: Tx, rows: readonly Row[], ask: ImportAsk, source: string) {
  const planned = await planEntries(world, t, rows, source);
  for (const { row, imported } of planned.fresh) await enter(world, t, row, imported, ask, source);
  return planned;
}

function numberOf(id: string): number {
  return Number(id.slice(id.lastIndexOf('-') + 1));
}

function contextFor(world: World, number: string): RaiseContext {
  const { policy, directory, settings } = world.config;
  return { policy, directory, timeZone: settings.organisation.timeZone, at: world.clock(), number, episode: 0 };
}

async function enter(world: World, t: Tx, row: Row, { improvement, notes }: Imported, ask: ImportAsk, source: string): Promise<void> {
  const at = world.clock();
  const because = `imported from ${source} as ${row.entry.number}`;
  const { system, stream } = row.record.ref;
  await saveRecords(t, {
    system,
    stream,
    fieldSet: 'import',
    cause: { at, by: ask.by, because },
    records: [{ record: row.record, content: row.content, inputs: [row.input], links: [] }],
  });
  await saveImprovement(t, improvement, { at, by: ask.by, because });
  await appendJournal(t, [
    {
      at,
      actor: ask.by,
      kind: 'improvement-imported',
      subject: improvement.id,
      because,
      body: { number: row.entry.number, source, status: improvement.status, notes: [...notes] },
    },
  ]);
  await keepGraph(world, t, improvement);
  if (!ask.withTickets || !isOpen(improvement)) return;
  await decideTicket(world, t, improvement);
  if (improvement.status !== 'proposed') await decideTransition(world, t, improvement, 'import');
}
