import { beforeAll, describe, expect, test } from '@jest/globals';
import { exitCodes } from '../../src/cli/exit-codes.js';
import { main } from '../../src/cli/main.js';
import { gapKinds } from '../../src/domain/index.js';
import { createMetrics } from '../../src/server/index.js';
import { pages, tableOf, textOf } from './repository.js';

const guide = 'docs/administrator.md';

async function help(...verb: readonly string[]): Promise<string> {
  const lines: string[] = [];
  const code = await main([...verb, '--help'], { out: (line) => lines.push(line), err: (line) => lines.push(line), isInteractive: false });
  expect(code).toBe(0);
  return lines.join('\n');
}

function subcommandsIn(text: string): readonly string[] {
  const [, list = ''] = text.split('\nCommands:\n');
  const names = [...list.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name);
  return names.filter((name) => name !== 'help');
}

const optionsIn = (text: string): readonly string[] => [...text.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, name = '']) => name);

/** Every verb that does something, with its options: groups that only hold further verbs are left out. */
async function verbsOfTheProgram(): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const verb of subcommandsIn(await help())) {
    const text = await help(verb);
    const below = subcommandsIn(text);
    const options = optionsIn(text).filter((name) => name !== '--help');
    if (below.length === 0 || options.length > 0) found.set(verb, options);
    for (const name of below)
      found.set(
        `${verb} ${name}`,
        optionsIn(await help(verb, name)).filter((option) => option !== '--help'),
      );
  }
  return found;
}

let verbs: ReadonlyMap<string, readonly string[]>;
beforeAll(async () => {
  verbs = await verbsOfTheProgram();
});

describe("the administrator's table of verbs", () => {
  test('has every verb of the program, and none that is gone', () => {
    expect(
      tableOf(guide, 'verb')
        .map(([verb = '']) => verb)
        .toSorted(),
    ).toEqual([...verbs.keys()].toSorted());
  });

  test('names every option of each', () => {
    for (const [verb = '', does = ''] of tableOf(guide, 'verb'))
      expect(`${verb}: ${[...does.matchAll(/--[a-z-]+/g)].map(String).toSorted().join(' ')}`).toBe(
        `${verb}: ${[...(verbs.get(verb) ?? [])].toSorted().join(' ')}`,
      );
  });
});

test('every command line in the documentation is one that the program knows', () => {
  const lines = pages.flatMap((page) =>
    [...textOf(page).matchAll(/golden-thread ((?!node )[a-z]+(?: [^`\n]*)?)`/g)].map(([, line = '']) => line),
  );
  expect(lines.length).toBeGreaterThan(20);
  for (const line of lines) {
    const [verb = '', second = ''] = line.split(' ');
    const name = verbs.has(`${verb} ${second}`) ? `${verb} ${second}` : verb;
    expect(`${line}: ${verbs.has(name) || [...verbs.keys()].some((known) => known.startsWith(`${verb} `))}`).toBe(`${line}: true`);
    const options = [...line.matchAll(/ (--[a-z-]+)/g)].map(([, option = '']) => option).filter((option) => option !== '--config');
    for (const option of options) expect(verbs.get(name) ?? []).toContain(option);
  }
});

test('the exit codes in the documentation are those of the program', () => {
  const documented = tableOf(guide, 'exit code').map(([code = '']) => Number(code));
  expect(documented.toSorted((a, b) => a - b)).toEqual(Object.values(exitCodes).toSorted((a, b) => a - b));
});

test('the metrics in the documentation are those that are served, with their labels', async () => {
  const served = await createMetrics('1').registry.getMetricsAsJSON();
  expect(
    tableOf(guide, 'metric')
      .map(([name = '']) => name)
      .toSorted(),
  ).toEqual(served.map(({ name }) => name).toSorted());
});

test('every code of a refusal that is explained to service owners is one that the domain gives', () => {
  const source = ['guards', 'judge-criterion', 'ticket-entry'].map((file) => textOf(`src/domain/lifecycle/${file}.ts`)).join('\n');
  const given = new Set([...source.matchAll(/'([a-z]+(?:-[a-z]+)+)'/g)].map(([, code]) => code));
  const explained = tableOf('docs/service-owner.md', 'the comment says that it needs').map(([, code = '']) => code);
  expect(explained.filter((code) => !given.has(code))).toEqual([]);
  // Codes stand behind `code:` or as the second argument of the small functions that make a Missing; automatic ways are never told to a person, violations stand in the register.
  const made = [...source.matchAll(/(?:code: |\w\)?, |\)\s*,\s*|,\n\s+)'([a-z]+(?:-[a-z]+)+)',/g)].map(([, code = '']) => code);
  const notTold = [
    'closed-without-guard',
    'reopened-after-closure',
    'not-automatic',
    'plan-unchanged',
    'review-date-ahead',
    'change-not-started',
    'change-alive',
  ];
  expect([...new Set(made)].filter((code) => !explained.includes(code) && !notTold.includes(code))).toEqual([]);
});

test("the auditor's table of gaps is that of the domain, word by word", () => {
  const documented = tableOf('docs/auditor.md', 'gap');
  const made = Object.entries(gapKinds).map(([code, { stage, meaning, mendedBy, todo }]) => [
    code,
    stage,
    meaning,
    mendedBy,
    todo.replaceAll('`', ''),
  ]);
  expect(documented).toEqual(made);
});
