import { type Gap, gapsOf, type Improvement } from '../domain/index.js';
import { inputsById, inputsByIdAsOf, unknownInputs } from '../store/index.js';
import { gapContextOf, type ReportContext } from './context.js';

/**
 * The gaps of each of these improvements, in their order: the same as their threads show. That triggers exist is looked up for all of them at once; the
 * triggers themselves are read only where one is missing.
 */
export async function gapsOfEach(context: ReportContext, improvements: readonly Improvement[]): Promise<readonly (readonly Gap[])[]> {
  const { db, asOf } = context;
  const gapContext = gapContextOf(context);
  const unknown = await unknownInputs(
    db,
    improvements.flatMap(({ triggers }) => triggers),
    asOf,
  );
  return await Promise.all(
    improvements.map(async (improvement) => {
      if (!improvement.triggers.some((id) => unknown.has(id))) return gapsOf(improvement, gapContext);
      const ids = improvement.triggers;
      return gapsOf(improvement, gapContext, asOf === undefined ? await inputsById(db, ids) : await inputsByIdAsOf(db, ids, asOf));
    }),
  );
}
