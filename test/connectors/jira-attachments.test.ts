import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Attachment, OpenConnector } from 'golden-thread/kit';
import { testContext } from 'golden-thread/kit/testing';
import jira from '../../connectors/jira/index.js';
import { jiraControl, type JiraControl, type JiraSimulator, startJiraSimulator } from '../../connectors/jira/simulator/index.js';
import { dataCenterConfig } from './jira-data-center-subject.js';
import { openDataCenter } from './jira-data-center-opened.js';
import { configFor, type Site, startSite } from './jira-subject.js';

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

const deployments = [
  {
    deployment: 'cloud' as const,
    contents: '/attachment/content/',
    api: '/rest/api/3',
    account: 'owner@example.com',
    owner: '712020:00000000-0000-4000-8000-000000000002',
    open: (url: string): OpenConnector => {
      const { context } = testContext({ system: 'jira', secrets: ['bot-token'] });
      return jira.open(jira.config.parse(configFor(url)), context) as OpenConnector;
    },
  },
  {
    deployment: 'data-center' as const,
    contents: '/secure/attachment/',
    api: '/rest/api/2',
    account: 'owner',
    owner: 'praman',
    open: (url: string): OpenConnector => openDataCenter(url).connector,
  },
];

describe.each(deployments)('files at an issue of Jira ($deployment)', ({ deployment, contents, api, account, owner, open }) => {
  let simulator: JiraSimulator;
  let control: JiraControl;
  let issue = '';
  const read = async (): Promise<readonly Attachment[] | undefined> => open(simulator.url).attachments?.('improvement', issue);
  const asked = async (): Promise<readonly string[]> =>
    (await control.journal()).map(({ path }) => path).filter((path) => path.includes(contents));

  async function attach(name: string, content: string | Uint8Array<ArrayBuffer>, to = issue): Promise<void> {
    const form = new FormData();
    form.append('file', new Blob([content], { type: 'text/plain' }), name);
    const answer = await fetch(`${simulator.url}${api}/issue/${to}/attachments`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${account}:owner-token`)}`, 'x-atlassian-token': 'no-check' },
      body: form,
    });
    expect(answer.status).toBe(200);
    await control.advance(1000);
  }

  beforeEach(async () => {
    simulator = await startJiraSimulator({ deployment, now: '2026-11-21T12:00:00.000Z' });
    control = jiraControl(simulator.url);
    const [one, other] = await control.insert([
      { project: 'IMP', summary: 'a' },
      { project: 'IMP', summary: 'b' },
    ]);
    issue = one?.id ?? '';
    await attach('test plan & résumé.txt', 'It worked. ✓');
    await attach('of another issue', 'x', other?.id);
  });
  afterEach(() => simulator.close());

  test('are told with the digest of their content, those of this issue and no other, the oldest first', async () => {
    await attach('a later one', 'later');
    expect(await read()).toEqual([
      {
        id: '10001',
        name: 'test plan & résumé.txt',
        type: 'text/plain',
        bytes: 14,
        at: '2026-11-21T12:00:00.000Z',
        by: owner,
        sha256: sha256('It worked. ✓'),
      },
      expect.objectContaining({ name: 'a later one', at: '2026-11-21T12:00:02.000Z', sha256: sha256('later') }),
    ]);
    expect(await asked()).toHaveLength(2);
  });

  test.each([
    ['is refused', { kind: 'status-503', status: 403 }, /not read.*403/],
    ['is gone from the disk', { kind: 'status-503', status: 404 }, /not read/],
    ['lies at another host, to which no credential is sent', { kind: 'status-503', status: 302 }, /not read.*302/],
    ['is a sign-on page instead', { kind: 'html-200' }, /not taken: Jira says that it has 3 bytes.*sign-on/],
  ] as const)('one whose content %s is listed with the reason, and the others are read', async (_what, fault, says) => {
    await attach('bad', 'bad');
    await control.addFaults({ ...fault, match: { path: `${contents}10003` } });
    expect(await read()).toMatchObject([{ sha256: sha256('It worked. ✓') }, { name: 'bad', problem: expect.stringMatching(says) }]);
    expect((await read())?.[1]).not.toHaveProperty('sha256');
  });

  test('one that is too large is not asked for', async () => {
    await control.switches({ attachmentMaxBytes: 30 * 1024 * 1024 });
    await attach('video', new Uint8Array(26 * 1024 * 1024));
    expect(await read()).toMatchObject([
      { sha256: sha256('It worked. ✓') },
      { name: 'video', problem: expect.stringMatching(/larger than 25 MiB/) },
    ]);
    expect(await asked()).toHaveLength(1);
  });

  test('a Jira that is away is a failure to be tried again, not a file without a content', async () => {
    await control.addFaults({ kind: 'status-429', retryAfter: 3600, match: { path: contents } });
    await expect(read()).rejects.toMatchObject({ kind: 'transient' });
  });

  test('an empty one has the digest of nothing', async () => {
    await attach('empty', '');
    expect((await read())?.[1]).toMatchObject({ bytes: 0, sha256: sha256('') });
  });

  test('an issue without files has none, and one that the account may not see tells nothing', async () => {
    const [bare] = await control.insert([{ project: 'IMP', summary: 'c' }]);
    expect(await open(simulator.url).attachments?.('improvement', bare?.id ?? '')).toEqual([]);
    const bot = (await control.world()).people.find(({ email }) => email === 'bot@example.com');
    await control.hide(issue, bot?.accountId ?? '');
    expect(await read()).toBeUndefined();
  });
});

describe('on a Data Center, contents are read beside the API', () => {
  let site: Site;
  let issue = '';
  beforeEach(async () => {
    site = await startSite({}, { deployment: 'data-center' });
    issue = (await site.control.insert([{ project: 'IMP', summary: 'a' }]))[0]?.id ?? '';
    const { sink } = openDataCenter(site.itself);
    await sink.attach!('issue', issue, { name: 'plan-m1.txt', mediaType: 'text/plain', bytes: Buffer.from('plan'), marker: 'm1' });
  });
  afterEach(() => site.close());
  const readAt = (url: string, more = {}) => {
    const { context } = testContext({ system: 'jira', secrets: ['bot-token'] });
    return (jira.open(jira.config.parse(dataCenterConfig(url, more)), context) as OpenConnector).attachments?.('improvement', issue);
  };

  test('an address at another origin than site is not asked; below browseUrl the same place below site is', async () => {
    const before = (await site.control.journal()).length;
    expect(await readAt(site.url)).toMatchObject([{ problem: expect.stringMatching(/not below site or browseUrl/) }]);
    expect((await site.control.journal(before)).map(({ path }) => path).join()).not.toContain('/secure/');
    expect(await readAt(site.url, { browseUrl: site.itself })).toMatchObject([{ sha256: sha256('plan') }]);
  });

  test('credentials that are refused there concern the file: the API is asked on with them', async () => {
    await site.control.addFaults({ kind: 'unauthorized', match: { path: '/secure/' } });
    const { connector, sink } = openDataCenter(site.itself);
    expect(await connector.attachments?.('improvement', issue)).toMatchObject([{ problem: expect.stringMatching(/not read.*401/) }]);
    expect(await sink.read('issue', issue)).toMatchObject({ data: { summary: 'a' } });
  });
});
