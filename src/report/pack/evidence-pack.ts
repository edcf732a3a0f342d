import { type Improvement, parseInputId, refText, removedPerson, type Thread } from '../../domain/index.js';
import { Failure } from '../../kit/index.js';
import { canonicalJson, improvementVersions, inputsById, journalExtract, sha256 } from '../../store/index.js';
import { aboutOf, type ReportContext } from '../context.js';
import type { ReportDocument } from '../document/document.js';
import { asJson, escaped } from '../document/json.js';
import { htmlOf } from '../document/html.js';
import { markdownOf } from '../document/markdown.js';
import { threadPicture } from '../figures/thread-picture.js';
import { improvementChart, runChart } from '../run-chart/index.js';
import type { DrawnSample } from '../sample/sample-document.js';
import { threadBlocks } from '../thread/thread-document.js';
import { type ThreadReport, threadReport } from '../thread-report.js';
import { packReadme } from './pack-readme.js';
import { canonicalFile, type PackFile, recordFiles, restrictedRefs, textFile } from './record-files.js';
import { verifyPython, verifyShell } from './verify-script.js';

/** What is packed, and how many gaps there are in it. */
export interface EvidencePack {
  /** In the order of their paths; `SHA256SUMS` is the last. */
  readonly files: readonly PackFile[];
  readonly improvements: readonly string[];
  readonly gaps: number;
  /** SHA-256 of `SHA256SUMS`: who notes it has noted the whole pack. */
  readonly sumsHash: string;
}

/**
 * Everything that an auditor needs to follow these improvements from end to end and to check it without the product. Fails for an id that is not in the
 * register (or was not yet at `asOf`).
 */
export async function evidencePack(context: ReportContext, ids: readonly string[], sample?: DrawnSample): Promise<EvidencePack> {
  const { db, config, at, asOf } = context;
  const wanted = [...new Set(ids)].toSorted();
  const files: PackFile[] = [];
  let gaps = 0;
  for (const id of wanted) {
    const report = await threadReport(db, config, id, at, asOf);
    if (report === undefined)
      throw new Failure('record', `there is no improvement ${id} in the register`, { key: id, hint: 'golden-thread register lists them' });
    gaps += report.thread.gaps.length;
    files.push(...(await improvementFiles(context, report)));
  }
  const extract = await journalExtract(db, wanted);
  // As of an earlier day the entries of later days are left out; the tree stays the one of today, in which they are proven.
  const entries = extract.entries.filter(({ entry }) => asOf === undefined || entry.at <= asOf);
  const about = await aboutOf(context, gaps);
  files.push(
    textFile('journal.json', `${escaped(JSON.stringify({ tree: extract.tree, entries }, null, 1))}\n`),
    textFile(
      'about.json',
      `${escaped(JSON.stringify({ ...about, improvements: wanted, ...(sample !== undefined && { sample }) }, null, 2))}\n`,
    ),
    textFile('README.md', packReadme(about, wanted, extract.tree)),
    textFile('verify.py', verifyPython),
    textFile('verify.sh', verifyShell),
  );
  const ordered = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const sums = ordered.map(({ path, bytes }) => `${sha256OfBytes(bytes)}  ${path}\n`).join('');
  return { files: [...ordered, textFile('SHA256SUMS', sums)], improvements: wanted, gaps, sumsHash: sha256(sums) };
}

async function improvementFiles(context: ReportContext, report: ThreadReport): Promise<readonly PackFile[]> {
  const { db, asOf } = context;
  const { improvement } = report;
  const folder = improvement.id;
  const shown = await withoutConfidential(context, report);
  const document: ReportDocument = {
    name: 'thread',
    title: `${improvement.id} ${improvement.title}`,
    about: await aboutOf(context, report.thread.gaps.length),
    blocks: threadBlocks(shown, context, 2),
    data: { thread: asJson(shown.thread) },
  };
  return [
    canonicalFile(`${folder}/register-entry.json`, improvement),
    canonicalFile(`${folder}/history.json`, await historyOf(context, improvement.id)),
    canonicalFile(`${folder}/decisions.json`, improvement.decisions),
    canonicalFile(`${folder}/measurements.json`, improvement.measurements),
    textFile(`${folder}/thread.svg`, `${threadPicture(shown.thread).svg}\n`),
    textFile(`${folder}/thread.md`, markdownOf(document)),
    textFile(`${folder}/thread.html`, htmlOf(document)),
    ...(await chartFiles(context, improvement)),
    ...snapshots(improvement),
    ...(await recordFiles(db, improvement, folder, asOf)),
  ];
}

async function historyOf({ db, asOf }: ReportContext, id: string): Promise<readonly object[]> {
  const versions = await improvementVersions(db, id);
  return versions
    .filter(({ at }) => asOf === undefined || at <= asOf)
    .map(({ improvement, version, at, by, because }) => ({
      version,
      at,
      by,
      because,
      status: improvement.status,
      sha256: sha256(canonicalJson(asJson(improvement))),
    }));
}

async function chartFiles({ db }: ReportContext, improvement: Improvement): Promise<readonly PackFile[]> {
  const files: PackFile[] = [];
  for (const measurement of improvement.measurements) {
    const chart = await improvementChart(db, improvement, measurement);
    if (chart !== undefined) files.push(textFile(`${improvement.id}/run-chart-${measurement.at.slice(0, 10)}.svg`, runChart(chart)));
  }
  return files.filter(({ path }, at) => files.findIndex((other) => other.path === path) === at);
}

/**
 * The content of each snapshot under its own hash: canonical JSON, byte by byte what was hashed. One in which a removed person stood has no such content any more;
 * the thread says so.
 */
function snapshots({ id, evidence }: Improvement): readonly PackFile[] {
  const whole = evidence.filter(({ content }) => !removedPerson.test(JSON.stringify(content)));
  const files = whole.map(({ hash, content }) => canonicalFile(`${id}/evidence/${hash}.json`, content));
  return files.filter(({ path }, at) => files.findIndex((other) => other.path === path) === at);
}

/** The thread with no more than the number of a record that is confidential at its source: a pack leaves the house. */
async function withoutConfidential({ db }: ReportContext, report: ThreadReport): Promise<ThreadReport> {
  const inputs = await inputsById(db, [...report.improvement.triggers, ...report.improvement.joined]);
  const restricted = restrictedRefs(inputs);
  if (restricted.size === 0) return report;
  const numbers = new Map(inputs.map((input) => [parseInputId(input.id).record, input.number]));
  const stages: Thread['stages'] = report.thread.stages.map((stage) => ({
    ...stage,
    items: stage.items.map((item) =>
      item.ref === undefined || !restricted.has(refText(item.ref))
        ? item
        : { at: item.at, ref: item.ref, title: `${numbers.get(`record:${refText(item.ref)}`) ?? 'a record'} (confidential at its source)` },
    ),
  }));
  return { ...report, thread: { ...report.thread, stages } };
}

function sha256OfBytes(bytes: Uint8Array): string {
  return sha256(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
}
