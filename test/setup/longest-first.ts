import { statSync } from 'node:fs';

/** A test file, as Jest names it. */
interface File {
  readonly path: string;
}

/** What takes longest, longest first: a core that starts one of these last works on it while the others have nothing left to do. */
const longest = [
  'fault/crash',
  'cli/demo',
  'connectors/jira-data-center-conformance',
  'connectors/jira-conformance',
  'cli/bad-input',
  'connectors/servicenow-conformance',
  'cli/verbs',
  'connectors/servicenow-read-conformance',
  'fault/mutants',
  'cli/journal',
  'fault/shutdown',
  'connectors/jira-data-center-zone',
  'kit/conformance',
  'scenario/chart',
  'connectors/file-big',
  'docs/connector',
];

function rankOf(path: string): number {
  const rank = longest.findIndex((name) => path.endsWith(`/${name}.test.js`));
  return rank === -1 ? longest.length : rank;
}

/**
 * The order in which Jest starts test files: the longest first, then by size. It is the same in every checkout: Jest's own order knows how long each took
 * the last time, and a fresh checkout has had no last time.
 */
export default class LongestFirst {
  sort<T extends File>(files: Iterable<T>): readonly T[] {
    const order = [...files].map((file) => ({ file, rank: rankOf(file.path), size: statSync(file.path).size }));
    return order.toSorted((one, other) => one.rank - other.rank || other.size - one.size).map(({ file }) => file);
  }

  /** Which ones failed the last time is not kept: `--onlyFailures` runs all. */
  allFailedTests<T extends File>(files: Iterable<T>): readonly T[] {
    return this.sort(files);
  }

  /** Jest tells here how long each took. */
  cacheResults(): void {}
}
