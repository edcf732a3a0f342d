import { savePage as realSavePage } from '../../../src/store/index.js';

export * from '../../../src/store/index.js';

/** The other half of it: the page is stored where the cursor stands behind it already. */
export const savePage: typeof realSavePage = (t, page) => realSavePage(t, { ...page, from: page.cursor });
