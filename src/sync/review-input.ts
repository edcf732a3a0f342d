import { isActive, localDate, personById } from '../domain/index.js';
import { Failure } from '../kit/index.js';
import { addInputReview, appendJournal, type InputReview, inputsByCategory } from '../store/index.js';
import { suggestion } from '../yaml/index.js';
import type { World } from './world.js';

/**
 * Notes that a person has reviewed what an approved input brought over these days, and found no opportunity beyond what is in the register. Fails with
 * `config`, saying what to do, for a category that the policy does not approve, a person whom the directory does not know or who has left, days in the
 * future or in the wrong order, and an empty note.
 */
export async function reviewInput(world: World, given: Omit<InputReview, 'at'>): Promise<InputReview & { readonly records: number }> {
  const { policy, directory, settings } = world.config;
  const at = world.clock();
  const today = localDate(at, settings.organisation.timeZone);
  const refuse = (message: string, hint: string): never => {
    throw new Failure('config', message, { hint });
  };
  const known = policy.categories.map(({ id }) => id);
  if (!known.includes(given.category))
    refuse(`there is no input "${given.category}"${suggestion(given.category, known)}`, `approved inputs: ${known.join(', ')}`);
  const person = personById(directory, given.by);
  const people = directory.people.map(({ id }) => id);
  if (person === undefined)
    refuse(
      `the directory knows no person "${given.by}"${suggestion(given.by, people)}`,
      `a review is a named person's: ${people.join(', ')}`,
    );
  else if (!isActive(person, today)) refuse(`${person.name} has left`, 'let somebody review it who is with the organisation');
  if (given.from > given.to) refuse(`the review ends (${given.to}) before it begins (${given.from})`, 'give the first day as --from');
  if (given.to > today) refuse(`${given.to} is in the future`, `what has not happened cannot be reviewed; today is ${today}`);
  if (given.note.trim() === '') refuse('the note is empty', 'say what was looked at and what was found');
  const review = { ...given, at };
  await world.store.tx(async (t) => {
    await addInputReview(t, review);
    await appendJournal(t, [
      {
        at,
        actor: given.by,
        kind: 'input-reviewed',
        subject: `input ${given.category}`,
        because: given.note,
        body: { category: given.category, from: given.from, to: given.to },
      },
    ]);
  });
  const counted = await inputsByCategory(world.store.read, { from: `${given.from}T00:00:00.000Z`, to: `${given.to}T23:59:59.999Z` });
  return { ...review, records: counted.find(({ category }) => category === given.category)?.records ?? 0 };
}
