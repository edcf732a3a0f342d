import { createHash } from 'node:crypto';
import { asFailure, type CheckResult, type Failure } from 'golden-thread/kit';
import type { Sign } from './disk.js';
import { fieldsIn } from './fields.js';
import { identityOf } from './identity.js';
import { type Inbox, isNewer } from './inbox.js';
import { ownFields } from './names.js';
import { recordOf } from './record.js';
import type { RawRow } from './row.js';
import { rowsOf } from './rows.js';
import type { Spec } from './spec.js';
import { count, listed } from './wording.js';

/** What was seen in the files of a stream. */
interface Seen {
  rows: number;
  readonly bad: string[];
  readonly doubled: string[];
  readonly dangling: string[];
  readonly unusable: string[];
}

/** Whether the files of a stream are there, complete, usable, and hold what mappings read. */
export async function checkFiles(spec: Spec, inbox: Inbox, signal?: AbortSignal): Promise<readonly CheckResult[]> {
  const { name } = spec;
  const { ready, busy } = await inbox.look(spec.matches, new Map());
  const results: CheckResult[] = [files(spec, ready, busy)];
  if (busy.length > 0)
    results.push({
      what: `${name}: half-written`,
      outcome: 'warning',
      found: `${listed(busy.map((file) => file.name))}: touched less than ${inbox.quietMs / 1000} s ago, or empty`,
      hint: 'wait; a file is read once nobody writes to it. Programs best write name.tmp and rename it',
    });
  if (ready.length === 0) return results;
  const seen: Seen = { rows: 0, bad: [], doubled: [], dangling: [], unusable: [] };
  for (const sign of ready) {
    if (signal?.aborted === true) return results;
    await look(sign, spec, inbox, seen);
  }
  results.push(keys(spec, seen), ...rows(spec, seen), ...(await columns(spec, inbox, ready)));
  if (seen.dangling.length > 0)
    results.push({
      what: `${name}: references`,
      outcome: 'warning',
      found: `${count(seen.dangling.length, 'reference leads', 'references lead')} nowhere: ${listed(seen.dangling, 3)}`,
      hint: 'the rows are read without them; let the author of the document correct the uuid',
    });
  return results;
}

function files({ name, files: pattern }: Spec, ready: readonly Sign[], busy: readonly Sign[]): CheckResult {
  const what = `${name}: files`;
  if (ready.length + busy.length === 0)
    return {
      what,
      outcome: 'warning',
      found: `no file fits ${pattern}`,
      hint: 'put one into the inbox, or correct the pattern; rows that were read before are kept',
    };
  const newest = [...ready, ...busy].reduce((one, other) => (isNewer(one, other) ? one : other));
  return {
    what,
    outcome: 'ok',
    found: `${count(ready.length + busy.length, 'file fits', 'files fit')} ${pattern}, the newest is ${newest.name}`,
  };
}

async function look(sign: Sign, spec: Spec, inbox: Inbox, seen: Seen): Promise<void> {
  const known = new Map<string, string>();
  try {
    const source = await inbox.open(sign);
    try {
      for await (const row of rowsOf(source, spec, inbox.maxBytes)) note(row, sign, spec, known, seen);
    } finally {
      await source.close();
    }
  } catch (error) {
    const failure: Failure = asFailure(error);
    if (!['record', 'conflict', 'auth'].includes(failure.kind)) throw failure;
    seen.unusable.push(`${sign.name}: ${failure.message}`);
  }
}

function note(row: RawRow, sign: Sign, spec: Spec, known: Map<string, string>, seen: Seen): void {
  seen.rows += 1;
  const place = `${sign.name}:${row.line}`;
  const identity = identityOf(row.fields, spec.key);
  const problem = row.problems[0] ?? ('problem' in identity ? identity.problem : undefined);
  const dangling = row.fields['dangling'];
  if (spec.format.startsWith('oscal') && Array.isArray(dangling)) seen.dangling.push(...dangling.map((one) => `${place}: ${String(one)}`));
  if ('text' in identity) {
    const content = createHash('sha256').update(JSON.stringify(row.fields)).digest('base64');
    const before = known.get(identity.text);
    if (before !== undefined && before !== content) seen.doubled.push(`${place} (${identity.values.join(' / ')})`);
    known.set(identity.text, before ?? content);
  }
  if (problem !== undefined) {
    seen.bad.push(`${place}: ${problem}`);
    return;
  }
  const made = 'text' in identity ? recordOf(row, identity, sign, { system: '', spec, urlOf: () => '' }) : identity;
  if ('problem' in made) seen.bad.push(`${place}: ${made.problem}`);
}

function keys({ name, key }: Spec, { rows: all, doubled }: Seen): CheckResult {
  const what = `${name}: keys`;
  if (doubled.length === 0) return { what, outcome: 'ok', found: `${count(all, 'row', 'rows')}, told apart by ${key.join(', ')}` };
  return {
    what,
    outcome: 'warning',
    found: `${count(doubled.length, 'row has', 'rows have')} the key of another row of the same file and other content: ${listed(doubled)}`,
    hint: 'the first one counts, the others are set aside; add a column to key that tells them apart',
  };
}

function rows({ name }: Spec, { bad, unusable }: Seen): readonly CheckResult[] {
  const results: CheckResult[] = [];
  if (unusable.length > 0)
    results.push({
      what: `${name}: unusable files`,
      outcome: 'failed',
      found: listed(unusable, 3),
      hint: 'replace them; the rows that they held before are kept as they were',
    });
  if (bad.length > 0)
    results.push({
      what: `${name}: bad rows`,
      outcome: 'warning',
      found: `${count(bad.length, 'row is', 'rows are')} set aside: ${listed(bad, 3)}`,
      hint: 'correct them in the file and save it; the other rows are read',
    });
  return results;
}

/** A column that no file has reads as nothing, for ever and silently. */
async function columns(spec: Spec, inbox: Inbox, ready: readonly Sign[]): Promise<readonly CheckResult[]> {
  const what = `${spec.name}: columns`;
  const found = new Set<string>(ownFields);
  for (const sign of ready.slice(0, 5)) for (const name of (await fieldsIn(sign, spec, inbox)).keys()) found.add(name);
  if (found.size === ownFields.length) return [];
  const settings = [...spec.key, ...[spec.updated, spec.number].filter((one) => one !== undefined)];
  const missing = [...new Set([...settings.map(head), ...(spec.wanted ?? [])])].filter((name) => !found.has(name));
  // An OSCAL object leaves out what it has nothing for.
  if (missing.length === 0 || spec.format.startsWith('oscal'))
    return [
      {
        what,
        outcome: 'ok',
        found: spec.wanted === undefined ? 'no mapping reads this stream' : `all ${spec.wanted.size} columns that mappings read exist`,
      },
    ];
  return [
    {
      what,
      outcome: 'failed',
      found: `no file has ${missing.join(', ')}; there are ${listed([...found].slice(ownFields.length), 20)}`,
      hint: 'correct the mapping or the settings of the stream: columns are named in lower case, with _ for everything that is no letter or digit',
    },
  ];
}

function head(path: string): string {
  return path.split('.', 1)[0] ?? path;
}
