import { type ImprovementInput, type Improvement, refText } from '../../domain/index.js';
import type { Instant, Json, RecordRef } from '../../kit/index.js';
import { canonicalJson, type Db, inHex, inputsById, inputsByIdAsOf, recordVersions, sha256, type StoredRecord } from '../../store/index.js';

/** One file of a pack. */
export interface PackFile {
  /** With forward slashes, relative to the pack. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A text as a file. */
export function textFile(path: string, text: string): PackFile {
  return { path, bytes: new TextEncoder().encode(text) };
}

/** A value as a file of canonical JSON. */
export function canonicalFile(path: string, value: unknown): PackFile {
  return textFile(path, canonicalJson(JSON.parse(JSON.stringify(value)) as Json));
}

interface Wanted {
  readonly ref: RecordRef;
  readonly why: string;
  /** The version that an input was made from; without it, the last that was known. */
  readonly hash?: string;
  readonly input?: ImprovementInput;
}

/** The record versions that an improvement rests on, and their index `records.json`. Texts of confidential records are withheld. */
export async function recordFiles(
  db: Db,
  improvement: Improvement,
  folder: string,
  asOf: Instant | undefined,
): Promise<readonly PackFile[]> {
  const ids = [...improvement.triggers, ...improvement.joined];
  const inputs = asOf === undefined ? await inputsById(db, ids) : await inputsByIdAsOf(db, ids, asOf);
  const wanted: readonly Wanted[] = [
    ...inputs.map((input) => ({
      ref: input.trigger,
      why: improvement.triggers.includes(input.id) ? 'trigger' : 'joined later',
      hash: input.madeBy.recordHash,
      input,
    })),
    ...improvement.changes.map(({ ref }) => ({ ref, why: 'change' })),
  ];
  const files: PackFile[] = [];
  const index: object[] = [];
  for (const each of wanted) {
    const version = await versionOf(db, each, asOf);
    if (version === undefined) continue;
    const { record, hash, readAt } = version;
    const about = {
      ...each.ref,
      why: each.why,
      number: record.number,
      version: version.version,
      contentHash: inHex(hash),
      readAt,
      updatedAt: record.updatedAt,
    };
    if (each.input?.restricted === true) {
      index.push({ ...about, withheld: 'confidential at its source' });
      continue;
    }
    const name = `records/${String(files.length + 1).padStart(3, '0')}-${record.number.replace(/[^A-Za-z0-9-]/g, '_').slice(0, 40)}.json`;
    const file = canonicalFile(`${folder}/${name}`, record.data);
    files.push(file);
    index.push({ ...about, url: record.url, file: name, sha256: sha256(new TextDecoder().decode(file.bytes)) });
  }
  return [canonicalFile(`${folder}/records.json`, index), ...files];
}

async function versionOf(db: Db, { ref, hash }: Wanted, asOf: Instant | undefined): Promise<StoredRecord | undefined> {
  const versions = (await recordVersions(db, ref)).filter(({ readAt }) => asOf === undefined || readAt <= asOf);
  return versions.findLast((version) => version.hash === hash) ?? versions.at(-1);
}

/** Record references whose texts must not leave the installation. */
export function restrictedRefs(inputs: readonly ImprovementInput[]): ReadonlySet<string> {
  return new Set(inputs.filter(({ restricted }) => restricted === true).map(({ trigger }) => refText(trigger)));
}
