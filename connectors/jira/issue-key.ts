import { Failure } from 'golden-thread/kit';

/** An issue id as it may stand in a path. Jira's ids are decimal; anything else is refused before it is sent. */
export function issueId(key: string): string {
  if (!/^\d{1,19}$/.test(key))
    throw new Failure('record', 'this is no Jira issue id', {
      key,
      committed: 'no',
      hint: 'issues are named by their id, a number; never by their key',
    });
  return key;
}

/** `IMP-42` in its parts; undefined when it is no issue key. */
export function partsOf(key: string): { readonly project: string; readonly number: number } | undefined {
  const match = /^([A-Z][A-Z0-9_]*)-(\d{1,15})$/.exec(key);
  return match?.[1] === undefined || match[2] === undefined ? undefined : { project: match[1], number: Number(match[2]) };
}
