import { Failure, isFailure, type SinkField } from 'golden-thread/kit';
import type { Catalogue } from './catalogue.js';
import type { Jira } from './jira.js';
import type { Target } from './target.js';
import { summaryLimit } from './text.js';
import { IssueTypes, type ScreenField, ScreenFields, TypeStatuses } from './wire.js';

/** Jira gives at most 200 in one page here. */
const pageSize = 200;

/** What a create request must hold besides its fields. */
export interface TicketType {
  readonly id: string;
  readonly name: string;
}

/** The target's issue type as the project offers it to this account. Fails with `config`, naming those that it does offer. */
export async function ticketType(jira: Jira, { project, issueType: wanted }: Target, signal?: AbortSignal): Promise<TicketType> {
  const all: TicketType[] = [];
  for (;;) {
    const answered = await jira.client.askMaybe({
      send: (api, via) => api.getCreateIssueMetaIssueTypes(via, { projectIdOrKey: project, startAt: all.length, maxResults: pageSize }),
      answer: IssueTypes,
      effect: 'read',
      signal,
    });
    if (answered === undefined)
      throw new Failure('config', `there is no project ${project}, or this account may not see it`, {
        hint: 'check project of this system',
      });
    const { issueTypes, total } = answered.value;
    all.push(...issueTypes);
    if (issueTypes.length === 0 || total === undefined || all.length >= total) break;
  }
  const found =
    all.find((type) => type.id === wanted || type.name === wanted) ?? all.find((type) => type.name.toLowerCase() === wanted.toLowerCase());
  if (found !== undefined) return found;
  throw new Failure('config', `project ${project} has no issue type "${wanted}" that this account may create`, {
    hint:
      all.length === 0
        ? 'give the account the permission to create issues'
        : `set issueType to one of: ${all.map((type) => type.name).join(', ')}`,
  });
}

/** The fields of the create screen. What is not on it cannot be set when a ticket is created. */
export async function createScreen(jira: Jira, project: string, type: TicketType, signal?: AbortSignal): Promise<readonly ScreenField[]> {
  const all: ScreenField[] = [];
  for (;;) {
    const { value } = await jira.client.ask({
      send: (api, via) =>
        api.getCreateIssueMetaIssueTypeId(via, {
          projectIdOrKey: project,
          issueTypeId: type.id,
          startAt: all.length,
          maxResults: pageSize,
        }),
      answer: ScreenFields,
      effect: 'read',
      signal,
    });
    all.push(...value.fields);
    if (value.fields.length === 0 || value.total === undefined || all.length >= value.total) return all;
  }
}

/** The names of the statuses that tickets of this type can have; undefined where Jira does not tell. */
export async function statusesOf(
  jira: Jira,
  { project }: Target,
  type: TicketType,
  signal?: AbortSignal,
): Promise<readonly string[] | undefined> {
  try {
    const { value } = await jira.client.ask({
      send: (api, via) => api.getAllStatuses(via, { projectIdOrKey: project }),
      answer: TypeStatuses,
      effect: 'read',
      signal,
    });
    return value.find(({ id }) => id === type.id)?.statuses.map(({ name }) => name);
  } catch (error) {
    if (isFailure(error) && (error.details.status === 403 || !['auth', 'transient'].includes(error.kind))) return undefined;
    throw error;
  }
}

/** What the connector itself puts into a create request. */
export const setByUs: ReadonlySet<string> = new Set(['project', 'issuetype']);

/** The create screen in the names of push mappings, and where a ticket can be moved. `on` is how the screen is called in messages. */
export function sinkFields(
  screen: readonly ScreenField[],
  catalogue: Catalogue,
  { on, statuses }: { readonly on: string; readonly statuses: readonly string[] | undefined },
): readonly SinkField[] {
  const status: SinkField = {
    name: 'status',
    required: false,
    on,
    ...(statuses !== undefined && { choices: statuses.map((name) => ({ value: name, label: name })) }),
  };
  return [...fieldsOn(screen, catalogue, on), status];
}

function fieldsOn(screen: readonly ScreenField[], catalogue: Catalogue, on: string): readonly SinkField[] {
  return screen
    .filter((field) => !setByUs.has(field.fieldId))
    .map((field) => {
      const choices = (field.allowedValues ?? []).flatMap((value) => {
        const shown = value.name ?? value.value;
        return shown === undefined ? [] : [{ value: shown, label: shown }];
      });
      return {
        name: catalogue.byId.get(field.fieldId)?.name ?? field.fieldId,
        required: field.required && !field.hasDefaultValue,
        on,
        ...(field.fieldId === 'summary' && { maxLength: summaryLimit }),
        ...(choices.length > 0 && { choices }),
      };
    });
}
