import type { Simulator } from './simulators.js';
import type { Story } from './organisation.js';

/** An issue as the simulated Jira tells of it. */
export interface Issue {
  readonly id: string;
  readonly key: string;
  readonly status: string;
  readonly summary: string;
  readonly created: string;
  readonly labels: readonly string[];
  readonly fields: Readonly<Record<string, unknown>>;
  readonly comments: readonly unknown[];
}

interface Change {
  readonly sys_id: string;
  readonly number: string;
  readonly state: string;
  readonly approval: string;
  readonly short_description: string;
  readonly sys_created_on: string;
}

const approver = 'approver@example.com';
const dayMs = 86_400_000;

/** What the organisation's people do on one day: decide on tickets, carry changes out, close what has its result. */
export async function actAsPeople(world: {
  readonly jira: Simulator;
  readonly servicenow: Simulator;
  readonly stories: readonly Story[];
  readonly now: string;
  readonly carriedOut: (story: Story) => void;
}): Promise<void> {
  const { issues } = await world.jira.control<{ issues: readonly Issue[] }>('GET', 'issues?project=IMP');
  for (const issue of issues) await actOnTicket(world, issue);
  const { records } = await world.servicenow.control<{ records: readonly Change[] }>('GET', 'records/change_request');
  for (const change of records) await actOnChange(world, change, records);
}

/** The story behind a ticket or change: its title names what happened. */
export function storyOf(stories: readonly Story[], text: string): Story | undefined {
  return stories.find((story) => text.includes(story.text));
}

type Day = Parameters<typeof actAsPeople>[0];

async function actOnTicket({ jira, stories, now }: Day, issue: Issue): Promise<void> {
  const ageDays = (Date.parse(now) - Date.parse(issue.created)) / dayMs;
  const move = (to: string, by: string, fields: Record<string, unknown>): Promise<unknown> =>
    jira.control('POST', `issues/${issue.id}/transition`, { to, by, fields });
  const story = storyOf(stories, issue.summary);
  if (issue.status === 'Proposed' && ageDays >= 2) {
    const rationale = story?.rationale ?? 'Seen in the weekly review; worth the effort.';
    const objective = story?.objective ?? 'compliance';
    if (story?.decision === 'reject') await move('Rejected', approver, { 'Decision rationale': rationale, resolution: "Won't Do" });
    else await move('Approved', approver, { 'Decision rationale': rationale, Objective: objective });
    return;
  }
  if (issue.status !== 'Reviewing') return;
  const said = JSON.stringify(issue.comments);
  const isFinal = /Result: (effective|not-effective)/.test(said) || /Carried on by/.test(said);
  if (!isFinal) return;
  const assignee = (issue.fields['assignee'] as { readonly accountId?: string } | null)?.accountId;
  const by = said.includes('Result: effective') && assignee !== undefined ? assignee : approver;
  const notes = said.includes('Result: effective')
    ? 'The target was met and has been confirmed with the service desk.'
    : 'The result is accepted as it stands; the follow-on carries the work on.';
  await move('Closed', by, { 'Closure notes': notes, resolution: 'Done' });
}

async function actOnChange({ servicenow, stories, now, carriedOut }: Day, change: Change, all: readonly Change[]): Promise<void> {
  const ageDays = (Date.parse(now) - Date.parse(`${change.sys_created_on.replace(' ', 'T')}Z`)) / dayMs;
  const step = (to: string, more: Record<string, unknown> = {}): Promise<unknown> =>
    servicenow.control('POST', `changes/${change.sys_id}`, { to, ...more });
  const story = storyOf(stories, change.short_description);
  if (change.state === '3' || change.state === '4') return;
  if (Number(change.state) < -3 && ageDays >= 2) await step('approved');
  else if (Number(change.state) < -1 && ageDays >= 4) await step('implement');
  else if (change.state === '-1' && ageDays >= 7) {
    const earlier = all.filter((other) => other.state === '3' && storyOf(stories, other.short_description) === story).length;
    const codes = story?.closeCodes ?? ['successful'];
    const code = codes[Math.min(earlier, codes.length - 1)] ?? 'successful';
    await step('closed', {
      close_code: code,
      close_notes: code === 'successful' ? 'Carried out as planned and verified.' : 'Backed out: the new version lost sessions as well.',
    });
    if (code === 'successful' && story !== undefined) carriedOut(story);
    if (code === 'unsuccessful' && story !== undefined) await linkAnother(servicenow, story, change);
  }
}

/** After a failed change its people plan another one, and say so on one of the incidents. */
async function linkAnother(servicenow: Simulator, story: Story, failed: Change): Promise<void> {
  const { records } = await servicenow.control<{ records: readonly { sys_id: string }[] }>('POST', 'records/change_request', {
    records: [
      { short_description: `Second attempt after ${failed.number}: ${story.text}`, type: 'normal', state: '-5', approval: 'not requested' },
    ],
  });
  const incidents = await servicenow.control<{ records: readonly { sys_id: string }[] }>(
    'GET',
    `records/incident?query=${encodeURIComponent(`short_description=${story.text}`)}`,
  );
  await servicenow.control('POST', 'records/incident', {
    records: [{ sys_id: incidents.records.at(-1)?.sys_id, rfc: records[0]?.sys_id }],
  });
}
