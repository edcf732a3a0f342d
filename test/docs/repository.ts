import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../../', import.meta.url);

/** Absolute path of something in the repository. */
export function pathOf(path: string): string {
  return fileURLToPath(new URL(path, root));
}

/** A file of the repository, as it stands there. */
export function textOf(path: string): string {
  return readFileSync(pathOf(path), 'utf8');
}

/** Every page for users: paths from the root of the repository. */
export const pages: readonly string[] = [
  'README.md',
  'mappings/README.md',
  'connectors/README.md',
  ...['servicenow', 'jira', 'file'].map((name) => `connectors/${name}/README.md`),
  ...readdirSync(pathOf('docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** A fenced block: ```` ```yaml mapping servicenow/x.yaml ```` has language `yaml`, mark `mapping` and name `servicenow/x.yaml`. */
export interface Block {
  readonly language: string;
  readonly mark: string;
  readonly name: string;
  readonly text: string;
}

/** The fenced blocks of a page. */
export function blocksOf(page: string): readonly Block[] {
  const found = textOf(page).matchAll(/^```(\S*)(?: (\S+))?(?: (\S+))?\n([\s\S]*?)^```$/gm);
  return [...found].map(([, language = '', mark = '', name = '', text = '']) => ({ language, mark, name, text }));
}

/** The rows of the first table of a page whose first column has this heading, cells without code marks. */
export function tableOf(page: string, heading: string): readonly (readonly string[])[] {
  const lines = textOf(page).split('\n');
  const start = lines.findIndex((line) => new RegExp(`^\\| ${heading} +\\|`).test(line));
  if (start < 0) return [];
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return lines.slice(start + 2, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.replaceAll('`', '').trim()),
  );
}
