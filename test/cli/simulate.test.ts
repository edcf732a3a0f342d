import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, expect, jest, test } from '@jest/globals';
import { bin, ended, stackTrace } from './command.js';

// Every step is a process of its own: on a busy machine it takes seconds to start one.
jest.setTimeout(120_000);

const started: ChildProcess[] = [];
const simulate = (...args: readonly string[]) => {
  const child = spawn(process.execPath, [bin, 'simulate', 'servicenow', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  return child;
};
// Where an expectation failed in between, nobody else ends them.
afterAll(() => started.forEach((child) => child.kill('SIGKILL')));

test('simulate serves an organisation to try mappings against, says when its port is taken, and ends when it is asked to', async () => {
  const child = simulate('--seed', '3');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  expect(line).toMatch(/^export SERVICENOW_URL=http:\/\/127\.0\.0\.1:\d+$/);
  const url = line.replace('export SERVICENOW_URL=', '');
  const answer = await fetch(`${url}/api/now/v2/table/incident?sysparm_limit=1`, {
    headers: { authorization: `Basic ${Buffer.from('gt.reader:reader-password').toString('base64')}` },
  });
  expect(((await answer.json()) as { readonly result: readonly unknown[] }).result).toHaveLength(1);
  const taken = await ended(simulate('--port', new URL(url).port));
  expect(taken.code).toBe(78);
  expect(taken.err).toMatch(/did not start\n.*is port \d+ taken\?/);
  expect(taken.err).not.toMatch(stackTrace);
  child.kill('SIGTERM');
  await once(child, 'exit');
  await expect(fetch(url)).rejects.toThrow();
});
