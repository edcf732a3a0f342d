import { isFailure, withDetails } from 'golden-thread/kit';

/** Work before the request that changes something: when it fails, nothing was carried out. */
export async function beforeWriting<T>(work: Promise<T>): Promise<T> {
  return marked(work, 'no');
}

/** Work after it, such as reading back: when it fails, the write itself may well stand. */
export async function afterWriting<T>(work: Promise<T>): Promise<T> {
  return marked(work, 'maybe');
}

async function marked<T>(work: Promise<T>, committed: 'no' | 'maybe'): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw isFailure(error) && error.details.committed === undefined ? withDetails(error, { committed }) : error;
  }
}
