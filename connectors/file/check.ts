import { asFailure, type CheckResult } from 'golden-thread/kit';
import { checkFiles } from './check-files.js';
import type { DiskEntry } from './disk.js';
import type { Inbox } from './inbox.js';
import { isUnfinished } from './pattern.js';
import type { OpenStream } from './streams.js';
import { count, listed } from './wording.js';

/** One line for the folder, and per stream for its files, keys and columns. Reads every file once. Never throws for what it can describe. */
export async function checkInbox(inbox: Inbox, streams: readonly OpenStream[], signal?: AbortSignal): Promise<readonly CheckResult[]> {
  const what = 'inbox: read';
  let entries: readonly DiskEntry[];
  try {
    entries = await inbox.everything();
  } catch (error) {
    return [failed(what, error)];
  }
  const results: CheckResult[] = [
    { what, outcome: 'ok', found: `${inbox.path} can be read and holds ${count(entries.length, 'entry', 'entries')}` },
  ];
  for (const { spec } of streams) {
    try {
      results.push(...(await checkFiles(spec, inbox, signal)));
    } catch (error) {
      results.push(failed(`${spec.name}: files`, error));
    }
  }
  const unread = entries.filter((entry) => isUnread(entry, streams)).map(({ name }) => name);
  if (unread.length > 0)
    results.push({
      what: 'inbox: other files',
      outcome: 'warning',
      found: `no stream reads ${listed(unread)}`,
      hint: 'rename them, or widen the pattern of a stream; links and folders are never read',
    });
  return results;
}

function isUnread({ name, kind }: DiskEntry, streams: readonly OpenStream[]): boolean {
  if (isUnfinished(name)) return false;
  return kind === 'other' ? streams.some(({ spec }) => spec.matches(name)) : !streams.some(({ spec }) => spec.matches(name));
}

function failed(what: string, error: unknown): CheckResult {
  const { message, details } = asFailure(error);
  return { what, outcome: 'failed', found: message, ...(details.hint !== undefined && { hint: details.hint }) };
}
