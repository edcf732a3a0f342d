import { type FailureKind, type HttpClient, type HttpRequest, isFailure } from 'golden-thread/kit';

/** What became of reading one file: its SHA-256 in 64 lower-case hexadecimal digits, or why there is none. */
export type FileContent =
  { readonly sha256: string; readonly problem?: undefined } | { readonly sha256?: undefined; readonly problem: string };

/** Contents larger than this are not read. */
export const mostBytes = 25 * 1024 * 1024;

/** Where one content is asked for. */
export type ContentRequest = Pick<HttpRequest, 'path' | 'route' | 'query' | 'limits' | 'signal'>;

/**
 * Reads one content, streamed, for its digest. Redirects are not followed: the media store is another host, which must not get the credentials. `about`: the kinds
 * of failure that concern this file alone and are said in its place; any other is a failure. A sign-on page answers 200 like a file does, so the content must have
 * the size that Jira says.
 */
export async function contentAt(
  http: HttpClient,
  request: ContentRequest,
  size: number,
  about: readonly FailureKind[],
): Promise<FileContent> {
  if (size > mostBytes) return { problem: `not read: larger than ${mostBytes / 1024 / 1024} MiB` };
  try {
    const { digest } = await http.request({ method: 'GET', ...request, digestUpTo: mostBytes });
    if (digest === undefined) return { problem: 'not read: Jira answered without a content' };
    return digest.bytes === size
      ? { sha256: digest.sha256 }
      : { problem: `not taken: Jira says that it has ${size} bytes, and what it gives has ${digest.bytes} (a sign-on page?)` };
  } catch (error) {
    if (!isFailure(error) || !about.includes(error.kind)) throw error;
    return { problem: `not read: ${error.message}` };
  }
}
