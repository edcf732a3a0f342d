import type { Issue, IssueFile, IssueLink } from './issue.js';

/** All issues of the site, found by id, by key, and by any key they ever had. Strongly consistent: what GET and bulkfetch read. */
export interface Shelf {
  readonly files: Map<number, IssueFile>;
  /** Current and former keys, in upper case. */
  readonly byKey: Map<string, number>;
  /** Last number handed out, per project: a deleted issue's key is never used again. */
  readonly lastNumber: Map<string, number>;
  readonly links: Map<number, IssueLink>;
  /** Last ids handed out. */
  readonly last: { issue: number; change: number; comment: number; remoteLink: number; link: number; attachment: number };
}

export function createShelf(): Shelf {
  return {
    files: new Map(),
    byKey: new Map(),
    lastNumber: new Map(),
    links: new Map(),
    last: { issue: 10_000, change: 10_000, comment: 10_000, remoteLink: 10_000, link: 10_000, attachment: 10_000 },
  };
}

/** The issue with this id or key, deleted ones included. Keys are found whatever their case, and old keys follow a move, as documented. */
export function findFile(shelf: Shelf, idOrKey: string): IssueFile | undefined {
  const id = /^\d+$/.test(idOrKey) ? Number(idOrKey) : shelf.byKey.get(idOrKey.toUpperCase());
  return id === undefined ? undefined : shelf.files.get(id);
}

/** The next free id and key in a project. */
export function takeIdentity(shelf: Shelf, projectKey: string): Pick<Issue, 'id' | 'key' | 'projectKey' | 'number'> {
  shelf.last.issue += 1;
  return { id: shelf.last.issue, ...takeKey(shelf, projectKey) };
}

/** The next free key in a project, for a move. */
export function takeKey(shelf: Shelf, projectKey: string): Pick<Issue, 'key' | 'projectKey' | 'number'> {
  const number = (shelf.lastNumber.get(projectKey) ?? 0) + 1;
  shelf.lastNumber.set(projectKey, number);
  return { key: `${projectKey}-${number}`, projectKey, number };
}

/** Puts a new issue on the shelf. */
export function shelve(shelf: Shelf, issue: Issue): IssueFile {
  const file: IssueFile = {
    issue,
    hiddenFrom: new Set(),
    changes: [],
    comments: [],
    attachments: [],
    properties: new Map(),
    remoteLinks: [],
    writes: [],
  };
  shelf.files.set(issue.id, file);
  shelf.byKey.set(issue.key, issue.id);
  return file;
}
