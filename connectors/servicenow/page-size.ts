import { Failure, isFailure } from 'golden-thread/kit';
import { wasTooSlow } from './meaning.js';
import type { RawPage } from './table.js';

/** A page is not asked for in fewer rows than this; if ten take longer than the instance allows, the table needs an index. */
const smallestPage = 10;
/** After so many pages in a row that came, a reduced size is doubled again. */
const pagesUntilLarger = 10;
/** Half of the 60 s after which an instance cancels a request: a page that took longer is a warning. */
const slowMs = 30_000;

/** How many rows one instance delivers of one table at once; learnt from its answers. */
export interface PageSize {
  /**
   * Asks for at most `most` rows. What the instance cancels after 60 s is asked for again at half the size; a size that came is kept for the pages
   * that follow, and doubled after ten of them. Answers the page and the limit that it was asked with.
   */
  fit<T>(most: number, ask: (limit: number) => Promise<RawPage<T>>): Promise<{ readonly page: RawPage<T>; readonly limit: number }>;
}

/** A page size that starts at its `largest`. */
export function pageSizeOf(largest: number): PageSize {
  let size = largest;
  let came = 0;

  const shrink = (): void => {
    size = Math.max(smallestPage, Math.floor(size / 2));
    came = 0;
  };
  const noteCame = (tookMs: number, limit: number): void => {
    if (tookMs > slowMs && limit > smallestPage) {
      size = Math.min(size, limit);
      shrink();
      return;
    }
    came += 1;
    if (came < pagesUntilLarger || size >= largest) return;
    size = Math.min(largest, size * 2);
    came = 0;
  };

  return {
    async fit(most, ask) {
      for (;;) {
        const limit = Math.min(most, size);
        try {
          const page = await ask(limit);
          noteCame(page.tookMs ?? 0, limit);
          return { page, limit };
        } catch (error) {
          if (!isFailure(error)) throw error;
          if (!wasTooSlow(error)) {
            // A cut answer is often no JSON at all: then the next attempt, which core schedules, asks for less.
            if (error.kind === 'transient' && error.details.status === 200) shrink();
            throw error;
          }
          size = Math.min(size, limit);
          shrink();
          if (limit > smallestPage) continue;
          throw new Failure('transient', error.message, {
            ...error.details,
            hint: `not even ${limit} rows come within the instance's time limit; ask for an index on sys_updated_on, or narrow the stream by a filter`,
          });
        }
      }
    },
  };
}
