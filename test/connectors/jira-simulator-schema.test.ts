import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createCloudClient } from 'jira.js';
import { createClient } from 'jira.js/core';
import { type Site, accountIds, improvement, paragraph, startSite } from './jira-simulator-client.js';

let site: Site;
let id = '';

/** An issue with everything on it that these endpoints show. */
beforeAll(async () => {
  site = await startSite();
  const made = await site.send('POST', '/issue', {
    fields: {
      ...improvement,
      summary: 'x',
      description: paragraph('y'),
      labels: ['a'],
      assignee: { accountId: accountIds.owner },
      customfield_10055: { value: 'Incident' },
    },
    properties: [{ key: 'gt', value: { a: 1 } }],
  });
  ({ id } = made.body as { id: string });
  await site.control.insert([{ project: 'AUD', summary: 'z', fields: { Severity: 'Major' } }]);
  await site.send('POST', `/issue/${id}/comment`, { body: paragraph('c') });
  await site.send('POST', `/issue/${id}/remotelink`, { globalId: 'g', object: { title: 't', url: 'https://a.example' } });
  await site.send('POST', '/issueLink', { type: { name: 'Relates' }, inwardIssue: { id }, outwardIssue: { key: 'AUD-1' } });
  await site.control.transition(id, { to: 'Approved', by: 'Marcus Feld' });
});

afterAll(() => site.close());

type Jira = ReturnType<typeof createCloudClient>;

/** Two readings of Atlassian's specification, made apart: jira.js refuses an answer whose shape differs from its own. */
describe('jira.js takes the answer for what Jira would have said', () => {
  test.each<[string, (jira: Jira) => Promise<unknown>]>([
    [
      'search',
      (jira) => jira.issueSearch.searchAndReconsileIssuesUsingJqlPost({ jql: 'project = IMP', fields: ['*all'], expand: 'names' }),
    ],
    ['count', (jira) => jira.issueSearch.countIssues({ jql: 'project = IMP' })],
    [
      'parse',
      (jira) => jira.jql.parseJqlQueries({ validation: 'strict', queries: ['project = IMP AND labels in (a, b) ORDER BY key', 'x = 1'] }),
    ],
    ['issue', (jira) => jira.issues.getIssue({ issueIdOrKey: id, expand: 'changelog,names' })],
    ['bulk fetch', (jira) => jira.issues.bulkFetchIssues({ issueIdsOrKeys: [id, 'NOPE-1'], fields: ['*all'] })],
    ['create', (jira) => jira.issues.createIssue({ fields: { ...improvement, summary: 'made by jira.js' } })],
    ['edit', (jira) => jira.issues.editIssue({ issueIdOrKey: id, fields: { summary: 'edited by jira.js' } })],
    ['changelog', (jira) => jira.issues.getChangeLogs({ issueIdOrKey: id })],
    ['transitions', (jira) => jira.issues.getTransitions({ issueIdOrKey: id, expand: 'transitions.fields' })],
    ['do transition', (jira) => jira.issues.doTransition({ issueIdOrKey: id, transition: { id: '21' } })],
    ['create types', (jira) => jira.issues.getCreateIssueMetaIssueTypes({ projectIdOrKey: 'IMP' })],
    ['create fields', (jira) => jira.issues.getCreateIssueMetaIssueTypeId({ projectIdOrKey: 'IMP', issueTypeId: '10100' })],
    ['edit meta', (jira) => jira.issues.getEditIssueMeta({ issueIdOrKey: id })],
    ['comments', (jira) => jira.issueComments.getComments({ issueIdOrKey: id })],
    ['remote links', (jira) => jira.issueRemoteLinks.getRemoteIssueLinks({ issueIdOrKey: id })],
    [
      'make remote link',
      (jira) =>
        jira.issueRemoteLinks.createOrUpdateRemoteIssueLink({
          issueIdOrKey: id,
          globalId: 'h',
          object: { title: 't', url: 'https://a.example' },
        }),
    ],
    ['delete remote link', (jira) => jira.issueRemoteLinks.deleteRemoteIssueLinkByGlobalId({ issueIdOrKey: id, globalId: 'h' })],
    ['link types', (jira) => jira.issueLinkTypes.getIssueLinkTypes()],
    ['property', (jira) => jira.issueProperties.getIssueProperty({ issueIdOrKey: id, propertyKey: 'gt' })],
    ['fields', (jira) => jira.issueFields.getFields()],
    ['myself', (jira) => jira.myself.getCurrentUser()],
    ['user', (jira) => jira.users.getUser({ accountId: accountIds.owner })],
    ['assignable', (jira) => jira.userSearch.findAssignableUsers({ project: 'IMP' })],
    ['permissions', (jira) => jira.permissions.getMyPermissions({ projectKey: 'IMP', permissions: 'EDIT_ISSUES' })],
    ['server', (jira) => jira.serverInfo.getServerInfo()],
    ['project', (jira) => jira.projects.getProject({ projectIdOrKey: 'IMP' })],
    ['projects', (jira) => jira.projects.searchProjects({ keys: ['IMP'] })],
    ['priorities', (jira) => jira.issuePriorities.searchPriorities()],
    ['statuses', (jira) => jira.workflowStatuses.getStatuses()],
  ])('%s', async (_, ask) => {
    const auth = { type: 'basic', email: 'bot@example.com', apiToken: 'bot-token' } as const;
    const mismatches: unknown[] = [];
    const client = createClient({ host: site.url, auth, onSchemaMismatch: (report) => void mismatches.push(report) });
    await ask(createCloudClient(client));
    expect(mismatches).toEqual([]);
  });
});
