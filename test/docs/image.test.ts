import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { blocksOf, textOf } from './repository.js';

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** The Dockerfile's instructions, continued lines joined, comments left out; one list a stage. */
const stages: readonly (readonly Instruction[])[] = textOf('Dockerfile')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => {
    const [, name = '', rest = ''] = /^\s*([A-Z]+) +(.*)$/.exec(line) ?? [];
    return { name, rest };
  })
  .reduce<Instruction[][]>((all, one) => (one.name === 'FROM' ? [...all, [one]] : [...all.slice(0, -1), [...(all.at(-1) ?? []), one]]), []);

const all = stages.flat();
const final = stages.at(-1) ?? [];
const restOf = (name: string): string => final.findLast((one) => one.name === name)?.rest ?? '';

describe('the image', () => {
  test('runs as a numeric user who is not root, and nothing runs behind that line', () => {
    expect(Number(restOf('USER'))).toBeGreaterThan(0);
    const after = final.slice(final.findLastIndex(({ name }) => name === 'USER') + 1);
    expect(after.filter(({ name }) => name === 'RUN' || name === 'COPY')).toEqual([]);
  });

  test('holds no secret: none is an argument, a variable, or a file in the build context', () => {
    const said = all.filter(({ name }) => name === 'ENV' || name === 'ARG').map(({ rest }) => rest);
    for (const one of said) expect(one).not.toMatch(/pass|secret|token|key|credential/i);
    const ignored = textOf('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(ignored[0]).toBe('*');
    expect(ignored.slice(1).filter((line) => !line.startsWith('!'))).toEqual([]);
  });

  test('takes files by COPY only, from one pinned line of Node', () => {
    expect(all.filter(({ name }) => name === 'ADD')).toEqual([]);
    for (const [from] of stages) expect(from?.rest).toMatch(/^docker\.io\/library\/node:24-bookworm-slim( AS \w+)?$/);
  });

  test('holds what runs and no more: no development packages, no optional ones, no tests', () => {
    const packages = stages.flat().filter(({ rest }) => rest.includes('npm ci'));
    expect(packages.some(({ rest }) => /npm ci --omit=dev --omit=optional/.test(rest))).toBe(true);
    expect(final.filter(({ name, rest }) => name === 'COPY' && /\btest\b/.test(rest))).toEqual([]);
    expect(final.some(({ rest }) => /npm (ci|install)/.test(rest))).toBe(false);
  });

  test('says whether it lives, and stops in good order', () => {
    expect(restOf('HEALTHCHECK')).toContain('/livez');
    expect(restOf('STOPSIGNAL')).toBe('SIGTERM');
    expect(restOf('ENTRYPOINT')).toMatch(/^\["node", /); // without a shell, which would keep the signal to itself
  });

  test('is used by the compose example as it is', () => {
    const example = blocksOf('docs/administrator.md').find(({ mark }) => mark === 'compose')?.text ?? '';
    const { services } = parse(example) as {
      services: Record<string, { read_only: boolean; volumes: string[]; ports: string[]; secrets: string[] }>;
    };
    const service = services['golden-thread'];
    expect(service?.read_only).toBe(true);
    expect(service?.volumes.map((volume) => volume.split(':')[1])).toEqual(['/config', '/mappings', restOf('VOLUME')]);
    expect(service?.ports[0]).toMatch(new RegExp(`^127\\.0\\.0\\.1:\\d+:${restOf('EXPOSE')}$`));
    expect(textOf('config/golden-thread.yaml')).toContain(`port: ${restOf('EXPOSE')}`);
  });
});
