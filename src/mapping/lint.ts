import type { FieldInfo, SinkField } from '../kit/index.js';
import { finding, type Finding } from './finding.js';
import { everyNode } from './formula/index.js';
import { lintReads } from './lint-reads.js';
import { lintRoundTrips } from './lint-round-trip.js';
import { lintChoices, lintTables } from './lint-tables.js';
import { lintWrites } from './lint-writes.js';
import type { Mapping } from './mapping.js';

/** What the systems have: undefined where a system cannot be asked, so that its mappings stay unchecked, and lint says so. */
export interface LintAgainst {
  /** Fields of a stream, by `from:` (`servicenow.incident`). */
  readonly fieldsOf: (from: string) => Promise<readonly FieldInfo[] | undefined>;
  /** Fields that can be written, by a push mapping's `to:` (`jira.issue`). */
  readonly sinkFieldsOf?: (to: string) => Promise<readonly SinkField[] | undefined>;
}

/** Checks loaded mappings against the systems' own field lists: a field that does not exist silently gives nothing, so each one must be found there. */
export async function lintMappings(mappings: readonly Mapping[], against: LintAgainst): Promise<readonly Finding[]> {
  const findings: Finding[] = [...lintRoundTrips(mappings)];
  for (const mapping of mappings) {
    findings.push(...lintTables(mapping), ...lintWhen(mapping));
    if (mapping.kind === 'push') {
      const known = await against.sinkFieldsOf?.(mapping.to);
      if (known !== undefined) findings.push(...lintWrites(mapping, known));
      continue;
    }
    const known = await against.fieldsOf(mapping.from);
    if (known !== undefined) findings.push(...lintReads(mapping, known), ...lintChoices(mapping, known));
    else
      findings.push(
        finding(
          mapping,
          'warning',
          ['from'],
          `the fields of ${mapping.from} are not known, so that nothing was checked`,
          'configure the system, or add a field list (*.fields.yaml)',
        ),
      );
  }
  return findings;
}

/** `a != "x"` is false for a record without `a`, which then is dropped: rarely what is meant. */
function lintWhen(mapping: Mapping): readonly Finding[] {
  const { when, source } = mapping.parts;
  if (when === undefined) return [];
  return [...everyNode(when.node)].flatMap((node) => {
    if (node.is !== 'binary' || node.operator !== '!=') return [];
    const hint = 'write $not(field = "value"), which is true for such a record';
    return [
      finding(
        mapping,
        'warning',
        ['when'],
        'when: != is false for a record that lacks the field, so that the record is dropped',
        hint,
        source.placeIn(['when'], node.at + 1),
      ),
    ];
  });
}
