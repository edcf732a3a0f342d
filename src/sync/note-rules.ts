import { type GateOff, gatesOffIn, gateSwitches, itself } from '../domain/index.js';
import type { Json, JsonObject } from '../kit/index.js';
import { appendJournal, canonicalJson, getSetting, type NewJournalEntry, putSetting, sha256 } from '../store/index.js';
import type { World } from './world.js';

/** What decisions are taken by, each by its hash. */
interface Rules {
  readonly policy: string;
  readonly directory: string;
  /** Every mapping by its name: also those to tickets and changes, and those that read decisions. */
  readonly mappings: Readonly<Record<string, string>>;
}

/**
 * Notes in the journal, by hash, which policy, directory and mappings decisions are taken by from now on, whenever they are others than before, and which
 * of them. Who was entitled, by which rule, and what was read as a decision must be provable later.
 * A gate that is switched off or on is an entry of its own.
 */
export async function noteRules(world: World): Promise<void> {
  const { policy, directory } = world.config;
  const byName = world.mappings.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const mappings: Readonly<Record<string, string>> = Object.fromEntries(byName.map(({ name, hash }): [string, string] => [name, hash]));
  const now: Rules = { policy: hashOf(policy), directory: hashOf(directory), mappings };
  const before = (await getSetting(world.store.read, 'rules')) as Partial<Rules> | undefined;
  const changed = changesOf(before, now);
  if (changed.length === 0) return;
  const at = world.clock();
  const gates = gatesOffIn(policy);
  const { off, on } = gateSwitches(((await getSetting(world.store.read, 'gates-off')) ?? []) as unknown as readonly GateOff[], gates);
  const switched = (kind: string, gate: GateOff): NewJournalEntry => ({
    at,
    actor: gate.by,
    kind,
    subject: 'installation',
    because: gate.because,
    body: plain({ gate: gate.gate, since: gate.since }) as JsonObject,
  });
  const because = before === undefined ? 'these are the first rules of this installation' : `edited: ${changed.join(', ')}`;
  await world.store.tx(async (t) => {
    await putSetting(t, 'rules', { ...now });
    await putSetting(t, 'gates-off', plain(gates));
    await appendJournal(t, [
      {
        at,
        actor: itself,
        kind: 'rules-changed',
        subject: 'installation',
        because,
        body: { ...now, changed, was: (before as Json | undefined) ?? null },
      },
      ...on.map((gate) => switched('gate-switched-on', gate)),
      ...off.map((gate) => switched('gate-switched-off', gate)),
    ]);
  });
  for (const gate of off)
    world.log.warn(`the gate ${gate.gate} is switched off`, { because: gate.because, by: gate.by, since: gate.since });
}

function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

function changesOf(before: Partial<Rules> | undefined, now: Rules): readonly string[] {
  const files = (['policy', 'directory'] as const).filter((name) => before?.[name] !== now[name]);
  const names = new Set([...Object.keys(before?.mappings ?? {}), ...Object.keys(now.mappings)]);
  return [...files, ...[...names].filter((name) => before?.mappings?.[name] !== now.mappings[name]).map((name) => `mapping ${name}`)];
}

function hashOf(rules: unknown): string {
  return sha256(canonicalJson(plain(rules)));
}
