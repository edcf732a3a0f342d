import type { Json, JsonObject } from 'golden-thread/kit';
import type { OscalPart, Resolve } from './oscal-refs.js';
import { listOf, objectOf, present, propsOf, textOf } from './oscal-values.js';

interface Surroundings {
  /** The result (or plan) in which the object stands. */
  readonly part: OscalPart;
  readonly resolve: Resolve;
}

/** What of an object's references could be followed. */
interface Related {
  readonly observations: readonly JsonObject[];
  readonly risks: readonly JsonObject[];
  readonly dangling: readonly string[];
}

/** Grades of NIST and FedRAMP, worst first. */
const grades = ['critical', 'very-high', 'high', 'moderate', 'medium', 'low', 'very-low', 'info', 'none'];
/** A risk in one of these states needs nothing more. */
const settled = ['closed', 'remediated', 'deviation-approved', 'false-positive'];

/** One object of an OSCAL document (1.1) in the flat shape that mappings read; the README lists the fields. Absent is what the document does not say. */
export function flatten(kind: string, object: JsonObject, around: Surroundings): JsonObject {
  const related = relatedOf(object, around);
  const common = {
    uuid: textOf(object['uuid'])?.toLowerCase(),
    title: textOf(object['title']) ?? textOf(object['description'])?.slice(0, 200),
    description: textOf(object['description']),
    remarks: textOf(object['remarks']),
    props: propsOf(object['props']),
    result: resultOf(around.part),
    dangling: related.dangling,
  };
  if (kind === 'observations') return present({ ...common, ...observationOf(object), components: componentsOf([object], around) });
  const observations = related.observations.map((one) => present({ uuid: one['uuid'], title: one['title'], ...observationOf(one) }));
  const shared = {
    ...common,
    observations,
    components: componentsOf(related.observations, around),
    collected: earliest(related.observations, 'collected'),
  };
  if (kind === 'risks') return present({ ...shared, ...riskOf(object) });
  const risks = related.risks.map((one) => present({ uuid: one['uuid'], title: one['title'], ...riskOf(one) }));
  return present({
    ...shared,
    risks,
    severity: worst(risks.map((risk) => textOf(risk['severity']))),
    deadline: earliest(related.risks, 'deadline'),
    ...(kind === 'findings' ? findingOf(object) : itemOf(object, related.risks)),
  });
}

function findingOf(finding: JsonObject) {
  const target = objectOf(finding['target']);
  const status = objectOf(target?.['status']);
  return { state: textOf(status?.['state']), reason: textOf(status?.['reason']), target: textOf(target?.['target-id']) };
}

/** An item has no status of its own: it is open until all of its risks are settled. */
function itemOf(item: JsonObject, risks: readonly JsonObject[]) {
  const isOpen = risks.length === 0 || risks.some((risk) => !settled.includes(textOf(risk['status']) ?? ''));
  return { number: textOf(propsOf(item['props'])['POAM-ID']), status: isOpen ? 'open' : 'closed' };
}

function riskOf(risk: JsonObject) {
  const facets = listOf(risk['characterizations']).flatMap((one) => listOf(one['facets']));
  const value = (...names: readonly string[]): string | undefined =>
    worst(facets.filter((facet) => names.includes(textOf(facet['name']) ?? '')).map((facet) => textOf(facet['value'])));
  return {
    statement: textOf(risk['statement']),
    status: textOf(risk['status']),
    deadline: textOf(risk['deadline']),
    likelihood: value('likelihood'),
    impact: value('impact'),
    severity: value('severity', 'risk', 'iavm-severity') ?? value('impact'),
    remediations: listOf(risk['remediations']).map((one) =>
      present({ uuid: one['uuid'], title: one['title'], lifecycle: one['lifecycle'], type: textOf(propsOf(one['props'])['type']) }),
    ),
  };
}

function observationOf(observation: JsonObject) {
  const { methods, types, collected, expires } = observation;
  return { methods, types, collected, expires };
}

function resultOf(part: OscalPart): Json | undefined {
  const { uuid, title, start, end } = part;
  return textOf(start) === undefined ? undefined : present({ uuid, title, start, end });
}

function relatedOf(object: JsonObject, { part, resolve }: Surroundings): Related {
  const dangling: string[] = [];
  const follow = (kind: string, list: string, name: string): readonly JsonObject[] =>
    listOf(object[list]).flatMap((reference) => {
      const uuid = textOf(reference[name]);
      const found = uuid === undefined ? undefined : resolve(kind, uuid, part);
      if (found === undefined) dangling.push(`${name} ${uuid ?? 'missing'}`);
      return found === undefined ? [] : [found];
    });
  const observations = follow('observations', 'related-observations', 'observation-uuid');
  // OSCAL 1.0 named it associated-risks.
  const risks = [...follow('risks', 'related-risks', 'risk-uuid'), ...follow('risks', 'associated-risks', 'risk-uuid')];
  const findings = follow('findings', 'related-findings', 'finding-uuid');
  return {
    observations: unique([...observations, ...observationsOf(risks, part, resolve), ...observationsOf(findings, part, resolve)]),
    risks,
    dangling,
  };
}

/** What a risk rests on is what the finding rests on too. */
function observationsOf(risks: readonly JsonObject[], part: OscalPart, resolve: Resolve): readonly JsonObject[] {
  return risks
    .flatMap((risk) => listOf(risk['related-observations']))
    .map((reference) => resolve('observations', textOf(reference['observation-uuid']) ?? '', part))
    .filter((found) => found !== undefined);
}

/** The components that observations looked at, by name where the document defines them. */
function componentsOf(observations: readonly JsonObject[], { part, resolve }: Surroundings): readonly JsonObject[] {
  const found = new Map<string, JsonObject>();
  for (const subject of observations.flatMap((one) => listOf(one['subjects']))) {
    const uuid = textOf(subject['subject-uuid'])?.toLowerCase();
    if (uuid === undefined || !['component', 'inventory-item'].includes(textOf(subject['type']) ?? '')) continue;
    const defined = resolve('components', uuid, part);
    found.set(uuid, present({ uuid, title: textOf(defined?.['title']) ?? textOf(subject['title']) }));
  }
  return [...found.values()];
}

function unique(objects: readonly JsonObject[]): readonly JsonObject[] {
  return [...new Set(objects)];
}

function worst(values: readonly (string | undefined)[]): string | undefined {
  const named = values.filter((value) => value !== undefined);
  return grades.find((grade) => named.some((value) => value.toLowerCase() === grade)) ?? named[0];
}

function earliest(objects: readonly JsonObject[], field: string): string | undefined {
  const dates = objects.map((one) => textOf(one[field])).filter((date) => date !== undefined && !Number.isNaN(Date.parse(date)));
  return dates.toSorted((one, other) => Date.parse(one ?? '') - Date.parse(other ?? ''))[0];
}
