import type { HttpClient } from 'golden-thread/kit';
import { contentAt, type FileContent } from '../content.js';
import type { StoredFile } from '../stored-file.js';

/**
 * Reads contents, which lie at /secure/attachment outside of the API, at the address that each file names: at `site` alone, wherever that address leads. One below
 * another of the `bases` (where people open Jira) is asked for at the same place below `site`. A refusal there, even of the credentials, concerns the file: the API
 * has just taken them.
 */
export function contentsBelow(
  http: HttpClient,
  bases: readonly string[],
): (file: StoredFile, signal?: AbortSignal) => Promise<FileContent> {
  return async (file, signal) => {
    const path = pathOf(file, bases);
    if (path === undefined) return { problem: 'not read: Jira gives an address for it that is not below site or browseUrl' };
    const request = { path, route: '/secure/attachment/{id}/{name}', ...(signal && { signal }) };
    return contentAt(http, request, file.size, ['record', 'config', 'contract', 'auth']);
  };
}

/** Below `site`; undefined where the address leads elsewhere, or is not that of this very file. */
function pathOf({ id, content = '' }: StoredFile, bases: readonly string[]): string | undefined {
  const address = URL.parse(content);
  if (address === null || address.search !== '' || !/^\d{1,19}$/.test(id)) return undefined;
  for (const base of bases) {
    const { origin, pathname } = new URL(base);
    const prefix = pathname.replace(/\/+$/, '');
    const path = address.pathname.slice(prefix.length);
    if (address.origin === origin && address.pathname.startsWith(`${prefix}/`) && new RegExp(`^/secure/attachment/${id}/[^/]*$`).test(path))
      return path;
  }
  return undefined;
}
