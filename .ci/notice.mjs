import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Copyright and licence of every package of which these files are part: what their licences demand of whoever passes them on. */
export function noticeOf(files) {
  const folders = new Set(files.flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []));
  const parts = [...folders]
    .sort((a, b) => (a < b ? -1 : 1))
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      return `${name} ${version} (${license})\n\n${termsOf(folder)}`;
    });
  return `The program in this folder contains the following packages, each under its own licence.\n\n${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** The files of a package that hold its terms, else what its readme says below the heading "License". */
function termsOf(folder) {
  const names = readdirSync(folder).sort();
  const read = (name) => readFileSync(join(folder, name), 'utf8').trim();
  const texts = names.filter((name) => /^(licen[cs]e|copying|notice)/i.test(name)).map(read);
  if (texts.length > 0) return texts.join('\n\n');
  const readme = names.find((name) => /^readme/i.test(name));
  const said = readme && /^(?:#+ *licen[cs]e[^\n]*\n|licen[cs]e *\n-+\n)(.*)/ims.exec(read(readme))?.[1]?.trim();
  if (!said) throw new Error(`${folder} does not tell its licence`);
  return said;
}
