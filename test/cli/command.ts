import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type JiraControl, jiraControl, startJiraSimulator } from '../../connectors/jira/simulator/index.js';
import { type ServiceNowControl, serviceNowControl, startServiceNowSimulator } from '../../connectors/servicenow/simulator/index.js';
import { main } from '../../src/cli/main.js';
import { checkout, environmentOf, mail, weber } from '../scenario/organisation.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
export const bin = join(root, 'dist/src/cli/bin.js');

/** What a command said and how it ended. */
export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A folder with the shipped configuration, pointed at a simulated ServiceNow and Jira whose clocks run with the machine's. */
export interface Site {
  readonly dir: string;
  readonly database: string;
  readonly servicenow: ServiceNowControl;
  readonly jira: JiraControl;
  /** Runs one command line to its end. Variables set to undefined are taken out of the environment. */
  run(args: readonly string[], more?: Readonly<Record<string, string | undefined>>): Promise<Said>;
  /**
   * Like `run`, in this process: for what a command line says, and not for how a process starts and ends, which takes a second each time. One at a time.
   */
  runHere(args: readonly string[], more?: Readonly<Record<string, string | undefined>>): Promise<Said>;
  /** Starts one and does not wait. */
  start(args: readonly string[], more?: Readonly<Record<string, string | undefined>>): ChildProcess;
  /** Replaces text in a file for as long as `work` runs. */
  changed(file: string, from: string | RegExp, to: string, work: () => Promise<void>): Promise<void>;
  /** Everything that any command has said so far. */
  said(): string;
  close(): Promise<void>;
}

/** `program`: what is run, else the product as it was compiled. */
export async function makeSite(program: string = bin): Promise<Site> {
  const sn = await startServiceNowSimulator({ seed: 1 });
  const ji = await startJiraSimulator({ seed: 1 });
  const servicenow = serviceNowControl(sn.url);
  const jira = jiraControl(ji.url);
  await servicenow.load('cmdb_ci_service', [
    { sys_id: checkout, name: 'Checkout' },
    { sys_id: mail, name: 'E-mail' },
  ]);
  await jira.people({ accountId: '712020:00000000-0000-4000-8000-000000000007', displayName: 'Lena Weber', email: weber });
  const dir = mkdtempSync(join(tmpdir(), 'golden-thread-cli-'));
  for (const part of ['config', 'mappings']) cpSync(join(root, part), join(dir, part), { recursive: true });
  // Any free port: several test files start daemons at the same time.
  const settings = join(dir, 'config', 'golden-thread.yaml');
  writeFileSync(settings, readFileSync(settings, 'utf8').replace('port: 8420', 'port: 0'));
  const all: string[] = [];
  const environment = (more: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv => ({
    PATH: process.env['PATH'],
    // Each process compiles the same modules: done once.
    NODE_COMPILE_CACHE: join(root, 'dist', 'compile-cache'),
    ...environmentOf(dir, sn.url, ji.url),
    ...more,
  });
  const alive = new Set<ChildProcess>();
  const kept = (child: ChildProcess): ChildProcess => {
    alive.add(child);
    child.once('exit', () => alive.delete(child));
    return child;
  };
  const start = (args: readonly string[], more: Readonly<Record<string, string | undefined>> = {}): ChildProcess =>
    kept(
      spawn(process.execPath, [program, '--config', join(dir, 'config'), ...args], {
        cwd: dir,
        env: environment(more),
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  return {
    dir,
    database: join(dir, 'golden-thread.db'),
    servicenow,
    jira,
    start,
    run: async (args, more) => {
      const said = await ended(start(args, more));
      all.push(said.out, said.err);
      return said;
    },
    runHere: async (args, more = {}) => {
      const said = await sayHere(['--config', join(dir, 'config'), ...args], environment(more), dir);
      all.push(said.out, said.err);
      return said;
    },
    changed: async (file, from, to, work) => {
      const path = join(dir, file);
      const before = readFileSync(path, 'utf8');
      const after = before.replace(from, to);
      if (after === before) throw new Error(`${file} does not hold ${String(from)}`);
      writeFileSync(path, after);
      try {
        await work();
      } finally {
        writeFileSync(path, before);
      }
    },
    said: () => all.join('\n'),
    close: async () => {
      // Where an expectation failed in between, nobody else ends them, and they would hold our output open.
      for (const child of alive) child.kill('SIGKILL');
      await Promise.all([sn.close(), ji.close()]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** One command line in this process, with this environment and in this folder for as long as it runs. */
async function sayHere(args: readonly string[], env: NodeJS.ProcessEnv, cwd: string): Promise<Said> {
  let [out, err] = ['', ''];
  const before = { env: { ...process.env }, cwd: process.cwd(), write: process.stderr.write.bind(process.stderr) };
  const become = (next: NodeJS.ProcessEnv): void => {
    for (const name of Object.keys(process.env)) if (next[name] === undefined) delete process.env[name];
    for (const [name, value] of Object.entries(next)) if (value !== undefined) process.env[name] = value;
  };
  become(env);
  process.chdir(cwd);
  // Log lines go past the terminal.
  process.stderr.write = (text: string | Uint8Array): boolean => {
    err += text.toString();
    return true;
  };
  try {
    const code = await main(args, {
      out: (line) => (out += `${line}\n`),
      err: (line) => (err += `${line}\n`),
      bytes: (bytes) => (out += Buffer.from(bytes).toString()),
      isInteractive: false,
    });
    return { code, out, err };
  } finally {
    process.stderr.write = before.write;
    process.chdir(before.cwd);
    become(before.env);
  }
}

/** Waits for the end of a process and collects what it says. */
export async function ended(child: ChildProcess): Promise<Said> {
  let out = '';
  let err = '';
  child.stdout?.on('data', (part: Buffer) => (out += part.toString()));
  child.stderr?.on('data', (part: Buffer) => (err += part.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, out, err };
}

/** A stack trace, as Node prints it. */
export const stackTrace = /\n\s+at .+:\d+:\d+\)?/;
