import { renderNamed, renderProject, renderIssueType, schemaOf } from '../fields/render.js';
import type { Json, JsonObject } from '../json.js';
import type { Call } from '../sim.js';
import type { Field, IssueType, Project } from '../world/types.js';

/** A field as createmeta, editmeta and transitions describe it. `type` is the type being created, where there is one. */
export function metaOf(call: Call, project: Project, field: Field, required: boolean, type?: IssueType): JsonObject {
  const allowed = allowedValues(call, project, field, type);
  const hasDefault = field.id === 'priority' || field.id === 'reporter';
  return {
    required,
    schema: schemaOf(field),
    name: field.name,
    key: field.id,
    fieldId: field.id,
    hasDefaultValue: hasDefault,
    operations: field.kind === 'labels' || field.kind === 'components' ? ['add', 'set', 'remove'] : ['set'],
    ...(field.id === 'priority' && { defaultValue: renderNamed(call, 'priority', call.sim.world.priorities[2]) }),
    ...(field.kind === 'user' && {
      autoCompleteUrl: `${call.sim.baseUrl}/rest/api/3/user/assignable/search?project=${project.key}&query=`,
    }),
    ...(allowed !== undefined && { allowedValues: allowed }),
  };
}

function allowedValues(call: Call, project: Project, field: Field, type: IssueType | undefined): readonly Json[] | undefined {
  const { world } = call.sim;
  switch (field.kind) {
    case 'priority':
      return world.priorities.map((each) => renderNamed(call, 'priority', each));
    case 'resolution':
      return world.resolutions.map((each) => renderNamed(call, 'resolution', each));
    case 'security':
      return world.securityLevels.map((each) => renderNamed(call, 'securitylevel', each));
    case 'components':
      return project.components.map((each) => renderNamed(call, 'component', each));
    case 'select':
      return (field.options ?? []).map((each) => ({
        self: `${call.sim.baseUrl}/rest/api/3/customFieldOption/${each.id}`,
        value: each.name,
        id: each.id,
      }));
    case 'project':
      return [renderProject(call, project)];
    case 'issuetype':
      return type === undefined ? undefined : [renderIssueType(call, type)];
    default:
      return undefined;
  }
}
