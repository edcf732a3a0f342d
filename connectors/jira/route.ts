/** What follows a segment of a path: a value, and what it is called in a route. */
const valueAfter: Readonly<Record<string, string>> = {
  issue: '{issueIdOrKey}',
  comment: '{commentId}',
  createmeta: '{projectIdOrKey}',
  issuetypes: '{issueTypeId}',
  project: '{projectIdOrKey}',
};
const words = new Set(['bulkfetch', 'createmeta', 'list']);

/** The path with its ids replaced by their names: for logs and metrics, which must hold no id. */
export function routeOf(path: string): string {
  const segments = path.split('/');
  return segments.map((segment, index) => (words.has(segment) ? segment : (valueAfter[segments[index - 1] ?? ''] ?? segment))).join('/');
}
