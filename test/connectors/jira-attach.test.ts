import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Failure, type FileToAttach, isFailure, type OpenConnector, type Sink } from 'golden-thread/kit';
import { testContext } from 'golden-thread/kit/testing';
import jira from '../../connectors/jira/index.js';
import { startJiraSimulator, jiraControl } from '../../connectors/jira/simulator/index.js';
import { openDataCenter } from './jira-data-center-opened.js';
import { configFor, type Site, startSite } from './jira-subject.js';

const key = { value: 'ab'.repeat(32), display: 'golden-thread:IMP-1' };

function fileOf(text: string): FileToAttach {
  const bytes = Buffer.from(text);
  const marker = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return { name: `run-chart-${marker}.svg`, mediaType: 'image/svg+xml', bytes, marker };
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const outcome = await work.catch((error: unknown) => error);
  if (!isFailure(outcome)) throw new Error('it did not fail');
  return outcome;
}

describe('a file at a ticket of Jira Cloud', () => {
  let site: Site;
  let sink: Sink;
  let ticket: string;
  const opened = (): OpenConnector => {
    const { context } = testContext({ system: 'jira', secrets: ['bot-token'] });
    return jira.open(jira.config.parse(configFor(site.url)), context) as OpenConnector;
  };
  beforeEach(async () => {
    site = await startSite();
    sink = opened().sink!;
    ticket = (await sink.create('issue', key, { summary: 'Fewer outages' }, { resend: false })).ticket.key;
  });
  afterEach(() => site.close());

  test('is told with the SHA-256 of what Jira holds, and sent in one request that says it is no forged form', async () => {
    const file = fileOf('<svg/>');
    const before = (await site.control.journal()).length;
    const told = await sink.attach!('issue', ticket, file);
    expect(told).toMatchObject({ name: file.name, type: 'image/svg+xml', bytes: 6 });
    expect(told.sha256).toBe(createHash('sha256').update('<svg/>').digest('hex'));
    expect((await site.control.journal(before)).map(({ method, path }) => `${method} ${path.replaceAll(/\d+/g, 'N')}`)).toEqual([
      'GET /rest/api/N/issue/N',
      'POST /rest/api/N/issue/N/attachments',
      'GET /rest/api/N/issue/N',
      'GET /rest/api/N/attachment/content/N',
    ]);
  });

  test.each([
    ['a file that is too large', { attachmentMaxBytes: 5 }, /413|size/],
    ['attachments that are switched off', { attachments: false }, /Attachments are disabled/],
  ])('%s is refused in the words of Jira, as a matter of this file alone', async (_what, switches, says) => {
    await site.control.switches(switches);
    const failure = await failureOf(sink.attach!('issue', ticket, fileOf('<svg></svg>')));
    expect(failure).toMatchObject({ kind: 'record', details: { committed: 'no' } });
    expect(`${failure.message} ${failure.details.hint ?? ''}`).toMatch(says);
    await sink.update('issue', ticket, { summary: 'Fewer still' });
  });

  test('an account without the permission is refused, and check says so before', async () => {
    await site.control.people({ email: 'bot@example.com', deny: ['CREATE_ATTACHMENTS'] });
    expect(await failureOf(sink.attach!('issue', ticket, fileOf('<svg/>')))).toMatchObject({
      kind: 'record',
      details: { committed: 'no' },
    });
    const said = (await opened().check()).map(({ outcome, found, hint }) => `${outcome}: ${found}: ${hint ?? ''}`).join('\n');
    expect(said).toMatch(/CREATE_ATTACHMENTS.*chart of a measurement/);
    await site.control.people({ email: 'bot@example.com', deny: [] });
    expect((await opened().check()).map(({ found }) => found).join('\n')).not.toMatch(/CREATE_ATTACHMENTS/);
  });
});

test('Data Center takes a file in the same way; where its content is not given, its size proves it', async () => {
  const simulator = await startJiraSimulator({ deployment: 'data-center', now: '2026-11-21T12:00:00.000Z' });
  try {
    const { sink } = openDataCenter(simulator.url);
    const { ticket } = await sink.create('issue', key, { summary: 'Fewer outages' }, { resend: false });
    const told = await sink.attach!('issue', ticket.key, fileOf('<svg>✓</svg>'));
    expect(told).toMatchObject({ bytes: 14, at: '2026-11-21T12:00:00.000Z' });
    expect(told.sha256).toBe(createHash('sha256').update('<svg>✓</svg>').digest('hex'));
    const [issue] = await jiraControl(simulator.url).issues({ ids: [ticket.key] });
    expect(issue?.attachments.map(({ base64 }) => Buffer.from(base64, 'base64').toString())).toEqual(['<svg>✓</svg>']);
    await jiraControl(simulator.url).addFaults({ kind: 'status-503', status: 302, match: { path: '/secure/' } });
    const other = await sink.attach!('issue', ticket.key, fileOf('<svg>2</svg>'));
    expect(other).toMatchObject({ bytes: 12 });
    expect(other.sha256).toBeUndefined();
  } finally {
    await simulator.close();
  }
});
