import { cellText, visible, webAddress } from './cell-text.js';
import { aboutFacts } from './about-lines.js';
import type { Block, Cell, Facts, Figure, Heading, Mark, ReportDocument, Table } from './document.js';
import { style } from './html-style.js';

/**
 * The document as one file that needs nothing else: no script, no address that is loaded. Landmarks, a skip link, captions and scopes for those who listen to
 * it; light and dark; readable on paper. The content security policy forbids everything that is not in the file.
 */
export function htmlOf(document: ReportDocument): string {
  const { title, about, blocks } = document;
  const sections = blocks.flatMap((block, at) => (block.kind === 'heading' && block.level === 2 ? [{ at, text: block.text }] : []));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(`${title} – ${about.organisation}`)}</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
<p class="organisation">${escapeHtml(about.organisation)}</p>
<h1>${escapeHtml(title)}</h1>
${factsOf({ kind: 'facts', items: aboutFacts(about).filter(({ name }) => name !== 'Organisation' && name !== 'Made from') }, 'about')}
</header>
${sections.length < 3 ? '' : `<nav aria-label="Contents"><ol>${sections.map(({ at, text }) => `<li><a href="#s${at}">${escapeHtml(text)}</a></li>`).join('')}</ol></nav>`}
<main id="main">
${blocks.map((block, at) => blockOf(block, at)).join('\n')}
</main>
<footer>
<p>Made from journal entry ${about.journal.seq}, hash <code>${escapeHtml(about.journal.hash)}</code>; policy <code>${escapeHtml(about.policyHash)}</code>; directory <code>${escapeHtml(about.directoryHash)}</code>; by ${escapeHtml(about.product)}. Times are UTC, days and periods ${escapeHtml(about.timeZone)}.</p>
</footer>
</body>
</html>
`;
}

function blockOf(block: Block, at: number): string {
  switch (block.kind) {
    case 'heading':
      return headingOf(block, at);
    case 'paragraph':
      return `<p${block.tone === undefined ? '' : ` class="${block.tone}"`}>${escapeHtml(block.text)}</p>`;
    case 'list':
      return block.items.length === 0 ? '' : `<ul>${block.items.map((item) => `<li>${cellOf(item)}</li>`).join('')}</ul>`;
    case 'facts':
      return factsOf(block);
    case 'table':
      return tableOf(block);
    case 'figure':
      return figureOf(block);
  }
}

function headingOf({ level, text }: Heading, at: number): string {
  return `<h${level}${level === 2 ? ` id="s${at}"` : ''}>${escapeHtml(text)}</h${level}>`;
}

function factsOf({ items }: Facts, name?: string): string {
  const rows = items.map((item) => `<div><dt>${escapeHtml(item.name)}</dt><dd>${cellOf(item.value)}</dd></div>`);
  return `<dl${name === undefined ? '' : ` class="${name}"`}>${rows.join('')}</dl>`;
}

function tableOf(table: Table): string {
  if (table.rows.length === 0)
    return `<p class="empty"><strong>${escapeHtml(table.caption)}:</strong> ${escapeHtml(table.empty ?? 'none')}</p>`;
  const kind = (at: number): string => (table.columns[at]?.align === 'number' ? ' class="number"' : '');
  const head = table.columns.map(({ title }, at) => `<th scope="col"${kind(at)}>${escapeHtml(title)}</th>`).join('');
  const rows = table.rows.map((row) => {
    const cells = table.columns.map((_, at) =>
      at === 0
        ? `<th scope="row"${kind(at) || (/^\S{1,16}$/.test(cellText(row[at])) ? ' class="key"' : '')}>${cellOf(row[at])}</th>`
        : `<td${kind(at)}>${cellOf(row[at])}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div class="scroll" role="region" tabindex="0" aria-label="${escapeHtml(table.caption)}"><table${table.columns.length < 4 ? ' class="narrow"' : ''}><caption>${escapeHtml(table.caption)}</caption><thead><tr>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
}

function figureOf({ caption, alt, svg, numbers }: Figure): string {
  const behind = numbers === undefined ? '' : `<details><summary>The numbers</summary>${tableOf(numbers)}</details>`;
  return `<figure><div class="picture" role="img" aria-label="${escapeHtml(alt)}">${svg}</div><figcaption>${escapeHtml(caption)}</figcaption>${behind}</figure>`;
}

const signs: Readonly<Record<Mark, string>> = { good: '✓', bad: '✗', warn: '!', none: '·' };

function cellOf(cell: Cell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'object') {
    if ('lines' in cell) return cell.lines.map((line) => `<div>${cellOf(line)}</div>`).join('');
    if ('instant' in cell) return `<time datetime="${escapeHtml(cell.instant)}">${escapeHtml(cellText(cell))}</time>`;
    if ('date' in cell) return `<time datetime="${escapeHtml(cell.date)}">${escapeHtml(cellText(cell))}</time>`;
    if ('mark' in cell)
      return `<span class="mark ${cell.mark}"><span aria-hidden="true">${signs[cell.mark]}</span> ${escapeHtml(cell.text)}</span>`;
    if ('link' in cell) {
      const href = webAddress(cell.href);
      if (href !== undefined) return `<a href="${escapeHtml(href)}" rel="noopener noreferrer nofollow">${escapeHtml(cell.link)}</a>`;
    }
  }
  const text = escapeHtml(cellText(cell));
  // Text of strangers may be written from right to left; it must not move what stands beside it.
  return typeof cell === 'string' ? `<bdi>${text}</bdi>` : text;
}

/** Text in which nothing is markup any more, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return visible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
