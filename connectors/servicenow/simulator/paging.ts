/**
 * The `Link` header as instances send it: joined by commas without spaces, the query as it was sent, `prev` on the first page too
 * (with a negative offset), `next` only where there is more.
 */
export function linkHeader(
  url: string,
  page: { readonly offset: number; readonly limit: number; readonly total: number },
  style: 'always' | 'applicable',
): string | undefined {
  const { offset, limit, total } = page;
  const more = offset + limit < total;
  if (style === 'applicable' && offset === 0 && !more) return undefined;
  const last = Math.max(0, Math.floor((total - 1) / limit) * limit);
  const links: readonly (readonly [rel: string, offset: number, shown: boolean])[] = [
    ['first', 0, true],
    ['prev', offset - limit, style === 'always' || offset > 0],
    ['next', offset + limit, more],
    ['last', last, true],
  ];
  return links
    .filter(([, , shown]) => shown)
    .map(([rel, at]) => `<${withOffset(url, at, limit)}>;rel="${rel}"`)
    .join(',');
}

function withOffset(url: string, offset: number, limit: number): string {
  const mark = url.indexOf('?');
  const path = mark === -1 ? url : url.slice(0, mark);
  const query = mark === -1 ? '' : url.slice(mark + 1);
  const kept = query.split('&').filter((part) => part !== '' && !part.startsWith('sysparm_offset='));
  const limited = kept.some((part) => part.startsWith('sysparm_limit=')) ? kept : [...kept, `sysparm_limit=${limit}`];
  return `${path}?${[...limited, `sysparm_offset=${offset}`].join('&')}`;
}
