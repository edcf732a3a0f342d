import { Failure } from 'golden-thread/kit';

/**
 * A refusal of a write with the name of what refused it, as far as the instance's text tells: `Data Policy Exception: The following fields are mandatory: …`,
 * `… was aborted by Business Rule '…'`, `ACL Exception …`. Only the words depend on that text, never what happens next.
 */
export function named(failure: Failure): Failure {
  if (failure.kind !== 'record') return failure;
  const { message, details } = failure;
  const mandatory = /following fields are mandatory: ([^"]+?)(?:\.|$)/i.exec(message)?.[1];
  if (mandatory !== undefined)
    return again(failure, `a data policy of the instance asks for ${mandatory}`, `fill ${mandatory} in the push mapping`);
  const rule = /aborted by Business Rule '([^']+)'/i.exec(message)?.[1];
  if (rule !== undefined)
    return again(
      failure,
      `the business rule "${rule}" of the instance refused it`,
      'ask who looks after that rule what it wants, or take the field out of the push mapping',
    );
  if (/ACL Exception/i.test(message))
    return again(failure, 'an access rule of the instance refused it', 'give the writing account the role that may do this');
  return new Failure('record', message, details);
}

function again(failure: Failure, what: string, hint: string): Failure {
  return new Failure(failure.kind, `${what} (${failure.message})`, { ...failure.details, hint });
}
